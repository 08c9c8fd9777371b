import { sendJson } from '../../sandbox/http/answers.ts'
import { readJson } from '../../sandbox/http/bodies.ts'
import type { Server } from '../../sandbox/http/exchange.ts'

const pod = (name: string, state: string, more: object = {}) => ({
  name,
  state,
  node: 'node-a',
  restarts: 0,
  ready: state === 'Running',
  ...more,
})

const cluster = {
  apps: [
    {
      kind: 'Deployment',
      namespace: 'porttrack',
      name: 'porttrack-app',
      ready: 1,
      desired: 3,
      image: 'registry.example/porttrack/app:2.8.0',
      revision: '42',
      pods: [
        pod('porttrack-app-5d7c9f-x2kqp', 'Running'),
        pod('porttrack-app-7c9f5d-lm4rt', 'CrashLoopBackOff', { restarts: 4, node: 'node-b' }),
        pod('porttrack-app-7c9f5d-9zzvw', 'ContainerCreating', { node: 'node-c' }),
      ],
    },
    {
      kind: 'Deployment',
      namespace: 'porttrack-monitoring',
      name: 'porttrack-grafana',
      ready: 1,
      desired: 1,
      image: 'grafana/grafana:11.2.0',
      revision: '3',
      pods: [pod('porttrack-grafana-6b8d-abcde', 'Running')],
    },
  ],
  nodes: [
    { name: 'node-a', ready: true },
    { name: 'node-b', ready: true, cordoned: true },
    { name: 'node-c', ready: false },
  ],
}

const incident = (status: string) => ({
  id: 'Q1',
  number: 1,
  title: 'Rollback of porttrack-app failed: revision 41 does not become ready',
  status,
  severity: 'critical',
  createdAt: new Date(Date.now() - 180_000).toISOString(),
  acknowledgedBy: status === 'acknowledged' ? 'Luis Ortega' : null,
  pages: [
    {
      key: 'luis',
      name: 'Luis Ortega',
      at: new Date(Date.now() - 180_000).toISOString(),
      level: 1,
      reason: 'triggered',
    },
    { key: 'ana', name: 'Ana Ruiz', at: new Date(Date.now() - 60_000).toISOString(), level: 2, reason: 'escalated' },
  ],
  notes: [],
})

/** Panel data that a scenario of a test can read and change. */
export function mountPanelData(server: Server) {
  const state = { ran: [] as string[], status: 'triggered', asked: [] as unknown[] }
  server.mount('/panel/cluster', ({ response }) => sendJson(response, cluster))
  server.mount('/panel/paging', async ({ method, request, response }) => {
    if (method === 'POST') {
      const body = await readJson(request)
      if (body.ok) state.asked.push(body.value)
      state.status = 'acknowledged'
      return sendJson(response, { ok: true })
    }
    sendJson(response, {
      away: false,
      policy: 'PortTrack SRE',
      onCall: [
        { level: 1, key: 'luis', name: 'Luis Ortega', phone: '+57 300 555 0002' },
        { level: 2, key: 'ana', name: 'Ana Ruiz', phone: '+34 600 555 001' },
      ],
      incidents: [incident(state.status)],
    })
  })
  server.mount('/scenarios', ({ method, rest, response }) => {
    if (method === 'POST') {
      state.ran.push(rest)
      return sendJson(
        response,
        rest === 'broken' ? { ok: false, error: 'no' } : { ok: true },
        rest === 'broken' ? 500 : 200,
      )
    }
    sendJson(response, [
      {
        name: 'bad-release',
        group: 'release',
        title: { es: 'Romper una release', en: 'Break a release' },
        what: { es: 'Una imagen nueva que no arranca.', en: 'A new image that does not start.' },
      },
      {
        name: 'broken',
        group: 'outside',
        title: { es: 'Este falla', en: 'This one fails' },
        what: { es: 'El servidor no puede.', en: 'The server cannot do it.' },
      },
    ])
  })
  return state
}
