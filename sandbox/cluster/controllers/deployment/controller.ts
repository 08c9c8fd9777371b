import { clone, deepEqual } from '../../json.ts'
import {
  type Condition,
  conditionOf,
  controllerOf,
  type Deployment,
  type DeploymentStatus,
  type ReplicaSet,
} from '../../kinds.ts'
import { specSelector } from '../../store/selectors.ts'
import type { Change } from '../../store/store.ts'
import { claim } from '../owner.ts'
import type { Controller, World } from '../run.ts'
import { condition, hasDeadline, progressed, setCondition, untilDeadline, withoutCondition } from './conditions.ts'
import {
  active,
  actualTotal,
  availableTotal,
  maxUnavailable,
  numberOf,
  readyTotal,
  terminatingTotal,
  wantedTotal,
} from './numbers.ts'
import { type Sets, syncRevision } from './replica-sets.ts'
import { desiredAnnotation } from './revisions.ts'
import { rollRecreate, rollRolling, scaleAll } from './rollout.ts'
import { cleanUp } from './scale.ts'

/** Deployments, as kube-controller-manager runs them (pkg/controller/deployment). */
export const deploymentController: Controller = { name: 'deployment', keysOf, sync }

function keysOf(change: Change, world: World): string[] {
  const { object } = change.entry
  if (change.resource === 'deployments') return change.type === 'DELETED' ? [] : [change.entry.key]
  if (change.resource === 'replicasets') return ownersOf(object as ReplicaSet, world)
  // Only Recreate waits for pods to be gone; status reaches a Deployment through its ReplicaSets.
  if (change.resource !== 'pods' || change.type !== 'DELETED') return []
  const set = controllerOf(object)
  const owner =
    set?.kind === 'ReplicaSet' ? world.find<ReplicaSet>('replicasets', object.metadata.namespace, set.name) : undefined
  return owner === undefined ? [] : ownersOf(owner, world)
}

function ownersOf(replicaSet: ReplicaSet, world: World): string[] {
  const { namespace = '' } = replicaSet.metadata
  const owner = controllerOf(replicaSet)
  if (owner !== undefined) return owner.kind === 'Deployment' ? [`${namespace}/${owner.name}`] : []
  const labels = replicaSet.metadata.labels ?? {}
  return world
    .list<Deployment>('deployments', namespace)
    .filter((one) => specSelector(one.spec.selector)(labels))
    .map((one) => `${namespace}/${one.metadata.name}`)
}

function sync(key: string, world: World): number | undefined {
  const [namespace, name = ''] = key.split('/')
  const found = world.find<Deployment>('deployments', namespace, name)
  if (found === undefined) return undefined
  const all = claim<ReplicaSet>(world, 'replicasets', found, found.spec.selector)
  if (found.metadata.deletionTimestamp !== undefined)
    return writeStatus(world, found, syncRevision(world, found, all, false), false)
  const deployment = notePause(world, found)
  if (deployment.spec.paused === true) {
    const sets = scaleAll(world, syncRevision(world, deployment, all, false))
    cleanUp(world, sets.old, deployment)
    return writeStatus(world, found, sets, false)
  }
  const known = syncRevision(world, deployment, all, false)
  if (wasScaled(known)) return writeStatus(world, found, scaleAll(world, known), false)
  if (known.deployment.spec.strategy.type === 'Recreate')
    return writeStatus(world, found, rollRecreate(world, known, all), true)
  const sets = known.current === undefined ? syncRevision(world, known.deployment, all, true) : known
  return writeStatus(world, found, rollRolling(world, sets), true)
}

/** Paused and resumed are said in the Progressing condition, so that a deadline does not run meanwhile. */
function notePause(world: World, deployment: Deployment): Deployment {
  if (!hasDeadline(deployment)) return deployment
  const current = conditionOf(deployment.status.conditions, 'Progressing')
  if (current?.reason === 'ProgressDeadlineExceeded') return deployment
  const noted = current?.reason === 'DeploymentPaused'
  const paused = deployment.spec.paused === true
  if (paused === noted) return deployment
  const copy = clone(deployment)
  const next = paused
    ? condition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused')
    : condition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed')
  copy.status.conditions = setCondition(copy.status.conditions, next)
  return world.updateStatus(copy)
}

function wasScaled({ deployment, current, old }: Sets): boolean {
  return active([...old, ...(current === undefined ? [] : [current])]).some((one) => {
    const desired = numberOf(one, desiredAnnotation)
    return desired !== undefined && desired !== deployment.spec.replicas
  })
}

/** Pause before a sync whose status write met a conflict is tried again. */
const conflictMs = 5

/**
 * Writes the status of this sync. The real controller works on the object that it read first: when revision or conditions were
 * written meanwhile, its status write is a conflict and the whole sync is done again a little later; so it is here.
 * @returns when to look again
 */
function writeStatus(world: World, read: Deployment, sets: Sets, rollout: boolean): number | undefined {
  const { current, old, deployment } = sets
  if (deployment.metadata.resourceVersion !== read.metadata.resourceVersion) return conflictMs
  const all = [...old, ...(current === undefined ? [] : [current])]
  const status = statusOf(deployment, all, current)
  if (rollout) {
    status.conditions = progressed(deployment, status, current, Date.now())
    const failure = failureOf(all, current)
    status.conditions =
      failure === undefined
        ? withoutCondition(status.conditions, 'ReplicaFailure')
        : setCondition(status.conditions, failure)
  }
  if (!deepEqual(withoutZeros(deployment.status), withoutZeros(status))) world.updateStatus({ ...deployment, status })
  return rollout ? untilDeadline(deployment, status, Date.now()) : undefined
}

function withoutZeros(status: DeploymentStatus): object {
  return Object.fromEntries(
    Object.entries(status).filter(
      ([key, value]) =>
        key === 'terminatingReplicas' ||
        (value !== 0 && value !== undefined && !(Array.isArray(value) && value.length === 0)),
    ),
  )
}

function statusOf(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
): DeploymentStatus {
  const available = availableTotal(all)
  const enough = available >= deployment.spec.replicas - maxUnavailable(deployment)
  const availability = enough
    ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
    : condition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.')
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: actualTotal(all),
    updatedReplicas: current?.status.replicas ?? 0,
    readyReplicas: readyTotal(all),
    availableReplicas: available,
    unavailableReplicas: Math.max(wantedTotal(all) - available, 0),
    terminatingReplicas: terminatingTotal(all),
    ...(deployment.status.collisionCount === undefined ? {} : { collisionCount: deployment.status.collisionCount }),
    conditions: setCondition(deployment.status.conditions, availability),
  }
}

/** A ReplicaSet that cannot create its pods makes its Deployment say so; the current one before the others. */
function failureOf(all: readonly ReplicaSet[], current: ReplicaSet | undefined): Condition | undefined {
  const found = [current, ...all]
    .map((one) => conditionOf(one?.status.conditions, 'ReplicaFailure'))
    .find((one) => one !== undefined)
  return found === undefined ? undefined : { ...found, lastUpdateTime: found.lastTransitionTime ?? '' }
}
