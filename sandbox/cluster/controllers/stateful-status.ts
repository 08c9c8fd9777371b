import { clone, deepEqual } from '../json.ts'
import {
  type ControllerRevision,
  isAvailable,
  isReady,
  type Pod,
  type StatefulSet,
  type StatefulSetStatus,
} from '../kinds.ts'
import type { World } from './run.ts'

export type Revisions = { current: ControllerRevision; update: ControllerRevision; all: ControllerRevision[] }

export const revisionLabel = 'controller-revision-hash'

export const revisionOf = (pod: Pod): string => pod.metadata.labels?.[revisionLabel] ?? ''

/** Counts the pods; a rollout that is complete makes its revision the current one. */
export function writeStatus(world: World, set: StatefulSet, revisions: Revisions, pods: readonly Pod[]): void {
  const alive = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined)
  const at = (revision: ControllerRevision) => alive.filter((pod) => revisionOf(pod) === revision.metadata.name).length
  const ready = pods.filter((pod) => pod.status.phase === 'Running' && isReady(pod))
  const status: StatefulSetStatus = {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, Date.now())).length,
    currentReplicas: at(revisions.current),
    updatedReplicas: at(revisions.update),
    currentRevision: revisions.current.metadata.name,
    updateRevision: revisions.update.metadata.name,
    collisionCount: set.status.collisionCount ?? 0,
  }
  completeRollout(set, status)
  const found = world.find<StatefulSet>('statefulsets', set.metadata.namespace, set.metadata.name)
  const filled = (one: StatefulSetStatus) => ({ readyReplicas: 0, currentReplicas: 0, updatedReplicas: 0, ...one })
  if (found !== undefined && !deepEqual(filled(found.status), filled(status)))
    world.updateStatus({ ...clone(found), status })
}

/** When every pod is at the update revision and ready, that revision is the current one. */
function completeRollout(set: StatefulSet, status: StatefulSetStatus): void {
  if (
    set.spec.updateStrategy.type !== 'RollingUpdate' ||
    status.updatedReplicas !== set.spec.replicas ||
    status.readyReplicas !== set.spec.replicas ||
    status.replicas !== set.spec.replicas
  )
    return
  if (status.updateRevision !== undefined) status.currentRevision = status.updateRevision
  status.currentReplicas = status.updatedReplicas
}
