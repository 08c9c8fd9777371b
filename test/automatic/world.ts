import { pino } from 'pino'
import { connectApi } from '../../sandbox/kubelet/api.ts'
import { type Catalog, catalogSchema } from '../../src/catalog/schema.ts'
import { type Engine, launchEngine } from '../../src/engine/launch.ts'
import type { Desk } from '../../src/operations/desk.ts'
import { makeRollback } from '../../src/operations/rollback/definition.ts'
import { registerRunWorkflows } from '../../src/operations/run/workflow.ts'
import type { Services } from '../../src/operations/services.ts'
import { connectCluster } from '../../src/services/kubernetes/api/client.ts'
import { openClusters } from '../../src/services/kubernetes/api/clusters.ts'
import { workloadPath } from '../../src/services/kubernetes/api/paths.ts'
import type { ClusterClient } from '../../src/services/kubernetes/api/types.ts'
import { rolloutStatus } from '../../src/services/kubernetes/workload/rollout-status.ts'
import { readWorkload } from '../../src/services/kubernetes/workload/workload.ts'
import type { BadRelease } from '../../src/watchers/bad-releases/types.ts'
import { watchBadReleases } from '../../src/watchers/bad-releases/watch.ts'
import { quickPace, type Surround, startSurround } from '../kubernetes/scenario.ts'
import { until } from '../store/helpers/until.ts'

export type Kind = 'deployment' | 'statefulset' | 'daemonset'
export type AppWish = { readonly kind?: Kind; readonly automatic: object | string }

/** A bot without Slack, in this process: store, engine, a simulated cluster with its nodes, and the watch of bad releases. */
export type WatchWorld = {
  readonly surround: Surround
  readonly desk: Desk
  /** Plays pipelines and people. */
  readonly admin: ClusterClient
  /** Puts the app into the cluster, healthy. */
  create(app: string): Promise<void>
  /** A new image, and more of the template's or the object's fields, by this manager. */
  release(app: string, tag: string, more?: Release): Promise<void>
  /** The next bad release of the app after `since` that the watch finds. */
  bad(app: string, since?: Date): Promise<BadRelease>
  /** The image that the app asks for now. */
  image(app: string): Promise<string>
  /** Changes of the app's object by the bot. */
  patches(app: string): number
  stop(): Promise<void>
}

export type Release = { readonly annotations?: Readonly<Record<string, string>>; readonly manager?: string }

const namespace = 'watched'
const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' })

export async function startWatchWorld(apps: Readonly<Record<string, AppWish>>): Promise<WatchWorld> {
  const surround = await startSurround()
  const { cluster, server } = surround
  const catalog = catalogOf(apps)
  const clusters = openClusters(catalog, cluster.kubeconfig, log)
  const admin = connectCluster({ impersonate: false }, { kubeconfigFile: cluster.kubeconfig, log })
  await admin.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  const db = await server.freshStore({ max: 8 })
  const services: Services = {
    catalog,
    db,
    log,
    scratch: surround.server.folder,
    secret: async () => '',
    cluster: clusters.get,
  }
  const operations = new Map([['rollback', makeRollback(quickPace)]])
  const desk: Desk = { services, operations, workflows: registerRunWorkflows(services, operations) }
  const engine: Engine = await launchEngine({ databaseUrl: server.url, db, log })
  const found: BadRelease[] = []
  const end = new AbortController()
  const watched = Object.keys(apps).map((app) => ({ app, windowSeconds: 3600 }))
  const watching = watchBadReleases(services, watched, async (release) => void found.push(release), end.signal)
  const addressOf = (app: string) => ({ namespace, kind: apps[app]?.kind ?? 'deployment', name: app })
  return {
    surround,
    desk,
    admin,
    create: async (app) => {
      const address = addressOf(app)
      await admin.post(workloadPath(address).replace(/\/[^/]+$/, ''), manifest(address))
      await until(`${app} is out`, async () => rolloutStatus(await readWorkload(admin, address)).kind === 'done')
    },
    release: async (app, tag, { annotations = {}, manager = 'pipeline' } = {}) => {
      const body = {
        metadata: { annotations: { ...annotations, 'kubernetes.io/change-cause': tag } },
        spec: { template: { spec: { containers: [{ name: 'app', image: `app:${tag}` }] } } },
      }
      const api = connectApi(cluster.kubeconfig, manager)
      await api.write({ method: 'PATCH', patch: 'strategic', path: workloadPath(addressOf(app)), body })
      await api.close()
    },
    bad: (app, since = new Date(0)) =>
      until(
        `a bad release of ${app}`,
        () => found.findLast((one) => one.app === app && Date.parse(one.judgedAt) > since.getTime()),
        30,
      ),
    image: async (app) =>
      JSON.stringify((await readWorkload(admin, addressOf(app))).template).match(/app:[^"]*/)?.[0] ?? '',
    patches: (app) =>
      cluster.requests.all.filter(
        ({ method, path, userAgent, status }) =>
          method === 'PATCH' && path === workloadPath(addressOf(app)) && userAgent === 'rescue' && status === 200,
      ).length,
    stop: async () => {
      end.abort()
      await watching
      await engine.stop(500)
      await Promise.all([admin.close(), clusters.close()])
      await surround.stop()
    },
  }
}

function catalogOf(apps: Readonly<Record<string, AppWish>>): Catalog {
  const entry = (name: string, { kind = 'deployment', automatic }: AppWish) => ({
    cluster: 'main',
    namespace,
    workload: `${kind}/${name}`,
    rolloutTimeoutSeconds: 30,
    automatic,
  })
  return catalogSchema.parse({
    version: 1,
    people: { ana: { slack: 'U0ANA' }, invitado: { slack: 'U0INVITADO', role: 'viewer' } },
    channels: { operations: 'C0OPS' },
    clusters: { main: {} },
    apps: Object.fromEntries(Object.entries(apps).map(([name, wish]) => [name, entry(name, wish)])),
  })
}

function manifest({ kind, name }: { readonly kind: Kind; readonly name: string }) {
  const labels = { app: name }
  const readinessProbe = { httpGet: { path: '/health', port: 3000 }, periodSeconds: 1 }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:1.0.0', readinessProbe }] } }
  const common = { selector: { matchLabels: labels }, template }
  return {
    apiVersion: 'apps/v1',
    kind: { deployment: 'Deployment', statefulset: 'StatefulSet', daemonset: 'DaemonSet' }[kind],
    metadata: { name, annotations: { 'kubernetes.io/change-cause': '1.0.0' } },
    spec: {
      ...common,
      ...(kind === 'daemonset' ? {} : { replicas: 2 }),
      ...(kind === 'statefulset' ? { serviceName: name } : {}),
    },
  }
}
