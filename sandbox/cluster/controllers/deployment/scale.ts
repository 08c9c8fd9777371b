import { clone } from '../../json.ts'
import type { Deployment, ReplicaSet } from '../../kinds.ts'
import type { World } from '../run.ts'
import { maxSurge } from './numbers.ts'
import { oldestFirst, revisionOf, sizeAnnotations } from './revisions.ts'

export const component = 'deployment-controller'

/** Scales a ReplicaSet and says so in an event. @returns it as it is now, and whether its size changed */
export function scaleTo(
  world: World,
  replicaSet: ReplicaSet,
  size: number,
  deployment: Deployment,
  force = false,
): { replicaSet: ReplicaSet; scaled: boolean } {
  const resized = replicaSet.spec.replicas !== size
  if (!resized && !force) return { replicaSet, scaled: false }
  const sizes = sizeAnnotations(deployment, maxSurge(deployment))
  const stale = Object.entries(sizes).some(([key, value]) => replicaSet.metadata.annotations?.[key] !== value)
  if (!resized && !stale) return { replicaSet, scaled: false }
  const copy = clone(replicaSet)
  copy.spec.replicas = size
  copy.metadata.annotations = { ...copy.metadata.annotations, ...sizes }
  const before = replicaSet.spec.replicas
  const after = world.update(copy)
  if (resized)
    world.record(component, {
      about: deployment,
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled ${before < size ? 'up' : 'down'} replica set ${after.metadata.name} from ${before} to ${size}`,
    })
  return { replicaSet: after, scaled: resized }
}

/** Deletes old ReplicaSets beyond the history limit, lowest revision first; only those that are empty. */
export function cleanUp(world: World, old: readonly ReplicaSet[], deployment: Deployment): void {
  const limit = deployment.spec.revisionHistoryLimit
  if (limit === undefined || limit === 2147483647) return
  const alive = oldestFirst(old.filter((one) => one.metadata.deletionTimestamp === undefined)).sort(
    (a, b) => revisionOf(a) - revisionOf(b),
  )
  for (const one of alive.slice(0, Math.max(alive.length - limit, 0))) {
    const busy =
      one.status.replicas !== 0 ||
      one.spec.replicas !== 0 ||
      (one.metadata.generation ?? 0) > (one.status.observedGeneration ?? 0)
    if (!busy) world.remove(one)
  }
}
