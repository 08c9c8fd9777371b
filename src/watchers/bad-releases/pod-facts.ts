import { isTrueAt, listAt, type RawObject, textAt } from '../../services/kubernetes/api/json.ts'
import { configReasons, imageReasons } from '../../services/kubernetes/pods/pod-reasons.ts'
import { troubleOf } from '../../services/kubernetes/pods/pods.ts'
import { type ContainerView, type PodView, podView } from '../../services/kubernetes/watch/projections.ts'
import { epoch, serverTime } from './facts.ts'

/**
 * What is kept of a pod: under one KiB. `startedAt` and `readyChangedAt` are seconds since 1970 by the clock of its node, so
 * they are compared with each other alone; `changedAt` is by the API server's.
 */
export type PodFacts = PodView & {
  /** When the youngest of its containers started; 0: not all of them run. */
  readonly startedAt: number
  readonly readyChangedAt: number
  /** No startup probe keeps the others waiting. */
  readonly started: boolean
  readonly changedAt: number
}

/**
 * How a pod stands. `fell`: it was ready, and its readiness probe has failed as often as its threshold says. `unready`: it runs and
 * has never been ready. `outside`: the node or the cluster ended it or has no place for it.
 */
export type PodState =
  | 'leaving'
  | 'outside'
  | 'invalid_image'
  | 'image_pull'
  | 'config_error'
  | 'ended'
  | 'ready'
  | 'unstarted'
  | 'fell'
  | 'unready'
  | 'pending'

export function podFacts(raw: RawObject): PodFacts {
  const ready = listAt(raw, 'status', 'conditions').find((one) => textAt(one, 'type') === 'Ready')
  const statuses = listAt(raw, 'status', 'containerStatuses')
  const starts = statuses.map((one) => epoch(textAt(one, 'state', 'running', 'startedAt')))
  const view = podView(raw)
  // Field by field: an object that grows by being spread keeps room for more.
  return {
    uid: view.uid,
    namespace: view.namespace,
    name: view.name,
    node: view.node,
    phase: view.phase,
    ready: view.ready,
    deleting: view.deleting,
    createdAt: view.createdAt,
    podHash: view.podHash,
    ownerUid: view.ownerUid,
    reason: view.reason,
    message: view.message,
    unschedulable: view.unschedulable,
    disruption: view.disruption,
    containers: compact(view.containers),
    startedAt: starts.includes(0) ? 0 : Math.max(0, ...starts),
    readyChangedAt: epoch(textAt(ready, 'lastTransitionTime')),
    started: statuses.every((one) => isTrueAt(one, 'started')),
    changedAt: serverTime(raw),
  }
}

/** Most pods have one container, and it is like many others: they share the list as well. */
const alone = new WeakMap<ContainerView, readonly ContainerView[]>()

function compact(containers: readonly ContainerView[]): readonly ContainerView[] {
  const [only] = containers
  if (only === undefined || containers.length > 1) return containers.slice()
  const known = alone.get(only) ?? [only]
  alone.set(only, known)
  return known
}

/** @param wasReady it has been seen ready since its containers started, which the times of the API tell only to the second */
export function stateOf(pod: PodFacts, wasReady = false): PodState {
  if (pod.deleting || pod.phase === 'Succeeded') return 'leaving'
  if (troubleOf(pod)?.state === 'node' || pod.phase === 'Failed') return 'outside'
  const waits = pod.containers.flatMap((one) => (one.state === 'waiting' ? (one.reason ?? []) : []))
  if (waits.includes('InvalidImageName')) return 'invalid_image'
  if (waits.some((reason) => imageReasons.includes(reason))) return 'image_pull'
  if (waits.some((reason) => configReasons.includes(reason))) return 'config_error'
  const ended = pod.containers.some((one) => one.state === 'terminated' && !(one.init && one.exitCode === 0))
  if (ended || waits.includes('CrashLoopBackOff')) return 'ended'
  if (pod.startedAt === 0) return 'pending'
  // The condition Ready also falls when a node is silent or a readiness gate closes; that is not the containers' fault.
  if (pod.containers.every((one) => one.ready || one.init)) return 'ready'
  if (!pod.started) return 'unstarted'
  return wasReady || (!pod.ready && pod.readyChangedAt > pod.startedAt) ? 'fell' : 'unready'
}

/** How long its present containers took to become ready, in seconds; undefined when it is not ready. */
export function startSeconds(pod: PodFacts): number | undefined {
  return pod.ready && pod.startedAt > 0 ? Math.max(0, pod.readyChangedAt - pod.startedAt) : undefined
}

/** How often its containers have ended by themselves; an end that came with its node's is not counted. */
export function exitsOf(pod: PodFacts): number {
  return Math.max(
    0,
    ...pod.containers.map((one) => {
      const open = one.state === 'terminated' ? !(one.init && one.exitCode === 0) : one.reason === 'CrashLoopBackOff'
      const withNode = one.last !== undefined && byNode(one.last) ? 1 : 0
      return one.restarts + (open ? 1 : 0) - Math.min(withNode, one.restarts)
    }),
  )
}

function byNode(end: { readonly reason: string | undefined; readonly exitCode: number | undefined }): boolean {
  return end.reason === 'ContainerStatusUnknown' || (end.reason === 'Unknown' && end.exitCode === 255)
}
