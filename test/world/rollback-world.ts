import { tmpdir } from 'node:os'
import { pino } from 'pino'
import { connectApi } from '../../sandbox/kubelet/api.ts'
import { type Catalog, catalogSchema } from '../../src/catalog/schema.ts'
import type { Pace } from '../../src/operations/rollback/pace.ts'
import type { Services } from '../../src/operations/services.ts'
import { openClusters } from '../../src/services/kubernetes/api/clusters.ts'
import { hasStatus } from '../../src/services/kubernetes/api/errors.ts'
import type { RawObject } from '../../src/services/kubernetes/api/json.ts'
import { type WorkloadKind, workloadPath } from '../../src/services/kubernetes/api/paths.ts'
import type { ClusterClient } from '../../src/services/kubernetes/api/types.ts'
import { livePods, readPods, troublesOf } from '../../src/services/kubernetes/pods/pods.ts'
import { rolloutStatus } from '../../src/services/kubernetes/workload/rollout-status.ts'
import type { Db } from '../../src/store/db.ts'
import { change, imageOf, read } from '../kubernetes/apps.ts'
import { quickPace } from '../kubernetes/scenario.ts'
import { startTestServer } from '../store/helpers/store.ts'
import { type BackEnd, type StartControlPlane, startBackEnd, until } from './back-end.ts'

/** A server that is restarted is away for some seconds. */
export const patientPace: Pace = { ...quickPace, pollMs: 200, awayMs: 30_000 }

const name = 'porttrack-app'
const apiKinds = { deployment: 'Deployment', statefulset: 'StatefulSet', daemonset: 'DaemonSet' }

export type RollbackWorld = BackEnd & { readonly db: Db }

/** One control plane with its nodes, and one store, for all cases of a file. */
export async function startRollbackWorld(start: StartControlPlane): Promise<RollbackWorld> {
  const server = await startTestServer()
  const backEnd = await startBackEnd(start)
  return {
    ...backEnd,
    db: await server.freshStore(),
    stop: async () => {
      await backEnd.stop()
      await server.stop()
    },
  }
}

/** One app in a namespace of its own, as somebody applied it, and a bot that may touch nothing else. */
export type App = {
  readonly admin: ClusterClient
  readonly services: Services
  readonly namespace: string
  readonly kind: WorkloadKind
  readonly path: string
  /** `kubectl set image` with its change-cause; more of the pod's template beside it. */
  release(tag: string, container?: RawObject): Promise<void>
  /** Somebody else writes, under a name of their own. */
  writes(manager: string, body: unknown): Promise<void>
  image(): Promise<string | undefined>
  uid(): Promise<string>
}

export type AppOptions = {
  readonly namespace: string
  /** Of the test: what to do when it is over. */
  readonly onEnd?: (end: () => Promise<void>) => void
  readonly kind?: WorkloadKind
  /** Merged into the spec of the workload. */
  readonly spec?: RawObject
  readonly kubeconfig?: string
  readonly impersonate?: boolean
  /** An HTTP check of the catalog. */
  readonly health?: string
}

/** The first release of an app, ready. */
export async function startApp(world: RollbackWorld, options: AppOptions): Promise<App> {
  const { namespace, kind = 'deployment' } = options
  const admin = world.client
  const namespaced = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }
  await admin.post('/api/v1/namespaces', namespaced)
  const services = servicesOf(world, options)
  const path = workloadPath({ namespace, kind, name })
  const app = { admin, services, namespace, kind, path }
  await createWorkload(app, options.spec)
  await settled(app)
  const end = async () => void (await admin.delete(path, { propagationPolicy: 'Background' }).catch(notThere))
  options.onEnd?.(end)
  return {
    ...app,
    release: (tag, container = {}) =>
      change(app, {
        metadata: { annotations: { 'kubernetes.io/change-cause': `release ${tag}` } },
        spec: { template: { spec: { containers: [{ name: 'app', image: `app:${tag}`, ...container }] } } },
      }),
    writes: async (manager, body) => {
      const api = connectApi(world.kubeconfig, manager)
      await api.write({ method: 'PATCH', path, patch: 'strategic', body }).finally(() => api.close())
    },
    image: async () => imageOf(await read(app)),
    uid: async () => (await read(app)).uid,
  }
}

function notThere(error: unknown): void {
  if (!hasStatus(error, 404)) throw error
}

/** An app whose newest release crashes. */
export async function brokenApp(world: RollbackWorld, options: AppOptions): Promise<App> {
  const app = await startApp(world, options)
  await app.release('2.8.0-crash')
  await failing(app, 'CrashLoopBackOff')
  return app
}

/** Until the newest release is everywhere. */
export async function settled(app: Pick<App, 'admin' | 'services'>): Promise<void> {
  await until('the rollout is done', async () => {
    const status = rolloutStatus(await read(app))
    return status.kind === 'done' && status.counts.desired > 0
  })
}

/** Until a pod shows this reason. */
export async function failing(app: App, reason: string): Promise<void> {
  await until(`a pod is in ${reason}`, async () => {
    const pods = await readPods(app.admin, await read(app))
    return troublesOf(pods).some((trouble) => trouble.reason === reason)
  })
}

/** Of all its pods that are not on their way out, by name. */
export async function podUids(app: App): Promise<readonly string[]> {
  const pods = livePods(await readPods(app.admin, await read(app)))
  return pods.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((pod) => pod.uid)
}

/** Creates the app's first release, without waiting for it. */
export async function createWorkload(
  { admin, path, kind }: Pick<App, 'admin' | 'path' | 'kind'>,
  more: RawObject = {},
): Promise<void> {
  const labels = { app: name }
  const container = {
    name: 'app',
    image: 'app:2.7.3',
    env: [{ name: 'LOG_LEVEL', value: 'info' }],
    resources: { requests: { cpu: '100m' } },
    readinessProbe: { httpGet: { path: '/health', port: 3000 }, periodSeconds: 1, failureThreshold: 1 },
  }
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } }
  const own = {
    deployment: { replicas: 2, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
    statefulset: { replicas: 2, serviceName: name },
    daemonset: {},
  }[kind]
  const annotations = { 'kubernetes.io/change-cause': 'release 2.7.3', note: 'first', gone: 'soon' }
  const spec = { selector: { matchLabels: labels }, template, ...own, ...more }
  const body = { apiVersion: 'apps/v1', kind: apiKinds[kind], metadata: { name, annotations }, spec }
  await admin.post(path.slice(0, path.lastIndexOf('/')), body)
}

export function servicesOf(world: RollbackWorld, options: AppOptions): Services {
  const catalog = catalogOf(options)
  const log = pino({ level: 'silent' })
  const clusters = openClusters(catalog, options.kubeconfig ?? world.kubeconfig, log)
  return { catalog, db: world.db, log, secret: async () => '', scratch: tmpdir(), cluster: clusters.get }
}

export function catalogOf({ namespace, kind = 'deployment', impersonate, health }: AppOptions): Catalog {
  const app = {
    cluster: 'main',
    namespace,
    workload: `${kind}/${name}`,
    rolloutTimeoutSeconds: 60,
    health: health === undefined ? [] : [{ name: 'web', url: health }],
  }
  return catalogSchema.parse({
    version: 1,
    people: { ana: { slack: 'U0ANA', kubernetes: { user: 'ana@porttrack.example', groups: ['porttrack-sre'] } } },
    channels: { operations: 'C0OPS' },
    clusters: { main: { impersonate: impersonate === true } },
    apps: { [name]: app },
  })
}
