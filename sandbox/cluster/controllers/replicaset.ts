import { deepEqual } from '../json.ts'
import {
  type Condition,
  conditionOf,
  controllerOf,
  isActive,
  isAvailable,
  isReady,
  type Pod,
  type ReplicaSet,
  type ReplicaSetStatus,
} from '../kinds.ts'
import type { ApiError } from '../status.ts'
import type { Change } from '../store/store.ts'
import { timestamp } from '../time.ts'
import { claimPods, createPods, deletePod, deletionOrder, ownerKeys, podOf, untilAvailable } from './pods.ts'
import type { Controller, World } from './run.ts'

const component = 'replicaset-controller'
const burst = 500

/** ReplicaSets, as kube-controller-manager runs them (pkg/controller/replicaset). */
export const replicaSetController: Controller = { name: 'replicaset', keysOf, sync }

function keysOf(change: Change, world: World): readonly string[] {
  if (change.resource === 'replicasets') return change.type === 'DELETED' ? [] : [change.entry.key]
  return change.resource === 'pods' ? ownerKeys(world, change.entry.object, 'ReplicaSet', 'replicasets') : []
}

function sync(key: string, world: World): number | undefined {
  const [namespace, name = ''] = key.split('/')
  const replicaSet = world.find<ReplicaSet>('replicasets', namespace, name)
  if (replicaSet === undefined) return undefined
  const before = claimPods(world, replicaSet, replicaSet.spec.selector)
  const alive = before.filter(isActive)
  const refusal = replicaSet.metadata.deletionTimestamp === undefined ? manage(world, replicaSet, alive) : undefined
  const pods = world.index.controlled('pods', replicaSet.metadata.uid) as Pod[]
  const now = Date.now()
  const status = statusOf(replicaSet, pods, refusal, alive.length, now)
  if (!deepEqual(comparable(replicaSet.status), comparable(status)))
    world.updateStatus({ ...(world.find<ReplicaSet>('replicasets', namespace, name) ?? replicaSet), status })
  // Thrown, so that it is tried again with a growing pause.
  if (refusal !== undefined) throw refusal
  return untilAvailable(pods.filter(isActive), replicaSet.spec.minReadySeconds ?? 0, now)
}

/** @returns why pods could not be created, if so */
function manage(world: World, replicaSet: ReplicaSet, alive: readonly Pod[]): ApiError | undefined {
  const missing = replicaSet.spec.replicas - alive.length
  if (missing > 0)
    return createPods(
      world,
      component,
      replicaSet,
      () => podOf(replicaSet, replicaSet.spec.template),
      Math.min(missing, burst),
    )
  if (missing < 0)
    for (const pod of deletionOrder(alive, relatedPods(world, replicaSet)).slice(0, Math.min(-missing, burst)))
      deletePod(world, component, replicaSet, pod)
  return undefined
}

/** Pods of all ReplicaSets of the same Deployment. */
function relatedPods(world: World, replicaSet: ReplicaSet): Pod[] {
  const owner = controllerOf(replicaSet)
  const sets = owner === undefined ? [replicaSet] : world.index.controlled('replicasets', owner.uid)
  return sets.flatMap((one) => world.index.controlled('pods', one.metadata.uid) as Pod[]).filter(isActive)
}

function statusOf(
  replicaSet: ReplicaSet,
  pods: readonly Pod[],
  refusal: ApiError | undefined,
  countBefore: number,
  now: number,
): ReplicaSetStatus {
  const alive = pods.filter(isActive)
  const labels = Object.entries(replicaSet.spec.template.metadata.labels ?? {})
  const ready = alive.filter(isReady)
  const terminating = pods.filter(
    (pod) =>
      pod.metadata.deletionTimestamp !== undefined && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed',
  )
  const conditions = conditionsOf(replicaSet, refusal, countBefore)
  return {
    replicas: alive.length,
    fullyLabeledReplicas: alive.filter((pod) => labels.every(([key, value]) => pod.metadata.labels?.[key] === value))
      .length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => isAvailable(pod, replicaSet.spec.minReadySeconds ?? 0, now)).length,
    terminatingReplicas: terminating.length,
    observedGeneration: replicaSet.metadata.generation ?? 0,
    ...(conditions.length === 0 ? {} : { conditions }),
  }
}

function conditionsOf(replicaSet: ReplicaSet, refusal: ApiError | undefined, count: number): Condition[] {
  const others = (replicaSet.status.conditions ?? []).filter((one) => one.type !== 'ReplicaFailure')
  if (refusal === undefined) return others
  const known = conditionOf(replicaSet.status.conditions, 'ReplicaFailure')
  const reason = count < replicaSet.spec.replicas ? 'FailedCreate' : 'FailedDelete'
  return [
    ...others,
    known ?? {
      type: 'ReplicaFailure',
      status: 'True',
      lastTransitionTime: timestamp(),
      reason,
      message: refusal.message,
    },
  ]
}

function comparable(status: ReplicaSetStatus): object {
  return {
    fullyLabeledReplicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    ...status,
    conditions: status.conditions ?? [],
  }
}
