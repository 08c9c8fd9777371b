import { listAt, numberAt, type RawObject, recordAt, textAt, textsAt } from '../../src/services/kubernetes/api/json.ts'
import { type Api, connectApi } from '../kubelet/api.ts'
import { conditionOf } from '../kubelet/node-object.ts'
import { collectionPath } from './resources.ts'

export type PodSummary = {
  readonly name: string
  /** What `kubectl get pods` shows as status, or Ready. */
  readonly state: string
  readonly ready: boolean
  readonly node: string
  readonly restarts: number
}

export type AppSummary = {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  readonly namespace: string
  readonly name: string
  readonly ready: number
  readonly desired: number
  readonly image: string
  readonly revision: string
  readonly paused: boolean
  readonly pods: readonly PodSummary[]
}

export type ClusterSummary = {
  readonly apps: readonly AppSummary[]
  readonly nodes: readonly { readonly name: string; readonly ready: boolean; readonly cordoned: boolean }[]
}

const namespaces = ['porttrack', 'porttrack-monitoring']
const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const
const idleMs = 10_000
const connections = new Map<string, { readonly api: Api; idle: NodeJS.Timeout | undefined; asking: number }>()

/** The cluster as the page's panel draws it. @throws KubernetesError */
export async function clusterSummary({ kubeconfig }: { readonly kubeconfig: string }): Promise<ClusterSummary> {
  const connection = connections.get(kubeconfig) ?? { api: connectApi(kubeconfig, 'panel'), idle: undefined, asking: 0 }
  connections.set(kubeconfig, connection)
  clearTimeout(connection.idle)
  connection.asking += 1
  try {
    return await summarize(connection.api)
  } finally {
    connection.asking -= 1
    if (connection.asking === 0) connection.idle = setTimeout(() => forget(kubeconfig), idleMs).unref()
  }
}

/** The panel asks every second or so: its connections are kept until nobody looks any more. */
function forget(kubeconfig: string): void {
  const connection = connections.get(kubeconfig)
  connections.delete(kubeconfig)
  void connection?.api.close()
}

async function summarize(api: Api): Promise<ClusterSummary> {
  const list = async (kind: string, namespace: string | undefined) =>
    (await api.client.list(collectionPath(kind, namespace))).items
  const [nodes, ...parts] = await Promise.all([
    api.client.list('/api/v1/nodes').then((answer) => answer.items),
    ...namespaces.map(async (namespace) => {
      const [pods, revisions, ...workloads] = await Promise.all([
        list('Pod', namespace),
        list('ControllerRevision', namespace),
        ...kinds.map((kind) => list(kind, namespace)),
      ])
      return kinds.flatMap((kind, index) =>
        (workloads[index] ?? []).map((one) => summaryOf(kind, one, pods, revisions)),
      )
    }),
  ])
  return {
    apps: parts.flat(),
    nodes: nodes.map((node) => ({
      name: textAt(node, 'metadata', 'name') ?? '',
      ready: conditionOf(node, 'Ready')?.['status'] === 'True',
      cordoned: recordAt(node, 'spec')['unschedulable'] === true,
    })),
  }
}

function summaryOf(
  kind: AppSummary['kind'],
  raw: RawObject,
  pods: readonly RawObject[],
  revisions: readonly RawObject[],
): AppSummary {
  const daemon = kind === 'DaemonSet'
  const selector = Object.entries(textsAt(raw, 'spec', 'selector', 'matchLabels'))
  const own = pods.filter((pod) => {
    const labels = textsAt(pod, 'metadata', 'labels')
    return selector.every(([key, value]) => labels[key] === value)
  })
  return {
    kind,
    namespace: textAt(raw, 'metadata', 'namespace') ?? '',
    name: textAt(raw, 'metadata', 'name') ?? '',
    ready: numberAt(raw, 'status', daemon ? 'numberReady' : 'readyReplicas') ?? 0,
    desired: daemon
      ? (numberAt(raw, 'status', 'desiredNumberScheduled') ?? 0)
      : (numberAt(raw, 'spec', 'replicas') ?? 1),
    image: textAt(listAt(raw, 'spec', 'template', 'spec', 'containers')[0], 'image') ?? '',
    revision:
      kind === 'Deployment'
        ? (textsAt(raw, 'metadata', 'annotations')['deployment.kubernetes.io/revision'] ?? '')
        : newest(raw, revisions),
    paused: recordAt(raw, 'spec')['paused'] === true,
    pods: own.map(podSummary).sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

function newest(workload: RawObject, revisions: readonly RawObject[]): string {
  const uid = textAt(workload, 'metadata', 'uid')
  const own = revisions.filter((one) =>
    listAt(one, 'metadata', 'ownerReferences').some((owner) => textAt(owner, 'uid') === uid),
  )
  const highest = Math.max(0, ...own.map((one) => numberAt(one, 'revision') ?? 0))
  return highest === 0 ? '' : String(highest)
}

export function podSummary(pod: RawObject): PodSummary {
  const containers = listAt(pod, 'status', 'containerStatuses')
  const ready = conditionOf(pod, 'Ready')?.['status'] === 'True'
  return {
    name: textAt(pod, 'metadata', 'name') ?? '',
    state: stateOf(pod, containers, ready),
    ready,
    node: textAt(pod, 'spec', 'nodeName') ?? '',
    restarts: containers.reduce<number>((sum, one) => sum + (numberAt(one, 'restartCount') ?? 0), 0),
  }
}

/** As kubectl's printer chooses it: deletion, then the reason of a container, then the phase. */
function stateOf(pod: RawObject, containers: readonly unknown[], ready: boolean): string {
  if (textAt(pod, 'metadata', 'deletionTimestamp') !== undefined) return 'Terminating'
  const reasons = containers.map(
    (one) => textAt(one, 'state', 'waiting', 'reason') ?? textAt(one, 'state', 'terminated', 'reason'),
  )
  const reason = reasons.find((one) => one !== undefined) ?? textAt(pod, 'status', 'reason')
  if (reason !== undefined) return reason
  return ready ? 'Ready' : (textAt(pod, 'status', 'phase') ?? 'Pending')
}
