import { isObject, type JsonObject, type KubeObject, numberAt, objectAt, stringAt } from '../json.ts'
import { type Budget, isActive, isReady, type Pod } from '../kinds.ts'
import { type ResourceType, resourceType } from '../schema/resources.ts'
import { badRequest, conflict, failure, type Status, success } from '../status.ts'
import { selectorText, specSelector } from '../store/selectors.ts'
import { timestamp } from '../time.ts'
import type { WriteOptions } from './context.ts'
import type { DeleteOptions } from './delete.ts'
import type { Reference, Registry } from './registry.ts'

/** The Scale of a workload. */
export function scaleOf(object: KubeObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(object['spec'], 'replicas') ?? 0 },
    status: {
      replicas: numberAt(object['status'], 'replicas') ?? 0,
      selector: selectorText(objectAt(object['spec'], 'selector')),
    },
  }
}

/** Writes the replicas of a Scale into its workload. @throws ApiError 422 for a negative number, 409 for an old version */
export function writeScale(
  registry: Registry,
  type: ResourceType,
  reference: Reference,
  change: (scale: JsonObject) => unknown,
  options: WriteOptions,
): JsonObject {
  const after = registry.change(
    type,
    reference,
    (before) => {
      const scale = change(scaleOf(before))
      const replicas = numberAt(objectAt(scale, 'spec'), 'replicas') ?? 0
      const version = stringAt(objectAt(scale, 'metadata'), 'resourceVersion')
      return {
        ...before,
        metadata: { ...before.metadata, ...(version ? { resourceVersion: version } : {}) },
        spec: { ...(isObject(before['spec']) ? before['spec'] : {}), replicas },
      }
    },
    options,
    'scale',
  )
  return scaleOf(after)
}

/** Places a pod on a node, as a scheduler does. */
export function bind(registry: Registry, reference: Reference, body: unknown, options: WriteOptions): Status {
  const node = stringAt(objectAt(body, 'target'), 'name')
  if (!node) throw badRequest('Binding "" is invalid: target.name: Required value')
  if (stringAt(objectAt(body, 'metadata'), 'name') !== reference.name)
    throw badRequest('name in URL does not match name in Binding object')
  const type = resourceType('pods')
  const pod = registry.get(type, reference) as Pod
  const target = { group: '', resource: 'pods/binding', name: reference.name }
  if (pod.metadata.deletionTimestamp !== undefined)
    throw conflict(target, `pod ${reference.name} is being deleted, cannot be assigned to a host`)
  if (pod.spec.nodeName)
    throw conflict(target, `pod ${reference.name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`)
  if (options.dryRun === true) return success(201)
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: timestamp() }
  const others = (pod.status.conditions ?? []).filter((one) => one.type !== 'PodScheduled')
  registry.store.put('pods', {
    ...pod,
    metadata: { ...pod.metadata },
    spec: { ...pod.spec, nodeName: node },
    status: { ...pod.status, conditions: [...others, scheduled] },
  } as Pod)
  return success(201)
}

/** Deletes a pod unless a disruption budget forbids it. @throws ApiError 429 in the words of the real server */
export function evict(
  registry: Registry,
  reference: Reference,
  body: unknown,
  deleteOptions: DeleteOptions,
  options: WriteOptions,
): Status {
  const pod = registry.get(resourceType('pods'), reference) as Pod
  const budgets = registry.store
    .list('poddisruptionbudgets', reference.namespace)
    .map((entry) => entry.object as Budget)
    .filter((one) => specSelector(one.spec.selector)(pod.metadata.labels ?? {}))
  const protectedPod = isActive(pod) && pod.status.phase !== 'Pending'
  if (budgets.length > 1 && protectedPod)
    throw failure(
      500,
      'InternalError',
      'Internal error occurred: This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    )
  const budget = budgets[0]
  if (budget !== undefined && protectedPod) spend(registry, budget, pod, options)
  registry.delete(resourceType('pods'), reference, {
    ...deleteOptions,
    ...readDeleteOptions(objectAt(body, 'deleteOptions')),
    ...(options.dryRun === true ? { dryRun: true } : {}),
  })
  return success(201)
}

function spend(registry: Registry, budget: Budget, pod: Pod, options: WriteOptions): void {
  const { status } = budget
  const name = budget.metadata.name
  const refuse = (message: string, retryAfterSeconds?: number) =>
    failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [{ reason: 'DisruptionBudget', message }],
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    })
  if ((status.observedGeneration ?? 0) < (budget.metadata.generation ?? 0))
    throw refuse(`The disruption budget ${name} is still being processed by the server.`, 10)
  if (status.disruptionsAllowed <= 0) {
    // A pod that is not ready anyway may go while enough others are healthy (policy IfHealthyBudget).
    if (!isReady(pod) && status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0) return
    throw refuse(
      `The disruption budget ${name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`,
    )
  }
  if (options.dryRun === true) return
  const spent = {
    ...status,
    disruptionsAllowed: status.disruptionsAllowed - 1,
    disruptedPods: { ...status.disruptedPods, [pod.metadata.name]: timestamp() },
  }
  registry.store.put('poddisruptionbudgets', { ...budget, metadata: { ...budget.metadata }, status: spent } as Budget)
}

/** Reads DeleteOptions; unknown keys are ignored, as the server does. */
export function readDeleteOptions(body: unknown): DeleteOptions {
  const grace = numberAt(body, 'gracePeriodSeconds')
  const policy = stringAt(body, 'propagationPolicy')
  const conditions = objectAt(body, 'preconditions')
  const orphan = isObject(body) ? body['orphanDependents'] : undefined
  const propagation =
    policy === 'Background' || policy === 'Foreground' || policy === 'Orphan'
      ? policy
      : orphan === true
        ? 'Orphan'
        : undefined
  const uid = stringAt(conditions, 'uid')
  const resourceVersion = stringAt(conditions, 'resourceVersion')
  return {
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
    ...(conditions === undefined
      ? {}
      : {
          preconditions: {
            ...(uid === undefined ? {} : { uid }),
            ...(resourceVersion === undefined ? {} : { resourceVersion }),
          },
        }),
    ...(isObject(body) && Array.isArray(body['dryRun']) && body['dryRun'].includes('All') ? { dryRun: true } : {}),
  }
}
