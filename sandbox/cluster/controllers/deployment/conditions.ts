import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../../kinds.ts'
import { conditionOf } from '../../kinds.ts'
import { timestamp } from '../../time.ts'

export function hasDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds
  return seconds !== undefined && seconds !== 2147483647
}

export function condition(type: string, status: Condition['status'], reason: string, message: string): Condition {
  const now = timestamp()
  return { type, status, lastUpdateTime: now, lastTransitionTime: now, reason, message }
}

/** Sets a condition; the same status and reason change nothing, the same status keeps its transition time. */
export function setCondition(conditions: readonly Condition[] | undefined, next: Condition): Condition[] {
  const current = conditionOf(conditions, next.type)
  if (current !== undefined && current.status === next.status && current.reason === next.reason)
    return [...(conditions ?? [])]
  const kept =
    current?.status === next.status && current.lastTransitionTime !== undefined
      ? { ...next, lastTransitionTime: current.lastTransitionTime }
      : next
  return [...withoutCondition(conditions, next.type), kept]
}

export function withoutCondition(conditions: readonly Condition[] | undefined, type: string): Condition[] {
  return (conditions ?? []).filter((one) => one.type !== type)
}

export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const { replicas } = deployment.spec
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  )
}

/**
 * What the Progressing condition becomes after a sync; after syncRolloutStatus of pkg/controller/deployment/progress.go.
 * @param at milliseconds since the epoch
 */
export function progressed(
  deployment: Deployment,
  status: DeploymentStatus,
  replicaSet: ReplicaSet | undefined,
  at: number,
): Condition[] {
  const conditions = status.conditions ?? []
  if (!hasDeadline(deployment)) return withoutCondition(conditions, 'Progressing')
  const current = conditionOf(deployment.status.conditions, 'Progressing')
  if ((status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable')
    return conditions
  const subject =
    replicaSet === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${replicaSet.metadata.name}"`
  if (isComplete(deployment, status))
    return setCondition(
      conditions,
      condition('Progressing', 'True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`),
    )
  if (movesOn(deployment.status, status)) {
    const next = condition('Progressing', 'True', 'ReplicaSetUpdated', `${subject} is progressing.`)
    if (current?.status === 'True' && current.lastTransitionTime !== undefined)
      next.lastTransitionTime = current.lastTransitionTime
    return setCondition(withoutCondition(conditions, 'Progressing'), next)
  }
  if (timedOut(deployment, status, at))
    return setCondition(
      conditions,
      condition('Progressing', 'False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`),
    )
  return conditions
}

function movesOn(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0)
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  )
}

function timedOut(deployment: Deployment, status: DeploymentStatus, at: number): boolean {
  const current = conditionOf(status.conditions, 'Progressing')
  if (current === undefined || current.reason === 'NewReplicaSetAvailable') return false
  if (current.reason === 'ProgressDeadlineExceeded') return true
  return Date.parse(current.lastUpdateTime ?? '') + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000 < at
}

/** Milliseconds until the deadline has to be looked at again. */
export function untilDeadline(deployment: Deployment, status: DeploymentStatus, at: number): number | undefined {
  const current = conditionOf(status.conditions, 'Progressing')
  if (
    !hasDeadline(deployment) ||
    current === undefined ||
    isComplete(deployment, status) ||
    current.reason === 'ProgressDeadlineExceeded'
  )
    return undefined
  const left = Date.parse(current.lastUpdateTime ?? '') + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000 - at
  return Math.max(left, 0) + 1000
}
