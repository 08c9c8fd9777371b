import { hasStatus, isAway } from '../../src/services/kubernetes/api/errors.ts'
import { numberAt, type RawObject, textAt } from '../../src/services/kubernetes/api/json.ts'
import {
  podsPath,
  type WorkloadAddress,
  type WorkloadKind,
  workloadPath,
} from '../../src/services/kubernetes/api/paths.ts'
import { countsOf } from '../../src/services/kubernetes/workload/rollout-status.ts'
import { workloadOf } from '../../src/services/kubernetes/workload/workload.ts'
import { until, type WatchedWorld } from './watched-world.ts'

/** What makes a version what it is. */
export type Version = {
  /** The end of its image's tag says how its pods behave; empty: healthy. */
  readonly behaves?: string
  readonly container?: RawObject
  readonly pod?: RawObject
}

export const probe = (path: string, more: RawObject = {}): RawObject => ({ httpGet: { path, port: 3000 }, ...more })
/** Readiness and liveness, as most apps have them; liveness waits for slow starts. */
const probes = {
  readinessProbe: probe('/ready', { periodSeconds: 5 }),
  livenessProbe: probe('/live', { initialDelaySeconds: 60 }),
}

export const app = (name: string, kind: WorkloadKind = 'deployment', namespace = 'shop'): WorkloadAddress => ({
  name,
  kind,
  namespace,
})

export function templateOf(
  name: string,
  number: string,
  { behaves = '', container = {}, pod = {} }: Version,
): RawObject {
  const tag = behaves === '' ? number : `${number}-${behaves}`
  const image = `registry.shop.example/${name}:${tag}`
  return {
    metadata: { labels: { app: name } },
    spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'app', image, ...probes, ...container }], ...pod },
  }
}

const kinds = { deployment: 'Deployment', statefulset: 'StatefulSet', daemonset: 'DaemonSet' } as const

/** Creates an app with a healthy version, and its namespace; resolves when it is out. */
export async function createApp(world: WatchedWorld, address: WorkloadAddress, spec: RawObject = {}): Promise<void> {
  const { name, kind, namespace } = address
  const apps = `/apis/apps/v1/namespaces/${namespace}/${kind}s`
  const home = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }
  await world.client.post('/api/v1/namespaces', home).catch((error: unknown) => {
    if (!hasStatus(error, 409)) throw error
  })
  await world.client.post(apps, {
    apiVersion: 'apps/v1',
    kind: kinds[kind],
    metadata: { name, namespace },
    spec: {
      ...(kind === 'daemonset' ? {} : { replicas: 2 }),
      ...(kind === 'statefulset' ? { serviceName: name } : {}),
      selector: { matchLabels: { app: name } },
      template: templateOf(name, '1.0.0', {}),
      ...spec,
    },
  })
  await settled(world, address)
}

/** Waits until its rollout is complete and all its pods are available. */
export function settled({ client }: WatchedWorld, address: WorkloadAddress): Promise<true> {
  return until(`${address.name} is out`, async () => {
    const raw = await patiently(() => client.get(workloadPath(address)))
    const { desired, available, updated, old } = countsOf(workloadOf(address, raw))
    const observed = numberAt(raw, 'status', 'observedGeneration') === numberAt(raw, 'metadata', 'generation')
    return observed && desired > 0 && available >= desired && updated >= desired && old === 0
  })
}

/** A new version, as a pipeline brings it. */
export async function release(world: WatchedWorld, address: WorkloadAddress, number: string, version: Version = {}) {
  const body = [{ op: 'replace', path: '/spec/template', value: templateOf(address.name, number, version) }]
  await patiently(() => world.client.patch(workloadPath(address), body, 'json'))
}

export async function change({ client }: WatchedWorld, address: WorkloadAddress, body: RawObject): Promise<void> {
  await patiently(() => client.patch(workloadPath(address), body, 'merge'))
}

/** Once more when a busy machine has not taken the connection in time; what is asked for may be asked for twice. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let left = 3; ; left--) {
    try {
      return await ask()
    } catch (error) {
      if (!isAway(error) || left === 0) throw error
    }
  }
}

/** Names of its pods that are not on their way out, newest first. */
export async function podsOf({ client }: WatchedWorld, { namespace, name }: WorkloadAddress): Promise<string[]> {
  const { items } = await client.list(podsPath(namespace), { labelSelector: `app=${name}` })
  return items
    .filter((pod) => textAt(pod, 'metadata', 'deletionTimestamp') === undefined)
    .sort((a, b) =>
      (textAt(a, 'metadata', 'creationTimestamp') ?? '') < (textAt(b, 'metadata', 'creationTimestamp') ?? '') ? 1 : -1,
    )
    .flatMap((pod) => textAt(pod, 'metadata', 'name') ?? [])
}

/** As `kubectl drain` asks for it. */
export async function evict({ client }: WatchedWorld, namespace: string, pod: string): Promise<void> {
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace } }
  await client.post(`${podsPath(namespace, pod)}/eviction`, body).catch((error: unknown) => {
    if (!hasStatus(error, 404)) throw error
  })
}

/** Cordons a node and evicts these apps' pods from it. */
export async function drain(world: WatchedWorld, node: string, apps: readonly WorkloadAddress[]): Promise<void> {
  await world.client.patch(`/api/v1/nodes/${node}`, { spec: { unschedulable: true } }, 'merge')
  for (const namespace of new Set(apps.map((one) => one.namespace))) {
    const { items } = await world.client.list(podsPath(namespace), { fieldSelector: `spec.nodeName=${node}` })
    for (const pod of items) {
      const name = textAt(pod, 'metadata', 'labels', 'app')
      if (apps.some((one) => one.name === name && one.kind !== 'daemonset'))
        await evict(world, namespace, textAt(pod, 'metadata', 'name') ?? '')
    }
  }
}

export async function uncordon({ client }: WatchedWorld, node: string): Promise<void> {
  await client.patch(`/api/v1/nodes/${node}`, { spec: { unschedulable: null } }, 'merge')
}
