import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer, Call } from './answers.ts'
import type { FaultAnswer } from './faults.ts'

const bodyLimit = 2 * 1024 * 1024

/** What the server does with a call: the answer, or how the connection goes wrong. */
export type Reply = Answer | { readonly broken: 'reset' | 'hang' }

/** Starts a loopback server that gives every request to one function. */
export async function listen(port: number, answer: (call: Call) => Reply) {
  const server = createServer((request, response) => {
    void serve(request, response, answer).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${actual}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function serve(request: IncomingMessage, response: ServerResponse, answer: (call: Call) => Reply) {
  if (!local(request.headers.host) || !local(request.headers.origin?.replace(/^https?:\/\//, ''))) {
    response.writeHead(403).end()
    return
  }
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const call = {
    method: request.method ?? 'GET',
    path: url.pathname.replace(/(.)\/$/, '$1'),
    query: url.searchParams,
    headers,
    body: await bodyOf(request),
  }
  const reply = answer(call)
  if ('broken' in reply) {
    if (reply.broken === 'reset') request.socket.resetAndDestroy()
    return
  }
  const html = typeof reply.body === 'string'
  response.writeHead(reply.status, {
    'content-type': html ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...reply.headers,
  })
  response.end(html ? reply.body : JSON.stringify(reply.body))
}

/** Pages of other sites, and names that point here by a trick, get nothing. */
const local = (host: string | undefined) => host === undefined || /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    size += part.length
    if (size <= bodyLimit) chunks.push(part)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** What a fault makes of a request; `usual` is run only where the fault lets the request through. */
export function spoiled(fault: FaultAnswer, usual: (discard: boolean) => Answer): Reply {
  if (fault === 'reset' || fault === 'hang') return { broken: fault }
  if (fault === 'accepted-not-paged') return usual(true)
  if (fault === 'accepted-then-reset') {
    usual(false)
    return { broken: 'reset' }
  }
  const body = fault.body ?? { error: { message: 'Fault of the sandbox', code: fault.status } }
  const after: Record<string, string> =
    fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }
  return { status: fault.status, body, headers: { ...after, ...fault.headers } }
}
