import type { JsonObject, KubeObject } from '../../sandbox/cluster/json.ts'
import { resourceType } from '../../sandbox/cluster/schema/resources.ts'
import type { Cluster } from '../../sandbox/cluster/start.ts'
import { listAt, type RawObject, recordAt } from '../../src/services/kubernetes/api/json.ts'
import { podOf } from './pod.ts'

const caller = { user: 'bench', groups: ['system:masters'], userAgent: 'bench' }
const write = { caller } as const
const old = { caller, backdate: true } as const
const namespace = 'default'

/** Deployments that have just been released, with their ReplicaSets and pods. @returns names of the pods, those of one app side by side */
export function fillReleases(cluster: Cluster, deployments: number, pods: number): readonly string[] {
  const names: string[] = []
  for (let app = 0; app < deployments; app++) names.push(...fillOne(cluster, app, pods / deployments))
  return names
}

function fillOne({ registry }: Cluster, app: number, pods: number): readonly string[] {
  const name = `shipments-${app}`
  const { nodeName: _node, ...podSpec } = recordAt(podOf(app, 'node-1'), 'spec')
  const labels = { app: name }
  const template = { metadata: { labels }, spec: podSpec }
  const annotations = { 'deployment.kubernetes.io/revision': '1' }
  const spec = { replicas: pods, selector: { matchLabels: labels }, template }
  const { uid, generation } = registry.create(
    resourceType('deployments'),
    namespace,
    { metadata: { name, labels, annotations }, spec },
    write,
  ).metadata
  const counts = { replicas: pods, updatedReplicas: pods, readyReplicas: pods, availableReplicas: pods }
  const status = { observedGeneration: generation, ...counts }
  registry.change(resourceType('deployments'), { namespace, name }, (one) => ({ ...one, status }), write, 'status')
  const hash = { 'pod-template-hash': '7d9c8b6f5' }
  const owner = (kind: string, of: string, id: unknown) => [
    { apiVersion: 'apps/v1', kind, name: of, uid: id, controller: true },
  ]
  const set = registry.create(
    resourceType('replicasets'),
    namespace,
    {
      metadata: {
        name: `${name}-7d9c8b6f5`,
        labels: { ...labels, ...hash },
        annotations,
        ownerReferences: owner('Deployment', name, uid),
      },
      spec: {
        ...spec,
        selector: { matchLabels: { ...labels, ...hash } },
        template: { ...template, metadata: { labels: { ...labels, ...hash } } },
      },
    },
    write,
  )
  return Array.from({ length: pods }, (_, n) => {
    const pod = podOf(app * pods + n, `node-${n}`)
    const metadata = {
      ...recordAt(pod, 'metadata'),
      name: `${name}-7d9c8b6f5-${n}`,
      labels: { ...labels, ...hash },
      ownerReferences: owner('ReplicaSet', set.metadata.name, set.metadata.uid),
    }
    return registry.create(resourceType('pods'), namespace, { ...pod, metadata }, old).metadata.name
  })
}

function changePod({ registry }: Cluster, name: string, status: (before: RawObject) => JsonObject): void {
  const changed = (one: KubeObject): unknown => ({ ...one, status: { ...recordAt(one, 'status'), ...status(one) } })
  registry.change(resourceType('pods'), { namespace, name }, changed, write, 'status')
}

/** A change that says nothing about health. */
export function touch(cluster: Cluster, names: readonly string[], index: number): void {
  const name = names[(index * 7) % names.length] ?? ''
  changePod(cluster, name, () => ({ podIP: `10.244.${index % 250}.${(index >> 8) % 250}` }))
}

/** A pod of the next app waits in its crash loop. @returns the app's name */
export function loops(cluster: Cluster, names: readonly string[], app: number): string {
  const [name = ''] = names.filter((one) => one.startsWith(`shipments-${app}-`))
  changePod(cluster, name, (pod) => {
    const [before] = listAt(pod, 'status', 'containerStatuses')
    const state = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container=web' } }
    const lastState = {
      terminated: { exitCode: 1, reason: 'Error', finishedAt: new Date().toISOString().slice(0, 19).concat('Z') },
    }
    return { containerStatuses: [{ ...recordAt(before), state, lastState, ready: false, restartCount: 1 }] }
  })
  return `shipments-${app}`
}
