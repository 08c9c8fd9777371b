import { at, listAt, numberAt, type RawObject, textAt, textsAt } from './json.ts'
import type { Projection } from './reflector.ts'

/** What is kept of a pod: enough to say whether and why it is not ready. About half a KiB. */
export type PodView = Projection & {
  readonly node: string | undefined
  readonly phase: string
  readonly ready: boolean
  readonly deleting: boolean
  readonly createdAt: string
  readonly startedAt: string | undefined
  /** From `pod-template-hash` or `controller-revision-hash`: which revision it is of. */
  readonly podHash: string
  readonly ownerUid: string | undefined
  /** status.reason: Evicted, NodeLost, ... */
  readonly reason: string | undefined
  readonly message: string | undefined
  /** Why the scheduler found no node. */
  readonly unschedulable: string | undefined
  /** The pod was ended from outside (condition DisruptionTarget): PreemptionByScheduler, DeletionByTaintManager, ... */
  readonly disruption: string | undefined
  readonly readySince: string | undefined
  readonly containers: readonly ContainerView[]
}

export type ContainerView = {
  readonly name: string
  readonly init: boolean
  readonly ready: boolean
  readonly started: boolean
  readonly restarts: number
  readonly state: 'waiting' | 'running' | 'terminated' | 'unknown'
  readonly reason: string | undefined
  readonly message: string | undefined
  readonly exitCode: number | undefined
  /** How it ended the time before. */
  readonly last: Ended | undefined
}

export type Ended = {
  readonly reason: string | undefined
  readonly message: string | undefined
  readonly exitCode: number | undefined
  readonly finishedAt: string | undefined
}

export function podView(raw: RawObject): PodView {
  const conditions = listAt(raw, 'status', 'conditions')
  const condition = (type: string): unknown => conditions.find((each) => textAt(each, 'type') === type)
  const scheduled = condition('PodScheduled')
  const ready = condition('Ready')
  const disrupted = condition('DisruptionTarget')
  return {
    uid: textAt(raw, 'metadata', 'uid') ?? '',
    namespace: textAt(raw, 'metadata', 'namespace') ?? '',
    name: textAt(raw, 'metadata', 'name') ?? '',
    node: textAt(raw, 'spec', 'nodeName'),
    phase: textAt(raw, 'status', 'phase') ?? 'Unknown',
    ready: textAt(ready, 'status') === 'True',
    readySince: textAt(ready, 'status') === 'True' ? textAt(ready, 'lastTransitionTime') : undefined,
    deleting: at(raw, 'metadata', 'deletionTimestamp') !== undefined,
    createdAt: textAt(raw, 'metadata', 'creationTimestamp') ?? '',
    startedAt: textAt(raw, 'status', 'startTime'),
    podHash: podHashOf(textsAt(raw, 'metadata', 'labels')),
    ownerUid: listAt(raw, 'metadata', 'ownerReferences').flatMap((owner) => textAt(owner, 'uid') ?? [])[0],
    reason: textAt(raw, 'status', 'reason'),
    message: short(textAt(raw, 'status', 'message')),
    unschedulable: textAt(scheduled, 'status') === 'False' ? short(textAt(scheduled, 'message') ?? '') : undefined,
    disruption: textAt(disrupted, 'status') === 'True' ? textAt(disrupted, 'reason') : undefined,
    containers: [
      ...listAt(raw, 'status', 'initContainerStatuses').map((status) => containerView(status, true)),
      ...listAt(raw, 'status', 'containerStatuses').map((status) => containerView(status, false)),
    ],
  }
}

/** A StatefulSet's pods carry the whole name of their ControllerRevision, those of a DaemonSet its hash. */
function podHashOf(labels: Readonly<Record<string, string>>): string {
  return (labels['pod-template-hash'] ?? labels['controller-revision-hash'] ?? '').split('-').at(-1) ?? ''
}

function containerView(status: unknown, init: boolean): ContainerView {
  const waiting = at(status, 'state', 'waiting')
  const terminated = at(status, 'state', 'terminated')
  const running = at(status, 'state', 'running')
  const now = waiting ?? terminated
  return {
    name: textAt(status, 'name') ?? '',
    init,
    ready: at(status, 'ready') === true,
    started: at(status, 'started') === true,
    restarts: numberAt(status, 'restartCount') ?? 0,
    state:
      waiting !== undefined
        ? 'waiting'
        : terminated !== undefined
          ? 'terminated'
          : running !== undefined
            ? 'running'
            : 'unknown',
    reason: textAt(now, 'reason'),
    message: short(textAt(now, 'message')),
    exitCode: numberAt(terminated, 'exitCode'),
    last: ended(at(status, 'lastState', 'terminated')),
  }
}

function ended(terminated: unknown): Ended | undefined {
  if (terminated === undefined) return undefined
  return {
    reason: textAt(terminated, 'reason'),
    message: short(textAt(terminated, 'message')),
    exitCode: numberAt(terminated, 'exitCode'),
    finishedAt: textAt(terminated, 'finishedAt'),
  }
}

/** Messages can be kilobytes; their first words tell. */
function short(text: string | undefined): string | undefined {
  return text === undefined || text.length <= 300 ? text : `${text.slice(0, 299)}…`
}
