import { clone, type KubeObject } from '../json.ts'
import { type ContainerStatus, conditionOf, controllerOf, isReady, type Pod, type PodTemplate } from '../kinds.ts'
import { ApiError } from '../status.ts'
import { specSelector } from '../store/selectors.ts'
import { millis } from '../time.ts'
import { claim, ownerReference } from './owner.ts'
import type { World } from './run.ts'

export function claimPods(world: World, owner: KubeObject, selector: unknown): Pod[] {
  return claim<Pod>(world, 'pods', owner, selector)
}

/** A pod of a template, to be created. */
export function podOf(
  owner: KubeObject,
  template: PodTemplate,
  more: { name?: string; labels?: Record<string, string> } = {},
): object {
  const { name } = more
  return {
    metadata: {
      ...(name === undefined ? { generateName: `${owner.metadata.name}-` } : { name }),
      labels: { ...template.metadata?.labels, ...more.labels },
      ...(template.metadata?.annotations === undefined ? {} : { annotations: { ...template.metadata.annotations } }),
      ...(template.metadata?.finalizers === undefined ? {} : { finalizers: [...template.metadata.finalizers] }),
      ownerReferences: [ownerReference(owner)],
    },
    spec: clone(template.spec),
  }
}

/**
 * Creates pods one after the other until one is refused. @returns the refusal, or undefined
 */
export function createPods(
  world: World,
  component: string,
  owner: KubeObject,
  make: () => object,
  count: number,
): ApiError | undefined {
  for (let index = 0; index < count; index += 1) {
    try {
      const pod = world.create<Pod>('pods', owner.metadata.namespace, make())
      world.record(component, {
        about: owner,
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: `Created pod: ${pod.metadata.name}`,
      })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      world.record(component, {
        about: owner,
        type: 'Warning',
        reason: 'FailedCreate',
        message: `Error creating: ${error.message}`,
      })
      return error
    }
  }
  return undefined
}

export function deletePod(world: World, component: string, owner: KubeObject, pod: Pod): void {
  world.remove(pod)
  world.record(component, {
    about: owner,
    type: 'Normal',
    reason: 'SuccessfulDelete',
    message: `Deleted pod: ${pod.metadata.name}`,
  })
}

const phases: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 }

/**
 * Pods in the order in which they may go: not placed, not running, not ready, cheap ones first, then those with many of their kind on
 * the node, lately ready, often restarted, young. After ActivePodsWithRanks of pkg/controller/controller_utils.go.
 */
export function deletionOrder(pods: readonly Pod[], related: readonly Pod[]): Pod[] {
  const onNode = new Map<string, number>()
  for (const pod of related) onNode.set(pod.spec.nodeName ?? '', (onNode.get(pod.spec.nodeName ?? '') ?? 0) + 1)
  const cost = (pod: Pod) => Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0)
  const crowd = (pod: Pod) => onNode.get(pod.spec.nodeName ?? '') ?? 0
  const readySince = (pod: Pod) => millis(conditionOf(pod.status.conditions, 'Ready')?.lastTransitionTime)
  const now = Date.now()
  const bucket = (since: number) => (since === 0 ? 0 : Math.floor(Math.log2(Math.max(now - since, 1))))
  return [...pods].sort(
    (a, b) =>
      Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName)) ||
      (phases[a.status.phase ?? ''] ?? 0) - (phases[b.status.phase ?? ''] ?? 0) ||
      Number(isReady(a)) - Number(isReady(b)) ||
      cost(a) - cost(b) ||
      crowd(b) - crowd(a) ||
      (isReady(a) && isReady(b) ? bucket(readySince(a)) - bucket(readySince(b)) : 0) ||
      restarts(b) - restarts(a) ||
      millis(b.metadata.creationTimestamp) - millis(a.metadata.creationTimestamp) ||
      a.metadata.uid.localeCompare(b.metadata.uid),
  )
}

function restarts(pod: Pod): number {
  return Math.max(0, ...(pod.status.containerStatuses ?? []).map((one: ContainerStatus) => one.restartCount))
}

/** The key of a pod's controller when it is of this kind; orphans may concern any owner whose selector matches. */
export function ownerKeys(world: World, object: KubeObject, kind: string, resource: string): string[] {
  const { namespace = '' } = object.metadata
  const owner = controllerOf(object)
  if (owner !== undefined) return owner.kind === kind ? [`${namespace}/${owner.name}`] : []
  const labels = object.metadata.labels ?? {}
  return world
    .list<KubeObject & { spec: { selector: unknown } }>(resource, namespace)
    .filter((one) => specSelector(one.spec.selector)(labels))
    .map((one) => `${namespace}/${one.metadata.name}`)
}

/** Milliseconds until the next ready pod becomes available; undefined when none waits. */
export function untilAvailable(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  if (minReadySeconds === 0) return undefined
  const waits = pods
    .map((pod) => conditionOf(pod.status.conditions, 'Ready'))
    .filter((one) => one?.status === 'True')
    .map((one) => millis(one?.lastTransitionTime) + minReadySeconds * 1000 - now)
    .filter((left) => left > 0)
  return waits.length === 0 ? undefined : Math.min(...waits)
}
