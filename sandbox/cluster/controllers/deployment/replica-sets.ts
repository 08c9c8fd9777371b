import { fnv32a, safeEncode } from '../../api/names.ts'
import { clone } from '../../json.ts'
import { conditionOf, controllerOf, type Deployment, type ReplicaSet } from '../../kinds.ts'
import { ApiError } from '../../status.ts'
import { specSelector } from '../../store/selectors.ts'
import type { World } from '../run.ts'
import { condition, hasDeadline, setCondition } from './conditions.ts'
import { maxSurge, newSize } from './numbers.ts'
import {
  annotated,
  firstAnnotations,
  hashLabel,
  newReplicaSet,
  oldestFirst,
  revisionAnnotation,
  revisionOf,
  sameTemplate,
  sizeAnnotations,
  templateText,
} from './revisions.ts'

export const component = 'deployment-controller'

/** The ReplicaSets of a Deployment, after adopting orphans that match and releasing what no longer does. */
export function claimReplicaSets(world: World, deployment: Deployment): ReplicaSet[] {
  const { uid, namespace = '', deletionTimestamp } = deployment.metadata
  const matches = specSelector(deployment.spec.selector)
  const own = (world.index.controlled('replicasets', uid) as ReplicaSet[]).filter((one) => {
    if (matches(one.metadata.labels ?? {})) return true
    if (deletionTimestamp === undefined) release(world, one, uid)
    return false
  })
  if (deletionTimestamp !== undefined) return own
  const orphans = (world.index.orphans('replicasets', namespace) as ReplicaSet[]).filter(
    (one) => one.metadata.deletionTimestamp === undefined && matches(one.metadata.labels ?? {}),
  )
  return [...own, ...orphans.map((one) => adopt(world, one, deployment))]
}

export function adopt<T extends ReplicaSet>(world: World, orphan: T, owner: Deployment): T {
  const copy = clone(orphan)
  copy.metadata.ownerReferences = [...(copy.metadata.ownerReferences ?? []), ownerReference(owner)]
  return world.update(copy)
}

export function ownerReference(owner: { apiVersion: string; kind: string; metadata: { name: string; uid: string } }) {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

function release(world: World, replicaSet: ReplicaSet, uid: string): void {
  const copy = clone(replicaSet)
  copy.metadata.ownerReferences = (copy.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid)
  world.update(copy)
}

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

function createReplicaSet(
  world: World,
  deployment: Deployment,
  old: readonly ReplicaSet[],
  revision: number,
): { deployment: Deployment; current: ReplicaSet | undefined } {
  const { namespace, name } = deployment.metadata
  const hash = safeEncode(
    String(fnv32a(`${templateText(deployment.spec.template)}${deployment.status.collisionCount ?? ''}`)),
  )
  const labels = { ...deployment.spec.template.metadata.labels, [hashLabel]: hash }
  const size = newSize(deployment, old, 0)
  const wanted = {
    metadata: {
      name: `${name}-${hash}`,
      labels,
      annotations: firstAnnotations(deployment, revision, maxSurge(deployment)),
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: size,
      minReadySeconds: deployment.spec.minReadySeconds ?? 0,
      selector: {
        ...deployment.spec.selector,
        matchLabels: { ...deployment.spec.selector.matchLabels, [hashLabel]: hash },
      },
      template: {
        ...clone(deployment.spec.template),
        metadata: { ...clone(deployment.spec.template.metadata), labels },
      },
    },
  }
  let made: ReplicaSet
  try {
    made = world.create<ReplicaSet>('replicasets', namespace, wanted)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return creationFailed(world, deployment, wanted.metadata.name, error)
  }
  if (size > 0)
    world.record(component, {
      about: deployment,
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled up replica set ${made.metadata.name} from 0 to ${size}`,
    })
  const copy = clone(deployment)
  copy.metadata.annotations = { ...copy.metadata.annotations, [revisionAnnotation]: String(revision) }
  if (hasDeadline(deployment))
    copy.status.conditions = setCondition(
      copy.status.conditions,
      condition('Progressing', 'True', 'NewReplicaSetCreated', `Created new replica set "${made.metadata.name}"`),
    )
  return { deployment: world.updateStatus(copy), current: made }
}

/** A name that is taken by another template is a collision of hashes: the count is raised and the sync tried again. */
function creationFailed(world: World, deployment: Deployment, name: string, error: ApiError): never {
  const copy = clone(deployment)
  if (error.status.reason === 'AlreadyExists') {
    const found = world.find<ReplicaSet>('replicasets', deployment.metadata.namespace, name)
    const ours =
      found !== undefined &&
      controllerOf(found)?.uid === deployment.metadata.uid &&
      sameTemplate(found.spec.template, deployment.spec.template)
    if (!ours) {
      copy.status.collisionCount = (copy.status.collisionCount ?? 0) + 1
      world.updateStatus(copy)
    }
    throw error
  }
  const message = `Failed to create new replica set "${name}": ${error.message}`
  if (hasDeadline(deployment)) {
    copy.status.conditions = setCondition(
      copy.status.conditions,
      condition('Progressing', 'False', 'ReplicaSetCreateError', message),
    )
    world.updateStatus(copy)
  }
  world.record(component, { about: deployment, type: 'Warning', reason: 'ReplicaSetCreateError', message })
  throw error
}

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
