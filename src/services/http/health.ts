import { request } from 'undici'
import type { HealthCheck } from '../../catalog/schema.ts'

/** What a health check found; `reason` is undefined when it passed. */
export type HealthResult = {
  readonly name: string
  readonly ok: boolean
  readonly status: number | undefined
  readonly ms: number
  /** unexpected_status, text_missing, timeout, refused, no_such_host, tls, connection, too_large */
  readonly reason: string | undefined
}

const maxBytes = 1_000_000

/**
 * One GET within the check's time limit. Redirects are not followed: a health address that answers with a login page
 * elsewhere is not healthy. Never throws.
 */
export async function checkHealth(check: HealthCheck, signal?: AbortSignal): Promise<HealthResult> {
  const began = performance.now()
  const limit = AbortSignal.timeout(check.timeoutSeconds * 1000)
  const result = (found: Pick<HealthResult, 'ok' | 'status' | 'reason'>): HealthResult => ({
    name: check.name,
    ms: Math.round(performance.now() - began),
    ...found,
  })
  try {
    const answer = await request(check.url, {
      method: 'GET',
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      headers: { 'user-agent': 'rescue', accept: '*/*' },
      // A new connection each time: a kept one may lead to a pod that is gone.
      reset: true,
    })
    const status = answer.statusCode
    if (status !== check.expect || check.contains === undefined) {
      await answer.body.dump({ limit: 64_000 })
      return result({
        ok: status === check.expect,
        status,
        reason: status === check.expect ? undefined : 'unexpected_status',
      })
    }
    const text = await readUpTo(answer.body, maxBytes)
    if (text === undefined) return result({ ok: false, status, reason: 'too_large' })
    const found = text.includes(check.contains)
    return result({ ok: found, status, reason: found ? undefined : 'text_missing' })
  } catch (error) {
    return result({ ok: false, status: undefined, reason: limit.aborted ? 'timeout' : reasonOf(error) })
  }
}

async function readUpTo(body: AsyncIterable<Buffer>, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no_such_host'
  if (code.includes('TIMEOUT')) return 'timeout'
  if (code.includes('CERT') || code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code === 'EPROTO')
    return 'tls'
  return 'connection'
}
