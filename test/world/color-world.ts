import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { pino } from 'pino'
import { connectApi } from '../../sandbox/kubelet/api.ts'
import { catalogSchema } from '../../src/catalog/schema.ts'
import type { Services } from '../../src/operations/services.ts'
import { makeSwitchColor } from '../../src/operations/switch-color/definition.ts'
import type { Pace } from '../../src/operations/switch-color/pace.ts'
import type { SwitchParams, SwitchPlan } from '../../src/operations/switch-color/types.ts'
import type { Decision, Outcome, Run } from '../../src/operations/types.ts'
import { openClusters } from '../../src/services/kubernetes/api/clusters.ts'
import { type RawObject, textsAt } from '../../src/services/kubernetes/api/json.ts'
import { workloadPath } from '../../src/services/kubernetes/api/paths.ts'
import type { ClusterClient } from '../../src/services/kubernetes/api/types.ts'
import { readEndpoints } from '../../src/services/kubernetes/route/endpoints.ts'
import { ingressPath } from '../../src/services/kubernetes/route/ingress.ts'
import { servicePath } from '../../src/services/kubernetes/route/services.ts'
import { until } from './back-end.ts'
import type { RollbackWorld } from './rollback-world.ts'

/** An API server that is restarted, or slow on a busy machine, is given its time. */
export const colorPace: Pace = {
  pollMs: 100,
  awayMs: 30_000,
  endpointsMs: 30_000,
  failuresInARow: 3,
}

const colors = ['blue', 'green'] as const
type Color = (typeof colors)[number]
export const both: readonly Color[] = colors

/** An app of two colours in a namespace of its own, and a bot that may touch nothing else. */
export type ColoredApp = {
  readonly admin: ClusterClient
  readonly services: Services
  readonly namespace: string
  readonly routePath: string
  deploymentPath(color: string): string
  /** Colours whose pages answer 500, as the catalog's health check sees them through the Service. */
  readonly broken: Set<string>
  route(): Promise<RawObject>
  deployment(color: string): Promise<RawObject>
  /** Somebody else writes, under a name of their own. */
  writes(manager: string, path: string, body: unknown): Promise<void>
}

export type ColorOptions = {
  readonly namespace: string
  readonly route?: 'service' | 'ingress'
  readonly kubeconfig?: string
  readonly watchSeconds?: number
  readonly onEnd: (end: () => Promise<void>) => unknown
}

const routeNames = { service: 'web', ingress: 'shop' }

/** Both colours ready; people are sent to blue. */
export async function startColors(world: RollbackWorld, options: ColorOptions): Promise<ColoredApp> {
  const { namespace, route = 'service' } = options
  const admin = world.client
  await admin.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  const routePath =
    route === 'service' ? servicePath(namespace, routeNames.service) : ingressPath(namespace, routeNames.ingress)
  const broken = new Set<string>()
  const health = await startHealth(async () => !broken.has(await colorOf(admin, routePath)))
  options.onEnd(health.stop)
  const deploymentPath = (color: string) => workloadPath({ namespace, kind: 'deployment', name: `web-${color}` })
  const app: ColoredApp = {
    admin,
    services: servicesOf(world, options, health.url),
    namespace,
    routePath,
    deploymentPath,
    broken,
    route: () => admin.get(routePath),
    deployment: (color) => admin.get(deploymentPath(color)),
    writes: async (manager, path, body) => {
      const api = connectApi(world.kubeconfig, manager)
      await api.write({ method: 'PATCH', path, patch: 'merge', body }).finally(() => api.close())
    },
  }
  await Promise.all(colors.map((color) => admin.post(parentOf(deploymentPath(color)), deployment(color))))
  const objects = route === 'service' ? [service('web', 'blue')] : colors.map((color) => service(`web-${color}`, color))
  await Promise.all(objects.map((object) => admin.post(parentOf(servicePath(namespace, 'x')), object)))
  if (route === 'ingress') await admin.post(parentOf(routePath), ingress)
  const live = route === 'service' ? 'web' : 'web-blue'
  await until('both colours are ready', async () => {
    const ready = await Promise.all(colors.map(async (color) => readyOf(await app.deployment(color))))
    return ready.every((count) => count === 2) && (await readEndpoints(admin, namespace, live)).ready.length === 2
  })
  return app
}

const readyOf = (raw: RawObject): unknown => (raw['status'] as RawObject | undefined)?.['readyReplicas']
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))

/** The colour that people reach now. */
export async function colorOf(admin: ClusterClient, routePath: string): Promise<string> {
  const raw = await admin.get(routePath)
  const selected = textsAt(raw, 'spec', 'selector')['color']
  return selected ?? (JSON.stringify(raw['spec']).includes('web-green') ? 'green' : 'blue')
}

