import { readFileSync } from 'node:fs'
import { Agent, fetch } from 'undici'
import { parse } from 'yaml'

export type Answer = {
  readonly status: number
  readonly body: unknown
  readonly text: string
  readonly headers: { get(name: string): string | null }
}

export type CallOptions = {
  readonly method?: string
  readonly body?: unknown
  readonly type?: string
  readonly accept?: string
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A plain HTTP client of an API server, without any knowledge of Kubernetes. */
export type Client = {
  call(path: string, options?: CallOptions): Promise<Answer>
  /** The objects that a watch brings, line by line, until it ends or the signal says so. */
  watch(path: string, signal: AbortSignal): AsyncGenerator<{ type: string; object: Record<string, unknown> }>
  close(): Promise<void>
}

type Kubeconfig = { clusters: { cluster: { server: string } }[]; users: { user: { token: string } }[] }

export function clientOf(kubeconfig: string): Client {
  const config: Kubeconfig = parse(readFileSync(kubeconfig, 'utf8'))
  const base = config.clusters[0]?.cluster.server ?? ''
  const own = config.users[0]?.user.token ?? ''
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false }, bodyTimeout: 0 })
  const ask = (
    path: string,
    {
      method = 'GET',
      body,
      type = 'application/json',
      accept = 'application/json',
      token = own,
      headers = {},
    }: CallOptions,
    signal?: AbortSignal,
  ) =>
    fetch(`${base}${path}`, {
      method,
      dispatcher,
      ...(signal === undefined ? {} : { signal }),
      headers: {
        authorization: `Bearer ${token}`,
        accept,
        'user-agent': 'scenario/1',
        ...(body === undefined ? {} : { 'content-type': type }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  return {
    call: async (path, options = {}) => {
      const answer = await ask(path, options)
      const text = await answer.text()
      return { status: answer.status, text, body: jsonOf(text), headers: answer.headers }
    },
    watch: async function* (path, signal) {
      const answer = await ask(path, {}, signal)
      let rest = ''
      for await (const part of answer.body ?? []) {
        const lines = `${rest}${Buffer.from(part).toString('utf8')}`.split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) yield JSON.parse(line)
      }
    },
    close: () => dispatcher.destroy(),
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Asks again until it holds. @throws Error after the deadline, with what was seen last */
export async function until<T>(
  what: string,
  read: () => Promise<T> | T,
  holds: (value: T) => boolean,
  deadlineMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + deadlineMs
  for (;;) {
    const value = await read()
    if (holds(value)) return value
    if (Date.now() > deadline)
      throw new Error(`never happened: ${what}; last seen: ${JSON.stringify(value)?.slice(0, 2000)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
