import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { connectCluster } from '../../src/services/kubernetes/api/client.ts'
import type { ClusterClient } from '../../src/services/kubernetes/api/types.ts'

/** One expected request: its answer, or what goes wrong instead. An unexpected request fails the test. */
export type Expectation = {
  readonly method?: string
  readonly path: RegExp
  readonly times?: number
  readonly answer: (request: Seen, response: ServerResponse) => void
}
export type Seen = {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly body: string
}

export type ApiServer = {
  readonly client: ClusterClient
  readonly seen: Seen[]
  readonly unexpected: string[]
  expect(...expectations: Expectation[]): void
  /** Expectations that nobody asked for. */
  unused(): string[]
  stop(): Promise<void>
}

/** A strict HTTP server on loopback that plays what the test queues, for faults that a whole API server does not make. */
export async function startApiServer(): Promise<ApiServer> {
  const queue: { expectation: Expectation; left: number }[] = []
  const seen: Seen[] = []
  const unexpected: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://api')
      const body = Buffer.concat(chunks).toString()
      const one = { method: request.method ?? '', url, headers: request.headers, rawHeaders: request.rawHeaders, body }
      seen.push(one)
      const found = queue.find(
        ({ expectation, left }) =>
          left > 0 && (expectation.method ?? 'GET') === one.method && expectation.path.test(url.pathname + url.search),
      )
      if (found === undefined) {
        unexpected.push(`${one.method} ${request.url}`)
        response.writeHead(501).end()
        return
      }
      found.left -= 1
      found.expectation.answer(one, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const kubeconfigFile = join(tmpdir(), `rescue-test-${process.pid}-${port}.kubeconfig`)
  writeFileSync(kubeconfigFile, kubeconfig(port))
  const client = connectCluster({ impersonate: false }, { kubeconfigFile, log: pino({ level: 'silent' }) })
  return {
    client,
    seen,
    unexpected,
    expect: (...expectations) => {
      for (const expectation of expectations) queue.push({ expectation, left: expectation.times ?? 1 })
    },
    unused: () => queue.filter(({ left }) => left > 0).map(({ expectation }) => String(expectation.path)),
    stop: async () => {
      if (!server.listening) return
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await client.close()
    },
  }
}

function kubeconfig(port: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'bot', user: { token: 'bot-token' } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'bot' } }],
    'current-context': 'test',
  })
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (_request: Seen, response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }

export const status = (code: number, reason: string, message: string, details: unknown = {}) =>
  json(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, details, code })

export const reset = (_request: Seen, response: ServerResponse): void => {
  response.socket?.resetAndDestroy()
}

/** Accepts the request and never says anything: a half-open connection. */
export const silence = (): void => {}

/** Headers and some lines, and then nothing more; `end` ends it. */
export const lines =
  (events: readonly unknown[], end: boolean) =>
  (_request: Seen, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    for (const event of events) response.write(`${JSON.stringify(event)}\n`)
    if (end) response.end()
  }

/** Polls until it is so; fails with what was waited for. */
export async function eventually(what: string, isSo: () => boolean, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`not so within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
