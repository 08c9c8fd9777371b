import { listAt, numberAt, type RawObject, textAt } from '../api/json.ts'
import type { Workload } from './workload.ts'

/** How far a rollout is, by the workload's own status, as `kubectl rollout status` decides it. */
export type RolloutStatus =
  | { readonly kind: 'done'; readonly counts: Counts }
  /** `wait` says for what: not_observed, updating, old_pods, unavailable, paused, on_delete. */
  | { readonly kind: 'waiting'; readonly wait: Wait; readonly counts: Counts }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string; readonly counts: Counts }

export type Wait = 'not_observed' | 'updating' | 'old_pods' | 'unavailable' | 'paused' | 'on_delete'

export type Counts = {
  readonly desired: number
  readonly ready: number
  readonly updated: number
  readonly available: number
  /** Pods of other revisions that still exist. */
  readonly old: number
}

/**
 * @param since server time (ISO) of our own write: a condition that is older speaks of an earlier rollout, and
 * `ProgressDeadlineExceeded` stays until the controller says otherwise
 */
export function rolloutStatus(workload: Workload, since?: string): RolloutStatus {
  const counts = countsOf(workload)
  const observed = numberAt(workload.raw, 'status', 'observedGeneration') ?? 0
  if (observed < workload.generation) return { kind: 'waiting', wait: 'not_observed', counts }
  const { kind } = workload.address
  if (kind === 'deployment') return ofDeployment(workload, counts, since)
  if (workload.strategy.type === 'OnDelete') return onDelete(counts)
  return kind === 'statefulset' ? ofStatefulSet(workload, counts) : ofDaemonSet(counts)
}

function ofDeployment(workload: Workload, counts: Counts, since: string | undefined): RolloutStatus {
  const failure = conditionOf(workload.raw, 'Progressing')
  const isStale = since !== undefined && (failure?.updatedAt ?? '') < since
  if (failure?.reason === 'ProgressDeadlineExceeded' && !isStale)
    return { kind: 'failed', reason: failure.reason, message: failure.message, counts }
  if (workload.paused) return { kind: 'waiting', wait: 'paused', counts }
  if (counts.updated < counts.desired) return { kind: 'waiting', wait: 'updating', counts }
  if (counts.old > 0) return { kind: 'waiting', wait: 'old_pods', counts }
  if (counts.available < counts.updated) return { kind: 'waiting', wait: 'unavailable', counts }
  return { kind: 'done', counts }
}

function ofStatefulSet(workload: Workload, counts: Counts): RolloutStatus {
  if (counts.ready < counts.desired) return { kind: 'waiting', wait: 'unavailable', counts }
  const wanted = Math.max(0, counts.desired - workload.strategy.partition)
  if (counts.updated < wanted) return { kind: 'waiting', wait: 'updating', counts }
  if (counts.available < counts.desired) return { kind: 'waiting', wait: 'unavailable', counts }
  return { kind: 'done', counts }
}

function ofDaemonSet(counts: Counts): RolloutStatus {
  if (counts.updated < counts.desired) return { kind: 'waiting', wait: 'updating', counts }
  if (counts.available < counts.desired) return { kind: 'waiting', wait: 'unavailable', counts }
  return { kind: 'done', counts }
}

/** Pods are replaced only when somebody deletes them; what can be waited for is that all there are ready. */
function onDelete(counts: Counts): RolloutStatus {
  if (counts.updated >= counts.desired && counts.ready >= counts.desired) return { kind: 'done', counts }
  return { kind: 'waiting', wait: 'on_delete', counts }
}

export function countsOf(workload: Workload): Counts {
  const status = (name: string): number => numberAt(workload.raw, 'status', name) ?? 0
  if (workload.address.kind === 'daemonset') {
    const desired = status('desiredNumberScheduled')
    const updated = status('updatedNumberScheduled')
    const old = Math.max(0, status('currentNumberScheduled') - updated)
    return { desired, ready: status('numberReady'), updated, available: status('numberAvailable'), old }
  }
  const updated = updatedOf(workload, status)
  const counts = { ready: status('readyReplicas'), updated, available: status('availableReplicas') }
  return { desired: workload.replicas ?? 0, ...counts, old: Math.max(0, status('replicas') - updated) }
}

/** A StatefulSet whose rollout is complete drops `updatedReplicas`: all of `currentReplicas` are then of the update revision. */
function updatedOf(workload: Workload, status: (name: string) => number): number {
  const updated = status('updatedReplicas')
  if (workload.address.kind !== 'statefulset') return updated
  const complete =
    textAt(workload.raw, 'status', 'currentRevision') === textAt(workload.raw, 'status', 'updateRevision')
  return complete ? Math.max(updated, status('currentReplicas')) : updated
}

export type Condition = {
  readonly status: string
  readonly reason: string
  readonly message: string
  readonly updatedAt: string
}

export function conditionOf(raw: RawObject, type: string): Condition | undefined {
  const found = listAt(raw, 'status', 'conditions').find((condition) => textAt(condition, 'type') === type)
  if (found === undefined) return undefined
  return {
    status: textAt(found, 'status') ?? 'Unknown',
    reason: textAt(found, 'reason') ?? '',
    message: textAt(found, 'message') ?? '',
    updatedAt: textAt(found, 'lastUpdateTime') ?? textAt(found, 'lastTransitionTime') ?? '',
  }
}
