import { type Deployment, type ReplicaSet, scaled } from '../../kinds.ts'
import { desiredAnnotation, maxAnnotation } from './revisions.ts'

/** After pkg/controller/deployment/util: how many pods a rollout may add or miss. */
export const isRolling = (deployment: Deployment): boolean => deployment.spec.strategy.type === 'RollingUpdate'

function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const { maxSurge, maxUnavailable } = deployment.spec.strategy.rollingUpdate ?? {}
  const surge = scaled(maxSurge, deployment.spec.replicas, true)
  const unavailable = scaled(maxUnavailable, deployment.spec.replicas, false)
  // Rounding may leave nothing to move with.
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}

export function maxSurge(deployment: Deployment): number {
  return isRolling(deployment) ? fenceposts(deployment).surge : 0
}

export function maxUnavailable(deployment: Deployment): number {
  if (!isRolling(deployment) || deployment.spec.replicas === 0) return 0
  return Math.min(fenceposts(deployment).unavailable, deployment.spec.replicas)
}

export const wantedTotal = (list: readonly ReplicaSet[]): number =>
  list.reduce((sum, one) => sum + one.spec.replicas, 0)
export const actualTotal = (list: readonly ReplicaSet[]): number =>
  list.reduce((sum, one) => sum + (one.status.replicas ?? 0), 0)
export const readyTotal = (list: readonly ReplicaSet[]): number =>
  list.reduce((sum, one) => sum + (one.status.readyReplicas ?? 0), 0)
export const availableTotal = (list: readonly ReplicaSet[]): number =>
  list.reduce((sum, one) => sum + (one.status.availableReplicas ?? 0), 0)
export const terminatingTotal = (list: readonly ReplicaSet[]): number =>
  list.reduce((sum, one) => sum + (one.status.terminatingReplicas ?? 0), 0)
export const active = (list: readonly ReplicaSet[]): ReplicaSet[] => list.filter((one) => one.spec.replicas > 0)

/** How large the new ReplicaSet may be now. */
export function newSize(deployment: Deployment, all: readonly ReplicaSet[], size: number): number {
  if (!isRolling(deployment)) return deployment.spec.replicas
  const limit =
    deployment.spec.replicas + scaled(deployment.spec.strategy.rollingUpdate?.maxSurge, deployment.spec.replicas, true)
  const total = wantedTotal(all)
  if (total >= limit) return size
  return size + Math.min(limit - total, deployment.spec.replicas - size)
}

export function isSaturated(deployment: Deployment, replicaSet: ReplicaSet | undefined): boolean {
  if (replicaSet === undefined) return false
  const { replicas } = deployment.spec
  return (
    replicaSet.spec.replicas === replicas &&
    numberOf(replicaSet, desiredAnnotation) === replicas &&
    (replicaSet.status.availableReplicas ?? 0) === replicas
  )
}

export function numberOf(replicaSet: ReplicaSet, annotation: string): number | undefined {
  const text = replicaSet.metadata.annotations?.[annotation]
  return text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : undefined
}

/** A ReplicaSet's share of the replicas that a scaling adds (or takes, when negative). */
export function proportion(replicaSet: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  if (replicaSet.spec.replicas === 0 || toAdd === 0 || toAdd === added) return 0
  const share = fraction(replicaSet, deployment)
  const allowed = toAdd - added
  return toAdd > 0 ? Math.min(share, allowed) : Math.max(share, allowed)
}

function fraction(replicaSet: ReplicaSet, deployment: Deployment): number {
  const size = replicaSet.spec.replicas
  if (deployment.spec.replicas === 0) return -size
  const before = numberOf(replicaSet, maxAnnotation) || deployment.status.replicas || 0
  if (before === 0) return 0
  return roundHalfAway((size * (deployment.spec.replicas + maxSurge(deployment))) / before) - size
}

function roundHalfAway(value: number): number {
  return value < 0 ? Math.ceil(value - 0.5) : Math.floor(value + 0.5)
}
