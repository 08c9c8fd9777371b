import { type Dispatcher, request } from 'undici'
import type { ClusterAccess } from './access.ts'
import { type Asked, errorFromStatus, errorFromTransport, KubernetesError } from './errors.ts'
import { describePath, verbOf } from './paths.ts'

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export type Exchange = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Query | undefined
  readonly body?: unknown
  readonly contentType?: string | undefined
  readonly accept?: string | undefined
  readonly headers?: Readonly<Record<string, string | string[]>> | undefined
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal?: AbortSignal | undefined
}

/** One request and its whole answer as text, within its time and size limits. @throws KubernetesError */
export async function exchange(access: ClusterAccess, wanted: Exchange): Promise<string> {
  const asked = askedOf(wanted, false)
  const limit = AbortSignal.timeout(wanted.timeoutMs)
  const signal = wanted.signal === undefined ? limit : AbortSignal.any([limit, wanted.signal])
  try {
    const answer = await send(access, wanted, signal, {
      bodyTimeout: wanted.timeoutMs,
      headersTimeout: wanted.timeoutMs,
    })
    const text = await readText(answer.body, wanted.maxBytes, asked)
    if (answer.statusCode >= 300) throw refusal(access, asked, answer, text)
    return text
  } catch (error) {
    wanted.signal?.throwIfAborted()
    if (error instanceof KubernetesError) throw error
    throw errorFromTransport(asked, limit.aborted ? limit.reason : error, wanted.timeoutMs)
  }
}

/** Opens an endless answer, such as a watch; the caller reads the body. @throws KubernetesError */
export async function openStream(
  access: ClusterAccess,
  wanted: Omit<Exchange, 'maxBytes'> & { readonly idleMs: number },
): Promise<Dispatcher.ResponseData['body']> {
  const asked = askedOf(wanted, true)
  try {
    const answer = await send(access, wanted, wanted.signal, {
      headersTimeout: wanted.timeoutMs,
      bodyTimeout: wanted.idleMs,
    })
    if (answer.statusCode < 300) return answer.body
    throw refusal(access, asked, answer, await readText(answer.body, 1_000_000, asked))
  } catch (error) {
    wanted.signal?.throwIfAborted()
    if (error instanceof KubernetesError) throw error
    throw errorFromTransport(asked, error, wanted.timeoutMs)
  }
}

async function send(
  access: ClusterAccess,
  wanted: Omit<Exchange, 'maxBytes'>,
  signal: AbortSignal | undefined,
  timeouts: { readonly bodyTimeout: number; readonly headersTimeout: number },
): Promise<Dispatcher.ResponseData> {
  const [dispatcher, credentials] = await Promise.all([access.dispatcher(), access.headers()])
  return request(urlOf(access.server, wanted.path, wanted.query), {
    method: wanted.method,
    dispatcher,
    signal: signal ?? null,
    ...timeouts,
    headers: {
      accept: wanted.accept ?? 'application/json',
      'user-agent': 'rescue',
      ...credentials,
      ...wanted.headers,
      ...(wanted.body === undefined ? {} : { 'content-type': wanted.contentType ?? 'application/json' }),
    },
    body: wanted.body === undefined ? null : JSON.stringify(wanted.body),
  })
}

export function urlOf(server: string, path: string, query: Query = {}): string {
  const given = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) given.set(key, String(value))
  return given.size === 0 ? server + path : `${server}${path}?${given}`
}

export function askedOf(wanted: { readonly method: string; readonly path: string }, watching: boolean): Asked {
  const { resource, named } = describePath(wanted.path)
  return { verb: verbOf(wanted.method, named, watching), resource, path: wanted.path }
}

function refusal(access: ClusterAccess, asked: Asked, answer: Dispatcher.ResponseData, text: string): KubernetesError {
  if (answer.statusCode === 401) access.forget()
  const retryAfter = answer.headers['retry-after']
  return errorFromStatus(
    asked,
    answer.statusCode,
    parseOrUndefined(text),
    Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
  )
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function readText(body: Dispatcher.ResponseData['body'], maxBytes: number, asked: Asked): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
    size += bytes.length
    if (size > maxBytes) {
      body.destroy()
      throw new KubernetesError({
        ...asked,
        status: 0,
        reason: 'answer_too_large',
        message: `the answer is larger than ${maxBytes} bytes`,
      })
    }
    chunks.push(bytes)
  }
  return Buffer.concat(chunks, size).toString('utf8')
}
