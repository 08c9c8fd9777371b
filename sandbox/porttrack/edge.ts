import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sendJson, sendText } from '../http/answers.ts'
import { type Answerer, type EdgeWorld, followServices } from './edge-world.ts'

export type Edge = { readonly url: string; stop(): Promise<void> }

/**
 * Plays the ingress: `GET /NAMESPACE/SERVICE/PATH` answers 200 when the Service has a ready endpoint, 503 with a reason when it has
 * none, 404 for a Service that is not there. Prometheus and Grafana answer at their own health addresses.
 * @param port 0 or absent: any free one
 * @throws when the port is taken
 */
export async function startEdge({ kubeconfig, port = 0 }: { readonly kubeconfig: string; readonly port?: number }): Promise<Edge> {
  const world = await followServices(kubeconfig)
  const server = createServer((request, response) => answer(world, request, response))
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
  } catch (error) {
    await world.stop()
    throw error
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await Promise.all([closed, world.stop()])
    },
  }
}

function answer(world: EdgeWorld, request: IncomingMessage, response: ServerResponse): void {
  const path = URL.parse(request.url ?? '/', 'http://127.0.0.1')?.pathname ?? '/'
  const [, namespace = '', service = '', ...rest] = path.split('/')
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return sendJson(response, { error: 'method_not_allowed', allowed: ['GET', 'HEAD'] }, 405)
  if (namespace === '' || service === '')
    return sendJson(response, { error: 'not_found', hint: '/NAMESPACE/SERVICE/PATH' }, 404)
  const who = world.answerer(namespace, service)
  if (who.kind === 'none') {
    const status = who.reason === 'no_such_service' ? 404 : 503
    return sendJson(response, { error: who.reason, service: `${namespace}/${service}`, endpoints: who.known }, status)
  }
  serve(who, `/${rest.join('/')}`, response)
}

/** What the program behind the Service says. */
function serve(who: Extract<Answerer, { kind: 'pod' }>, path: string, response: ServerResponse): void {
  if (who.app.includes('prometheus') && (path === '/-/healthy' || path === '/-/ready'))
    return sendText(response, `Prometheus Server is ${path === '/-/healthy' ? 'Healthy' : 'Ready'}.\n`, 'text/plain; charset=utf-8')
  if (who.app.includes('grafana') && path === '/api/health')
    return sendJson(response, { database: 'ok', version: who.version, commit: 'sandbox' })
  sendJson(response, { app: who.app, version: who.version, pod: who.pod, path })
}
