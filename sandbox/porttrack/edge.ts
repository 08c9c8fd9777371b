import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sendJson, sendText } from '../http/answers.ts'
import { type Answerer, type EdgeWorld, followServices } from './edge-world.ts'

export type Edge = { readonly url: string; stop(): Promise<void> }

/**
 * Plays the ingress: `GET /NAMESPACE/SERVICE/PATH` answers 200 when the Service has a ready endpoint, 503 with a reason when it has
 * none, 404 for a Service that is not there, 500 when the version behind it is one that answers errors. Prometheus and Grafana answer at their own health addresses.
 * @param port 0 or absent: any free one
 * @throws when the port is taken
 */
export async function startEdge({
  kubeconfig,
  port = 0,
}: {
  readonly kubeconfig: string
  readonly port?: number
}): Promise<Edge> {
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

type Reply = { readonly status: number; readonly body: object | string }

function answer(world: EdgeWorld, request: IncomingMessage, response: ServerResponse): void {
  const path = URL.parse(request.url ?? '/', 'http://127.0.0.1')?.pathname ?? '/'
  const reply = replyTo(world, request.method ?? 'GET', path)
  if (typeof reply.body === 'string') sendText(response, reply.body, 'text/plain; charset=utf-8', reply.status)
  else sendJson(response, reply.body, reply.status)
}

function replyTo(world: EdgeWorld, method: string, path: string): Reply {
  const [, namespace = '', service = '', ...rest] = path.split('/')
  const allowed = ['GET', 'HEAD']
  if (!allowed.includes(method)) return { status: 405, body: { error: 'method_not_allowed', value: method, allowed } }
  if (namespace === '' || service === '')
    return { status: 404, body: { error: 'not_found', hint: '/NAMESPACE/SERVICE/PATH' } }
  const who = world.answerer(namespace, service)
  if (who.kind === 'pod' && who.version.endsWith('-errors'))
    return { status: 500, body: { error: 'internal', app: who.app, version: who.version, pod: who.pod } }
  if (who.kind === 'pod') return { status: 200, body: saidBy(who, `/${rest.join('/')}`) }
  const body = { error: who.reason, service: `${namespace}/${service}`, endpoints: who.known }
  return { status: who.reason === 'no_such_service' ? 404 : 503, body }
}

/** What the program behind the Service says. */
function saidBy(who: Extract<Answerer, { kind: 'pod' }>, path: string): object | string {
  const { app, version, pod } = who
  if (app.includes('prometheus') && path === '/-/healthy') return 'Prometheus Server is Healthy.\n'
  if (app.includes('prometheus') && path === '/-/ready') return 'Prometheus Server is Ready.\n'
  if (app.includes('grafana') && path === '/api/health') return { database: 'ok', version, commit: 'sandbox' }
  return { app, version, pod, path }
}
