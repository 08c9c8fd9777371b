import { isActive, isAvailable, type Pod, type PodTemplate, type StatefulSet } from '../kinds.ts'
import { ApiError } from '../status.ts'
import type { Change } from '../store/store.ts'
import { currentRevision, revisionsOf, truncateHistory } from './history.ts'
import { claimPods, ownerKeys, podOf, untilAvailable } from './pods.ts'
import type { Controller, World } from './run.ts'
import { type Revisions, revisionLabel, revisionOf, writeStatus } from './stateful-status.ts'

const component = 'statefulset-controller'
const hashLabel = 'controller.kubernetes.io/hash'

/**
 * StatefulSets, as kube-controller-manager runs them (pkg/controller/statefulset). With OrderedReady nothing moves past a pod that is
 * not ready: a broken update stays stuck after its template is restored, until the broken pod is deleted (kubernetes#67250).
 */
export const statefulSetController: Controller = { name: 'statefulset', keysOf, sync }

function keysOf(change: Change, world: World): readonly string[] {
  if (change.resource === 'statefulsets') return change.type === 'DELETED' ? [] : [change.entry.key]
  return change.resource === 'pods' ? ownerKeys(world, change.entry.object, 'StatefulSet', 'statefulsets') : []
}

function sync(key: string, world: World): number | undefined {
  const [namespace, name = ''] = key.split('/')
  const set = world.find<StatefulSet>('statefulsets', namespace, name)
  if (set === undefined) return undefined
  const { current: update, all } = currentRevision(world, set, hashLabel)
  const current = revisionsOf(world, set).find((one) => one.metadata.name === set.status.currentRevision) ?? update
  const revisions = { current, update, all }
  const before = claimPods(world, set, set.spec.selector)
  const refusal = set.metadata.deletionTimestamp === undefined ? reconcile(world, set, revisions, before) : undefined
  const pods = world.index.controlled('pods', set.metadata.uid) as Pod[]
  writeStatus(world, set, revisions, pods)
  truncateHistory(world, set, all, new Set([current.metadata.name, update.metadata.name, ...pods.map(revisionOf)]))
  if (refusal !== undefined) throw refusal
  return untilAvailable(pods.filter(isActive), set.spec.minReadySeconds ?? 0, Date.now())
}

const isHealthy = (set: StatefulSet, pod: Pod | undefined): boolean =>
  pod !== undefined &&
  pod.metadata.deletionTimestamp === undefined &&
  pod.status.phase === 'Running' &&
  isAvailable(pod, set.spec.minReadySeconds ?? 0, Date.now())

function ordinalOf(set: StatefulSet, pod: Pod): number {
  const match = /^(.*)-([0-9]+)$/.exec(pod.metadata.name)
  return match?.[1] === set.metadata.name ? Number(match[2]) : -1
}

/** One step towards the wanted pods. @returns why a pod could not be created, if so */
function reconcile(world: World, set: StatefulSet, revisions: Revisions, pods: readonly Pod[]): ApiError | undefined {
  const start = set.spec.ordinals?.start ?? 0
  const end = start + set.spec.replicas - 1
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod), pod]))
  const ordered = set.spec.podManagementPolicy !== 'Parallel'
  for (let ordinal = start; ordinal <= end; ordinal += 1) {
    const step = processReplica(world, set, revisions, byOrdinal.get(ordinal), ordinal, ordered)
    if (step instanceof ApiError) return step
    if (step === 'wait' && ordered) return undefined
  }
  const condemned = [...byOrdinal]
    .filter(([ordinal]) => ordinal >= 0 && (ordinal < start || ordinal > end))
    .sort(([a], [b]) => b - a)
    .map(([, pod]) => pod)
  if (scaleDown(world, set, condemned, ordered)) return undefined
  rollOut(world, set, revisions, byOrdinal, start, end)
  return undefined
}

function processReplica(
  world: World,
  set: StatefulSet,
  revisions: Revisions,
  pod: Pod | undefined,
  ordinal: number,
  ordered: boolean,
): ApiError | 'wait' | 'next' {
  if (pod !== undefined && (pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded')) {
    if (pod.metadata.deletionTimestamp === undefined) remove(world, set, pod)
    return 'wait'
  }
  if (pod === undefined) return create(world, set, revisions, ordinal) ?? (ordered ? 'wait' : 'next')
  return isHealthy(set, pod) ? 'next' : 'wait'
}

/** Below the partition (and, before the rollout reached it, everywhere) a pod gets the revision that was current. */
function create(world: World, set: StatefulSet, revisions: Revisions, ordinal: number): ApiError | undefined {
  const start = set.spec.ordinals?.start ?? 0
  const { updateStrategy } = set.spec
  const partition = updateStrategy.rollingUpdate?.partition
  const stays =
    (updateStrategy.type === 'RollingUpdate' &&
      partition === undefined &&
      ordinal < start + (set.status.currentReplicas ?? 0)) ||
    (partition !== undefined && ordinal < start + partition)
  const revision = stays ? revisions.current : revisions.update
  const { $patch: _patch, ...template } = revision.data.spec.template as PodTemplate & { $patch?: string }
  const name = `${set.metadata.name}-${ordinal}`
  const labels = {
    [revisionLabel]: revision.metadata.name,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
  }
  const wanted = podOf(set, template, { name, labels }) as { metadata: object; spec: object }
  const pod = {
    metadata: { ...wanted.metadata, generateName: `${set.metadata.name}-` },
    spec: { ...wanted.spec, hostname: name, ...(set.spec.serviceName ? { subdomain: set.spec.serviceName } : {}) },
  }
  try {
    world.create('pods', set.metadata.namespace, pod)
    world.record(component, {
      about: set,
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Create Pod ${name} in StatefulSet ${set.metadata.name} successful`,
    })
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    world.record(component, {
      about: set,
      type: 'Warning',
      reason: 'FailedCreate',
      message: `Create Pod ${name} in StatefulSet ${set.metadata.name} failed error: ${error.message}`,
    })
    return error
  }
}

function remove(world: World, set: StatefulSet, pod: Pod): void {
  world.remove(pod)
  world.record(component, {
    about: set,
    type: 'Normal',
    reason: 'SuccessfulDelete',
    message: `Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`,
  })
}

/** @returns whether the rest has to wait */
function scaleDown(world: World, set: StatefulSet, condemned: readonly Pod[], ordered: boolean): boolean {
  const firstUnhealthy = [...condemned].reverse().find((pod) => !isHealthy(set, pod))
  for (const pod of condemned) {
    if (pod.metadata.deletionTimestamp !== undefined) {
      if (ordered) return true
      continue
    }
    if (ordered && !isHealthy(set, pod) && pod !== firstUnhealthy) return true
    remove(world, set, pod)
    if (ordered) return true
  }
  return condemned.length > 0
}

/** Replaces the pod with the largest ordinal that is not at the update revision, when all above it are healthy. */
function rollOut(
  world: World,
  set: StatefulSet,
  revisions: Revisions,
  byOrdinal: ReadonlyMap<number, Pod>,
  start: number,
  end: number,
): void {
  if (set.spec.updateStrategy.type === 'OnDelete') return
  const lowest = Math.max(start, set.spec.updateStrategy.rollingUpdate?.partition ?? 0)
  for (let ordinal = end; ordinal >= lowest; ordinal -= 1) {
    const pod = byOrdinal.get(ordinal)
    if (pod === undefined) return
    const old = revisionOf(pod) !== revisions.update.metadata.name && pod.metadata.deletionTimestamp === undefined
    if (old) remove(world, set, pod)
    if (old || !isHealthy(set, pod)) return
  }
}
