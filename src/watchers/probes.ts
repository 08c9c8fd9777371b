import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { registry } from '../metrics.ts'

export type Probes = { readonly port: number; stop(): Promise<void> }

export type ProbeChecks = {
  /** Undefined when ready, else the reason. */
  ready(): Promise<string | undefined>
  /** Brings the gauges up to date before they are read. */
  refresh(): Promise<void>
}

/**
 * `/healthz` (the process answers), `/readyz` (the store answers and the Slack connection is up or not configured),
 * `/metrics` (Prometheus).
 */
export async function startProbes(port: number, checks: ProbeChecks, host = '0.0.0.0'): Promise<Probes> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: string, type = 'text/plain; charset=utf-8') =>
      response.writeHead(status, { 'content-type': type }).end(body)
    const path = new URL(request.url ?? '/', 'http://probes').pathname
    if (path === '/healthz') answer(200, 'ok\n')
    else if (path === '/readyz')
      checks.ready().then(
        (reason) => (reason === undefined ? answer(200, 'ready\n') : answer(503, `${reason}\n`)),
        () => answer(503, 'the store does not answer\n'),
      )
    else if (path === '/metrics')
      checks
        .refresh()
        .catch(() => undefined)
        .then(() => registry.metrics())
        .then((text) => answer(200, text, registry.contentType))
        .catch(() => answer(500, 'no metrics\n'))
    else answer(404, 'not found\n')
  })
  server.listen(port, host)
  await once(server, 'listening')
  return { port: portOf(server), stop: () => close(server) }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
