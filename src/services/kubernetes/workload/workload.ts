import { intOrPercentAt, isTrueAt, numberAt, type RawObject, recordAt, textAt, textsAt } from '../api/json.ts'
import { type WorkloadAddress, type WorkloadKind, workloadPath } from '../api/paths.ts'
import type { ClusterClient, GetOptions } from '../api/types.ts'

/** A workload as it is: the raw object, and what is read from it often. */
export type Workload = {
  readonly address: WorkloadAddress
  readonly raw: RawObject
  readonly uid: string
  readonly generation: number
  /** The pod template, raw, as the API gave it: what is written back and what is tested must not lose a field. */
  readonly template: RawObject
  readonly annotations: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly selector: unknown
  readonly paused: boolean
  /** undefined for DaemonSets, whose number follows the nodes. */
  readonly replicas: number | undefined
  readonly minReadySeconds: number
  readonly strategy: Strategy
}

export type Strategy = {
  /** RollingUpdate, Recreate or OnDelete. */
  readonly type: string
  readonly maxUnavailable: string | undefined
  readonly maxSurge: string | undefined
  readonly partition: number
  /** Only for StatefulSets: OrderedReady or Parallel. */
  readonly podManagement: string | undefined
}

/** @throws KubernetesError 404 when there is none */
export async function readWorkload(
  client: ClusterClient,
  address: WorkloadAddress,
  options?: GetOptions,
): Promise<Workload> {
  return workloadOf(address, await client.get(workloadPath(address), undefined, options))
}

export function workloadOf(address: WorkloadAddress, raw: RawObject): Workload {
  return {
    address,
    raw,
    uid: textAt(raw, 'metadata', 'uid') ?? '',
    generation: numberAt(raw, 'metadata', 'generation') ?? 0,
    template: recordAt(raw, 'spec', 'template'),
    annotations: textsAt(raw, 'metadata', 'annotations'),
    labels: textsAt(raw, 'metadata', 'labels'),
    selector: recordAt(raw, 'spec', 'selector'),
    paused: isTrueAt(raw, 'spec', 'paused'),
    replicas: address.kind === 'daemonset' ? undefined : (numberAt(raw, 'spec', 'replicas') ?? 1),
    minReadySeconds: numberAt(raw, 'spec', 'minReadySeconds') ?? 0,
    strategy: strategyOf(address.kind, raw),
  }
}

function strategyOf(kind: WorkloadKind, raw: RawObject): Strategy {
  const where = kind === 'deployment' ? 'strategy' : 'updateStrategy'
  return {
    type: textAt(raw, 'spec', where, 'type') ?? 'RollingUpdate',
    maxUnavailable: intOrPercentAt(raw, 'spec', where, 'rollingUpdate', 'maxUnavailable'),
    maxSurge: intOrPercentAt(raw, 'spec', where, 'rollingUpdate', 'maxSurge'),
    partition: numberAt(raw, 'spec', where, 'rollingUpdate', 'partition') ?? 0,
    podManagement: kind === 'statefulset' ? (textAt(raw, 'spec', 'podManagementPolicy') ?? 'OrderedReady') : undefined,
  }
}
