import { clone } from '../../json.ts'
import { conditionOf, type Deployment, type ReplicaSet } from '../../kinds.ts'
import type { World } from '../run.ts'
import { condition, hasDeadline, setCondition } from './conditions.ts'
import { createReplicaSet } from './create.ts'
import { annotated, newReplicaSet, revisionAnnotation, revisionOf } from './revisions.ts'

export type Sets = { deployment: Deployment; current: ReplicaSet | undefined; old: ReplicaSet[] }

/**
 * The current ReplicaSet with its revision brought up to date (created if wished) and the old ones;
 * after getAllReplicaSetsAndSyncRevision of pkg/controller/deployment/sync.go.
 */
export function syncRevision(world: World, deployment: Deployment, all: readonly ReplicaSet[], create: boolean): Sets {
  const existing = newReplicaSet(deployment, all)
  const old = all.filter((one) => one.metadata.uid !== existing?.metadata.uid)
  const revision = old.reduce((max, one) => Math.max(max, revisionOf(one)), 0) + 1
  if (existing !== undefined) return { ...renumber(world, deployment, existing, revision), old }
  if (!create) return { deployment, current: undefined, old }
  return { ...createReplicaSet(world, deployment, old, revision), old }
}

function renumber(
  world: World,
  deployment: Deployment,
  existing: ReplicaSet,
  revision: number,
): { deployment: Deployment; current: ReplicaSet } {
  const next = annotated(deployment, existing, revision)
  const seconds = deployment.spec.minReadySeconds ?? 0
  if (next !== undefined || (existing.spec.minReadySeconds ?? 0) !== seconds) {
    const copy = next ?? clone(existing)
    copy.spec.minReadySeconds = seconds
    return { deployment, current: world.update(copy) }
  }
  const number = existing.metadata.annotations?.[revisionAnnotation] ?? ''
  const unknown = hasDeadline(deployment) && conditionOf(deployment.status.conditions, 'Progressing') === undefined
  if (deployment.metadata.annotations?.[revisionAnnotation] === number && !unknown)
    return { deployment, current: existing }
  const copy = clone(deployment)
  copy.metadata.annotations = { ...copy.metadata.annotations, [revisionAnnotation]: number }
  if (unknown)
    copy.status.conditions = setCondition(
      copy.status.conditions,
      condition('Progressing', 'True', 'FoundNewReplicaSet', `Found new replica set "${existing.metadata.name}"`),
    )
  return { deployment: world.updateStatus(copy), current: existing }
}
