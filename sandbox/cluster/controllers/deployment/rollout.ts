import type { Deployment, Pod, ReplicaSet } from '../../kinds.ts'
import type { World } from '../run.ts'
import { isComplete } from './conditions.ts'
import {
  active,
  actualTotal,
  availableTotal,
  isRolling,
  isSaturated,
  maxSurge,
  maxUnavailable,
  newSize,
  proportion,
  wantedTotal,
} from './numbers.ts'
import { type Sets, syncRevision } from './replica-sets.ts'
import { oldestFirst } from './revisions.ts'
import { cleanUp, scaleTo } from './scale.ts'

/** One step of a rolling update: up if there is room, else down if enough are available. After rolling.go. */
export function rollRolling(world: World, sets: Sets): Sets {
  const { deployment, current, old } = sets
  if (current === undefined) return sets
  const up = growNew(world, deployment, [...old, current], current)
  if (up.scaled) return { ...sets, current: up.replicaSet }
  const down = shrinkOld(world, deployment, current, old)
  if (down !== undefined) return { ...sets, old: down }
  if (isComplete(deployment, deployment.status)) cleanUp(world, old, deployment)
  return sets
}

function growNew(
  world: World,
  deployment: Deployment,
  all: readonly ReplicaSet[],
  current: ReplicaSet,
): { replicaSet: ReplicaSet; scaled: boolean } {
  const wanted = deployment.spec.replicas
  if (current.spec.replicas === wanted) return { replicaSet: current, scaled: false }
  return scaleTo(
    world,
    current,
    current.spec.replicas > wanted ? wanted : newSize(deployment, all, current.spec.replicas),
    deployment,
  )
}

/** @returns the old ReplicaSets after a change, undefined when none changed */
function shrinkOld(
  world: World,
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): ReplicaSet[] | undefined {
  if (wantedTotal(old) === 0) return undefined
  const minAvailable = deployment.spec.replicas - maxUnavailable(deployment)
  const missing = current.spec.replicas - (current.status.availableReplicas ?? 0)
  const room = wantedTotal([...old, current]) - minAvailable - missing
  if (room <= 0) return undefined
  // Unhealthy replicas first: they give no availability and would block the rollout.
  const cleaned = lower(world, deployment, old, room, (one) => one.spec.replicas - (one.status.availableReplicas ?? 0))
  const spare = availableTotal([...cleaned.sets, current]) - minAvailable
  const lowered =
    spare > 0
      ? lower(world, deployment, cleaned.sets, spare, (one) => one.spec.replicas)
      : { sets: cleaned.sets, count: 0 }
  return cleaned.count + lowered.count > 0 ? lowered.sets : undefined
}

function lower(
  world: World,
  deployment: Deployment,
  old: readonly ReplicaSet[],
  most: number,
  removable: (one: ReplicaSet) => number,
): { sets: ReplicaSet[]; count: number } {
  let count = 0
  const sets = oldestFirst(old).map((one) => {
    const step = Math.min(most - count, removable(one), one.spec.replicas)
    if (step <= 0) return one
    count += step
    return scaleTo(world, one, one.spec.replicas - step, deployment).replicaSet
  })
  return { sets, count }
}

/** Recreate: the old pods all go before the first new one comes. After recreate.go. */
export function rollRecreate(world: World, sets: Sets, all: readonly ReplicaSet[]): Sets {
  const { deployment, current, old } = sets
  if (active(old).length > 0) return { ...sets, old: old.map((one) => scaleTo(world, one, 0, deployment).replicaSet) }
  if (actualTotal(old) > 0 || podsRemain(world, old)) return sets
  const next = current === undefined ? syncRevision(world, deployment, all, true) : sets
  if (next.current === undefined) return next
  const up = scaleTo(world, next.current, deployment.spec.replicas, next.deployment)
  if (isComplete(next.deployment, next.deployment.status)) cleanUp(world, next.old, next.deployment)
  return { ...next, current: up.replicaSet }
}

function podsRemain(world: World, old: readonly ReplicaSet[]): boolean {
  return old.some((one) =>
    (world.index.controlled('pods', one.metadata.uid) as Pod[]).some(
      (pod) => pod.status.phase !== 'Failed' && pod.status.phase !== 'Succeeded',
    ),
  )
}

/** A change of size (or a pause): replicas are spread over the ReplicaSets in proportion. After sync.go's scale. */
export function scaleAll(world: World, sets: Sets): Sets {
  const { deployment, current, old } = sets
  const only = onlyActive(current, old)
  if (only !== undefined) return replaced(sets, [scaleTo(world, only, deployment.spec.replicas, deployment).replicaSet])
  if (isSaturated(deployment, current))
    return replaced(
      sets,
      active(old).map((one) => scaleTo(world, one, 0, deployment).replicaSet),
    )
  if (!isRolling(deployment)) return sets
  const all = active([...old, ...(current === undefined ? [] : [current])])
  const limit = deployment.spec.replicas > 0 ? deployment.spec.replicas + maxSurge(deployment) : 0
  const toAdd = limit - wantedTotal(all)
  const ordered = oldestFirst(all)
  if (toAdd > 0) ordered.reverse()
  ordered.sort((a, b) => b.spec.replicas - a.spec.replicas)
  let added = 0
  const sizes = ordered.map((one) => {
    const share = proportion(one, deployment, toAdd, added)
    added += share
    return one.spec.replicas + share
  })
  // What rounding leaves goes to the largest.
  if (toAdd !== 0 && sizes[0] !== undefined) sizes[0] = Math.max(sizes[0] + toAdd - added, 0)
  return replaced(
    sets,
    ordered.map((one, index) => scaleTo(world, one, sizes[index] ?? one.spec.replicas, deployment, true).replicaSet),
  )
}

function onlyActive(current: ReplicaSet | undefined, old: readonly ReplicaSet[]): ReplicaSet | undefined {
  const all = active([...old, ...(current === undefined ? [] : [current])])
  if (all.length === 0) return current ?? oldestFirst(old).at(-1)
  return all.length === 1 ? all[0] : undefined
}

function replaced(sets: Sets, changed: readonly ReplicaSet[]): Sets {
  const pick = <T extends ReplicaSet | undefined>(one: T): T =>
    (changed.find((other) => other.metadata.uid === one?.metadata.uid) as T | undefined) ?? one
  return { ...sets, current: pick(sets.current), old: sets.old.map(pick) }
}