function deployment(color: Color): RawObject {
  const labels = { app: 'web', color }
  const container = {
    name: 'web',
    image: `web:${color === 'blue' ? '2.8.0' : '2.7.3'}`,
    ports: [{ name: 'http', containerPort: 3000 }],
    readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 1, failureThreshold: 1 },
  }
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } }
  const spec = { replicas: 2, selector: { matchLabels: labels }, template }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `web-${color}` }, spec }
}

function service(name: string, color: Color): RawObject {
  const ports = [{ name: 'http', port: 80, targetPort: 'http' }]
  const metadata = { name, labels: { color } }
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'web', color }, ports } }
}

const backend = (name: string) => ({ service: { name, port: { name: 'http' } } })
const path = (of: string, name: string) => ({ path: of, pathType: 'Prefix', backend: backend(name) })
const ingress: RawObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: routeNames.ingress },
  spec: {
    rules: [
      { host: 'docs.example', http: { paths: [path('/', 'docs')] } },
      { host: 'shop.example', http: { paths: [path('/api', 'web-blue'), path('/', 'web-blue')] } },
      { host: 'blue.example', http: { paths: [path('/', 'web-blue')] } },
    ],
  },
}

function servicesOf(world: RollbackWorld, options: ColorOptions, health: string): Services {
  const ways = {
    service: { service: routeNames.service },
    ingress: { ingress: { name: routeNames.ingress, host: 'shop.example', blue: 'web-blue', green: 'web-green' } },
  }
  const catalog = catalogSchema.parse({
    version: 1,
    people: { ana: { slack: 'U0ANA' } },
    channels: { operations: 'C0OPS' },
    clusters: { main: {} },
    apps: {
      shop: {
        cluster: 'main',
        namespace: options.namespace,
        colors: {
          ...ways[options.route ?? 'service'],
          blue: 'deployment/web-blue',
          green: 'deployment/web-green',
          watchSeconds: options.watchSeconds ?? 1,
        },
        health: [{ name: 'web', url: health }],
      },
    },
  })
  const log = pino({ level: 'silent' })
  const clusters = openClusters(catalog, options.kubeconfig ?? world.kubeconfig, log)
  options.onEnd(() => clusters.close())
  return { catalog, db: world.db, log, secret: async () => '', scratch: tmpdir(), cluster: clusters.get }
}

/** What people see at the app's address. */
async function startHealth(isWell: () => Promise<boolean>): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((_request, response) => {
    isWell().then(
      (well) => response.writeHead(well ? 200 : 500).end(),
      () => response.writeHead(503).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const operation = makeSwitchColor(colorPace)
const kept = <T>(value: T): T => JSON.parse(JSON.stringify(value ?? null))

/** Facts and plans are kept as JSON between the question and the act. */
export async function decide(app: ColoredApp, params: Partial<SwitchParams> = {}): Promise<Decision<SwitchPlan>> {
  const asked = { app: 'shop', ...params }
  return kept(operation.decide(asked, kept(await operation.readFacts(asked, app.services))))
}

export async function plan(app: ColoredApp, params: Partial<SwitchParams> = {}): Promise<SwitchPlan> {
  const decision = await decide(app, params)
  if (decision.kind !== 'proceed') throw new Error(`no plan: ${decision.kind} ${decision.reason}`)
  return decision.plan
}

export type Hooks = {
  readonly before?: (step: string) => Promise<void>
  readonly stopRequested?: () => boolean
}

/** Runs the runbook as the engine would: each result kept as JSON, steps in order. */
export async function execute(
  app: ColoredApp,
  seen: SwitchPlan,
  hooks: Hooks = {},
): Promise<{ outcome: Outcome; steps: readonly string[] }> {
  const steps: string[] = []
  const ana = { kind: 'person', name: 'ana' } as const
  const begin = async (name: string) => {
    steps.push(name)
    await hooks.before?.(name)
  }
  const run: Run<SwitchParams, SwitchPlan> = {
    id: 'R-0001',
    params: { app: 'shop' },
    plan: seen,
    actor: ana,
    confirmedBy: ana,
    services: app.services,
    step: async (name, body) => {
      await begin(name)
      return kept(await body(async () => undefined))
    },
    fenced: async (name, fence) => {
      await begin(name)
      return kept(await fence.act())
    },
    stopRequested: async () => hooks.stopRequested?.() ?? false,
  }
  return { outcome: await operation.execute(run), steps }
}
