import { hangAnnotation } from '../../../sandbox/kubelet/pod.ts'
import { hasStatus } from '../../../src/services/kubernetes/api/errors.ts'
import type { RawObject } from '../../../src/services/kubernetes/api/json.ts'
import { podsPath, type WorkloadAddress, type WorkloadKind } from '../../../src/services/kubernetes/api/paths.ts'
import type { Signal } from '../../../src/watchers/bad-releases/types.ts'
import { change, evict, podsOf, probe, release, settled, type Version } from '../../watchers/apps.ts'
import type { WatchedWorld } from '../../watchers/watched-world.ts'

/** One release of an app. It resolves when all that belongs to it is done and, for a healthy one, out. */
export type Release = (world: WatchedWorld, app: WorkloadAddress, number: string) => Promise<void>

export type BadKind = {
  readonly release: Release
  /** What may be said of it. Events come late or never, so a container that a probe ends may also be seen to end, again and again. */
  readonly signals: readonly Signal[]
  readonly kind?: WorkloadKind
  /** Of the workload. */
  readonly spec?: RawObject
  /** A namespace that has room for so many pods; its app is alone there. */
  readonly room?: number
}

const plain =
  (version: Version): Release =>
  (world, app, number) =>
    release(world, app, number, version)
const out =
  (version: Version, meanwhile: Release = async () => {}): Release =>
  async (world, app, number) => {
    await release(world, app, number, version)
    await meanwhile(world, app, number)
    await settled(world, app)
  }
const scaled = (world: WatchedWorld, app: WorkloadAddress, replicas: number) =>
  change(world, app, { spec: { replicas } })

/** Healthy releases, each with its own reason to look like a bad one. */
export const healthyKinds: Readonly<Record<string, Release>> = {
  plain: out({}),
  'slow start': out({ behaves: 'slow' }),
  'slow start behind a startup probe': out({
    behaves: 'slow',
    container: {
      startupProbe: probe('/start', { periodSeconds: 5, failureThreshold: 20 }),
      livenessProbe: probe('/live'),
    },
  }),
  'pods evicted': out({}, async (world, app) => {
    for (const pod of await podsOf(world, app)) await evict(world, app.namespace, pod)
  }),
  'pods evicted after the rollout': async (world, app, number) => {
    await out({})(world, app, number)
    for (const pod of await podsOf(world, app)) await evict(world, app.namespace, pod)
    await settled(world, app)
  },
  'a pod deleted by hand': out({ behaves: 'slow' }, async (world, app) => {
    const [newest] = await podsOf(world, app)
    if (newest !== undefined) await world.client.delete(podsPath(app.namespace, newest)).catch(() => undefined)
  }),
  'scaled during the rollout': async (world, app, number) => {
    await out({}, (_world, _app) => scaled(world, app, 4))(world, app, number)
    await scaled(world, app, 2)
    await settled(world, app)
  },
  'scaled to nothing and back': async (world, app, number) => {
    await out({})(world, app, number)
    await scaled(world, app, 0)
    await scaled(world, app, 2)
    await settled(world, app)
  },
  'restarted for its configuration': async (world, app, number) => {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': `2026-01-01T00:00:00Z ${number}` }
    await change(world, app, { spec: { template: { metadata: { annotations } } } })
    await settled(world, app)
  },
  'paused and resumed': out({}, async (world, app) => {
    await change(world, app, { spec: { paused: true } })
    await change(world, app, { spec: { paused: false } })
  }),
  'released twice at once': out({}, async (world, app, number) => {
    await release(world, app, `${number}1`, {})
  }),
  'a StatefulSet': out({}),
}

const missingKey = [{ name: 'KEY', valueFrom: { configMapKeyRef: { name: 'nowhere', key: 'KEY' } } }]
const startup = { startupProbe: probe('/start', { periodSeconds: 5 }) }

/** Bad releases of every kind. */
export const badKinds: Readonly<Record<string, BadKind>> = {
  crash: { release: plain({ behaves: 'crash' }), signals: ['crash_loop'] },
  'out of memory': { release: plain({ behaves: 'oom' }), signals: ['out_of_memory'] },
  'image missing': { release: plain({ behaves: 'missing' }), signals: ['image_pull'] },
  'image without a name': { release: plain({ behaves: 'invalid' }), signals: ['invalid_image'] },
  'key missing': { release: plain({ container: { env: missingKey } }), signals: ['config_error'] },
  'volume missing': {
    release: plain({ pod: { volumes: [{ name: 'keys', secret: { secretName: 'nowhere' } }] } }),
    signals: ['config_error'],
  },
  'never ready': { release: plain({ behaves: 'unready' }), signals: ['readiness_failed'] },
  'not alive': {
    release: plain({ behaves: 'liveness', container: { livenessProbe: probe('/live') } }),
    signals: ['liveness_failed', 'readiness_failed', 'unavailable_after_release', 'crash_loop'],
  },
  'never started': {
    release: plain({ behaves: 'startup', container: startup }),
    signals: ['startup_failed', 'crash_loop'],
  },
  'dies later': {
    release: plain({ behaves: 'flaky' }),
    signals: ['crash_loop', 'unavailable_after_release'],
  },
  'init container crashes': {
    release: plain({ pod: { initContainers: [{ name: 'migrate', image: 'registry.shop.example/migrate:2-crash' }] } }),
    signals: ['crash_loop'],
  },
  'hangs after the rollout': {
    release: async (world, app, number) => {
      await release(world, app, number)
      await settled(world, app)
      const metadata = { annotations: { [hangAnnotation]: 'true' } }
      for (const pod of await podsOf(world, app))
        await world.client.patch(podsPath(app.namespace, pod), { metadata }, 'merge')
    },
    signals: ['readiness_failed', 'unavailable_after_release', 'liveness_failed', 'crash_loop'],
  },
  'no room by quota': {
    release: plain({}),
    signals: ['quota'],
    room: 2,
    spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
  },
  'no node fits': {
    release: plain({ pod: { nodeSelector: { disk: 'quick' } } }),
    signals: ['deadline_exceeded'],
    spec: { progressDeadlineSeconds: 2 },
  },
  'a StatefulSet crashes': { release: plain({ behaves: 'crash' }), signals: ['crash_loop'], kind: 'statefulset' },
  'a DaemonSet crashes': { release: plain({ behaves: 'crash' }), signals: ['crash_loop'], kind: 'daemonset' },
}

/** Back to health, whatever it was. */
export async function heal(world: WatchedWorld, app: WorkloadAddress, number: string, room?: number): Promise<void> {
  if (room !== undefined) await giveRoom(world, app.namespace, room + 1)
  await release(world, app, number)
  if (app.kind === 'statefulset')
    for (const pod of await podsOf(world, app))
      await world.client.delete(podsPath(app.namespace, pod)).catch(() => undefined)
  await settled(world, app)
  if (room !== undefined) await giveRoom(world, app.namespace, room)
}

/** How many pods a namespace may have. */
export async function giveRoom({ client }: WatchedWorld, namespace: string, pods: number): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/resourcequotas`
  const metadata = { name: 'room', namespace }
  const body = { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: String(pods) } } }
  await client.post(path, body).catch(async (error: unknown) => {
    if (!hasStatus(error, 409)) throw error
    await client.patch(`${path}/room`, { spec: body.spec }, 'merge')
  })
}
