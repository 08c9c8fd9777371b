import { clone, deepEqual, isObject, type KubeObject, objectAt } from '../json.ts'
import type { Deployment } from '../kinds.ts'

/** Kinds whose objects count the generations of their spec. */
const counted = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Pod',
  'Ingress',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'EndpointSlice',
])
/** Kinds with a status that only its subresource may write. */
export const withStatus = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Pod',
  'Node',
  'Namespace',
  'Service',
  'Ingress',
  'PodDisruptionBudget',
  'HorizontalPodAutoscaler',
  'ResourceQuota',
  'PersistentVolumeClaim',
  'PersistentVolume',
])

/** How often a DaemonSet's template has changed. */
const templateGeneration = 'deprecated.daemonset.template.generation'

/** What the creator is taken to have written, though the server adds it. */
export function completeCreate(object: KubeObject): void {
  if (object.kind === 'DaemonSet')
    object.metadata.annotations = { ...object.metadata.annotations, [templateGeneration]: '1' }
  const plain = object['stringData']
  if (object.kind === 'Secret' && isObject(plain)) encodeSecret(object, plain)
}

/** `stringData` is written into `data` and never read back. */
export function encodeSecret(object: KubeObject, plain: Record<string, unknown>): void {
  const encoded = Object.entries(plain).map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')])
  object['data'] = { ...(isObject(object['data']) ? object['data'] : {}), ...Object.fromEntries(encoded) }
  delete object['stringData']
}

/** What the server sets itself in a new object. */
export function prepareCreate(object: KubeObject): void {
  if (counted.has(object.kind)) object.metadata.generation = 1
  else delete object.metadata.generation
  if (object.kind === 'Namespace') object['spec'] = { finalizers: ['kubernetes'] }
  if (!withStatus.has(object.kind) || object.kind === 'Node') return
  object['status'] = initialStatus(object)
}

function initialStatus(object: KubeObject): object {
  switch (object.kind) {
    case 'Pod':
      return { phase: 'Pending' }
    case 'Namespace':
      return { phase: 'Active' }
    case 'Service':
    case 'Ingress':
      return { loadBalancer: {} }
    case 'ReplicaSet':
      return { replicas: 0 }
    case 'StatefulSet':
      return { replicas: 0, availableReplicas: 0 }
    case 'DaemonSet':
      return { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }
    case 'PodDisruptionBudget':
      return { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
    case 'HorizontalPodAutoscaler':
      return { desiredReplicas: 0, currentMetrics: null }
    case 'PersistentVolumeClaim':
      return { phase: 'Pending' }
    default:
      return {}
  }
}

/** Keeps what this way of writing may not change, and counts the generation. */
export function prepareUpdate(before: KubeObject, after: KubeObject, subresource: string | undefined): void {
  if (subresource === 'status') {
    for (const key of Object.keys(after))
      if (!['status', 'metadata', 'kind', 'apiVersion'].includes(key)) delete after[key]
    for (const key of Object.keys(before))
      if (!['status', 'metadata', 'kind', 'apiVersion'].includes(key)) after[key] = before[key]
    if (before.kind === 'Deployment') restore(before, after, 'labels')
    restore(before, after, 'ownerReferences')
    restore(before, after, 'finalizers')
  } else if (withStatus.has(before.kind) && subresource !== 'finalize') {
    if (before['status'] === undefined) delete after['status']
    else after['status'] = clone(before['status'])
  }
  if (before.kind === 'DaemonSet') countTemplates(before, after)
  const plain = after['stringData']
  if (before.kind === 'Secret' && isObject(plain)) encodeSecret(after, plain)
  restore(before, after, 'creationTimestamp')
  restore(before, after, 'generateName')
  restore(before, after, 'deletionTimestamp')
  restore(before, after, 'deletionGracePeriodSeconds')
  restore(before, after, 'generation')
  if (counted.has(before.kind) && subresource !== 'status' && raisesGeneration(before, after))
    after.metadata.generation = (before.metadata.generation ?? 0) + 1
}

function countTemplates(before: KubeObject, after: KubeObject): void {
  const known = Number(before.metadata.annotations?.[templateGeneration] ?? 0)
  const changed = !deepEqual(objectAt(before['spec'], 'template'), objectAt(after['spec'], 'template'))
  after.metadata.annotations = {
    ...after.metadata.annotations,
    [templateGeneration]: String(changed ? known + 1 : known),
  }
}

function restore(
  before: KubeObject,
  after: KubeObject,
  key:
    | 'labels'
    | 'ownerReferences'
    | 'finalizers'
    | 'creationTimestamp'
    | 'generateName'
    | 'deletionTimestamp'
    | 'deletionGracePeriodSeconds'
    | 'generation',
): void {
  const value = before.metadata[key]
  if (value === undefined) delete after.metadata[key]
  else Object.assign(after.metadata, { [key]: clone(value) })
}

/** A Deployment's annotations count, its labels do not; of the others only the spec does (seen on 1.36). */
function raisesGeneration(before: KubeObject, after: KubeObject): boolean {
  if (after.kind === 'EndpointSlice')
    return !deepEqual([before['endpoints'], before['ports']], [after['endpoints'], after['ports']])
  if (!deepEqual(objectAt(before, 'spec'), objectAt(after, 'spec'))) return true
  return (
    after.kind === 'Deployment' &&
    !deepEqual((before as Deployment).metadata.annotations ?? {}, (after as Deployment).metadata.annotations ?? {})
  )
}
