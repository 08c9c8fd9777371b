import type { ClusterClient, Limits } from './client.ts'
import type { EventView } from './events.ts'
import { podsPath } from './paths.ts'
import { type ContainerView, type PodView, podView } from './projections.ts'
import { redactText } from './redact.ts'
import { selectorQuery } from './selector.ts'
import type { Workload } from './workload.ts'

/**
 * Why a pod is not ready. `failing`: by its own fault, it will not become ready alone. `starting`: not yet.
 * `node`: the node or the cluster ended it or has no place for it; another revision would fare no better.
 */
export type PodTrouble = {
  readonly pod: string
  readonly podHash: string
  readonly state: 'failing' | 'starting' | 'node'
  /** CrashLoopBackOff, ImagePullBackOff, OOMKilled, Unhealthy, Unschedulable, ContainerCreating, ... */
  readonly reason: string
  readonly message: string
  readonly container: string | undefined
  readonly restarts: number
  readonly exitCode: number | undefined
  readonly node: string | undefined
}

/** Reasons of `waiting` that no waiting cures. */
export const imageReasons = [
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]
export const configReasons = [
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
]
const nodeReasons = [
  'Evicted',
  'NodeLost',
  'NodeShutdown',
  'NodeAffinity',
  'Preempting',
  'Terminated',
  'UnexpectedAdmissionError',
  'OutOfcpu',
  'OutOfmemory',
  'OutOfpods',
]

/** The pods that match the workload's selector, as projections; terminated ones of a finished rollout included. @throws KubernetesError */
export async function readPods(
  client: ClusterClient,
  workload: Workload,
  limits?: Limits,
): Promise<readonly PodView[]> {
  const { items } = await client.list(
    podsPath(workload.address.namespace),
    { labelSelector: selectorQuery(workload.selector) },
    limits,
  )
  return items.map(podView)
}

/** Pods that count: not those on their way out (their probes keep failing in every healthy rollout) and not finished ones. */
export function livePods(pods: readonly PodView[]): readonly PodView[] {
  return pods.filter((pod) => !pod.deleting && pod.phase !== 'Succeeded')
}

/** undefined for a pod that is ready or on its way out. Pure. */
export function troubleOf(pod: PodView, events: readonly EventView[] = []): PodTrouble | undefined {
  if (pod.deleting || (pod.ready && pod.phase === 'Running')) return undefined
  const base = {
    pod: pod.name,
    podHash: pod.podHash,
    node: pod.node,
    restarts: restartsOf(pod),
    container: undefined,
    exitCode: undefined,
  }
  if (pod.disruption !== undefined || (pod.reason !== undefined && nodeReasons.includes(pod.reason)))
    return {
      ...base,
      state: 'node',
      reason: pod.reason ?? pod.disruption ?? '',
      message: clean(pod.message ?? pod.disruption),
    }
  if (pod.unschedulable !== undefined)
    return { ...base, state: 'node', reason: 'Unschedulable', message: clean(pod.unschedulable) }
  const broken = pod.containers.find((container) => isBroken(container))
  if (broken !== undefined) return { ...base, ...describeBroken(broken, pod), state: 'failing' }
  const mount = events.findLast((event) => event.reason === 'FailedMount' || event.reason === 'FailedAttachVolume')
  if (mount !== undefined && pod.containers.every((container) => container.state !== 'running'))
    return { ...base, state: 'failing', reason: mount.reason, message: clean(mount.message) }
  return { ...base, ...describeStarting(pod, events) }
}

/** Worst first: failing, then node, then starting; the most restarted first among equals. */
export function troublesOf(pods: readonly PodView[]): readonly PodTrouble[] {
  const order = { failing: 0, node: 1, starting: 2 }
  return livePods(pods)
    .flatMap((pod) => troubleOf(pod) ?? [])
    .sort((a, b) => order[a.state] - order[b.state] || b.restarts - a.restarts || (a.pod < b.pod ? -1 : 1))
}

export function restartsOf(pod: PodView): number {
  return pod.containers.reduce((sum, container) => sum + container.restarts, 0)
}

function isBroken(container: ContainerView): boolean {
  if (container.state === 'waiting') {
    const reason = container.reason ?? ''
    return reason === 'CrashLoopBackOff' || imageReasons.includes(reason) || configReasons.includes(reason)
  }
  if (container.state === 'terminated') return !(container.init && container.exitCode === 0)
  // Running again after a crash, and not ready: it is in its loop, between two ends.
  return (
    container.state === 'running' &&
    !container.ready &&
    container.restarts > 0 &&
    container.last !== undefined &&
    !container.init
  )
}

function describeBroken(
  container: ContainerView,
  pod: PodView,
): Pick<PodTrouble, 'reason' | 'message' | 'container' | 'exitCode'> {
  const end = container.state === 'terminated' ? container : container.last
  const reason = container.state === 'running' ? (container.last?.reason ?? 'Error') : (container.reason ?? 'Error')
  const name = pod.containers.length > 1 ? container.name : undefined
  const why =
    container.reason === 'CrashLoopBackOff' || container.state !== 'waiting'
      ? (end?.message ?? end?.reason)
      : container.message
  return { reason, message: clean(why ?? container.message), container: name, exitCode: end?.exitCode }
}

function describeStarting(
  pod: PodView,
  events: readonly EventView[],
): Pick<PodTrouble, 'state' | 'reason' | 'message'> {
  const unhealthy = events.findLast((event) => event.reason === 'Unhealthy' && !event.message.includes('probe errored'))
  if (pod.containers.some((container) => container.state === 'running' && !container.ready && !container.init)) {
    if (unhealthy !== undefined) return { state: 'starting', reason: 'Unhealthy', message: clean(unhealthy.message) }
    return { state: 'starting', reason: 'NotReady', message: '' }
  }
  const pulling = events.at(-1)
  if (pulling?.reason === 'Pulling') return { state: 'starting', reason: 'Pulling', message: clean(pulling.message) }
  const init = pod.containers.find((container) => container.init && container.state === 'running')
  if (init !== undefined) return { state: 'starting', reason: 'Initializing', message: init.name }
  const waiting = pod.containers.find((container) => container.state === 'waiting' && container.reason !== undefined)
  return { state: 'starting', reason: waiting?.reason ?? 'Pending', message: clean(waiting?.message) }
}

function clean(text: string | undefined): string {
  return redactText((text ?? '').replace(/\s+/g, ' ').trim()).slice(0, 300)
}
