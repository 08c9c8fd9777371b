import { clone, deepEqual } from '../json.ts'
import {
  type Budget,
  type Condition,
  controllerOf,
  type Deployment,
  isReady,
  type Pod,
  type ReplicaSet,
  type StatefulSet,
  scaled,
} from '../kinds.ts'
import { specSelector } from '../store/selectors.ts'
import type { Change } from '../store/store.ts'
import { timestamp } from '../time.ts'
import type { Controller, World } from './run.ts'

/** PodDisruptionBudgets: how many pods may be evicted now (pkg/controller/disruption). */
export const budgetController: Controller = { name: 'budget', keysOf, sync }

function keysOf(change: Change, world: World): string[] {
  if (change.resource === 'poddisruptionbudgets') return change.type === 'DELETED' ? [] : [change.entry.key]
  if (change.resource !== 'pods') return []
  const { namespace = '', labels = {} } = change.entry.object.metadata
  return world
    .list<Budget>('poddisruptionbudgets', namespace)
    .filter((one) => specSelector(one.spec.selector)(labels))
    .map((one) => `${namespace}/${one.metadata.name}`)
}

function sync(key: string, world: World): undefined {
  const [namespace, name = ''] = key.split('/')
  const budget = world.find<Budget>('poddisruptionbudgets', namespace, name)
  if (budget === undefined) return
  const matches = specSelector(budget.spec.selector)
  const pods = world
    .list<Pod>('pods', namespace)
    .filter(
      (pod) => matches(pod.metadata.labels ?? {}) && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed',
    )
  const { minAvailable, maxUnavailable } = budget.spec
  const expected = typeof minAvailable === 'number' ? pods.length : expectedScale(world, pods)
  const desired =
    maxUnavailable === undefined
      ? scaled(minAvailable ?? 1, expected, true)
      : Math.max(expected - scaled(maxUnavailable, expected, true), 0)
  const disrupted = Object.fromEntries(
    Object.entries(budget.status.disruptedPods ?? {}).filter(([pod]) =>
      pods.some((one) => one.metadata.name === pod && one.metadata.deletionTimestamp === undefined),
    ),
  )
  const healthy = pods.filter(
    (pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined && !(pod.metadata.name in disrupted),
  ).length
  const allowed = expected > 0 ? Math.max(healthy - desired, 0) : 0
  const status: Budget['status'] = {
    observedGeneration: budget.metadata.generation ?? 0,
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
    ...(Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }),
    conditions: [allowedCondition(budget, allowed > 0)],
  }
  if (!deepEqual(budget.status, status)) world.updateStatus({ ...clone(budget), status })
}

function allowedCondition(budget: Budget, allowed: boolean): Condition & { observedGeneration: number } {
  const status = allowed ? 'True' : 'False'
  const known = budget.status.conditions?.find((one) => one.type === 'DisruptionAllowed')
  const lastTransitionTime = known?.status === status ? (known.lastTransitionTime ?? timestamp()) : timestamp()
  return {
    type: 'DisruptionAllowed',
    status,
    observedGeneration: budget.metadata.generation ?? 0,
    lastTransitionTime,
    reason: allowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  }
}

/** The wanted replicas of the pods' controllers. */
function expectedScale(world: World, pods: readonly Pod[]): number {
  const sizes = new Map<string, number>()
  for (const pod of pods) {
    const owner = controllerOf(pod)
    if (owner === undefined) continue
    const namespace = pod.metadata.namespace
    if (owner.kind === 'StatefulSet')
      sizes.set(owner.uid, world.find<StatefulSet>('statefulsets', namespace, owner.name)?.spec.replicas ?? 0)
    if (owner.kind !== 'ReplicaSet') continue
    const set = world.find<ReplicaSet>('replicasets', namespace, owner.name)
    const above = set === undefined ? undefined : controllerOf(set)
    const deployment = above === undefined ? undefined : world.find<Deployment>('deployments', namespace, above.name)
    if (deployment !== undefined) sizes.set(deployment.metadata.uid, deployment.spec.replicas)
    else if (set !== undefined) sizes.set(set.metadata.uid, set.spec.replicas)
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0)
}
