import { at, listAt, numberAt, type RawObject, textAt, textsAt } from '../api/json.ts'
import type { Projection } from './reflector.ts'

/** What is kept of a pod: enough to say whether and why it is not ready. About half a KiB. */
export type PodView = Projection & {
  readonly node: string | undefined
  readonly phase: string
  readonly ready: boolean
  readonly deleting: boolean
  readonly createdAt: string
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
  readonly containers: readonly ContainerView[]
}

export type ContainerView = {
  readonly name: string
  readonly init: boolean
  readonly ready: boolean
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
    namespace: shared(textAt(raw, 'metadata', 'namespace') ?? ''),
    name: textAt(raw, 'metadata', 'name') ?? '',
    node: shared(textAt(raw, 'spec', 'nodeName')),
    phase: shared(textAt(raw, 'status', 'phase') ?? 'Unknown'),
    ready: textAt(ready, 'status') === 'True',
    deleting: at(raw, 'metadata', 'deletionTimestamp') !== undefined,
    createdAt: textAt(raw, 'metadata', 'creationTimestamp') ?? '',
    podHash: shared(podHashOf(textsAt(raw, 'metadata', 'labels'))),
    ownerUid: shared(listAt(raw, 'metadata', 'ownerReferences').flatMap((owner) => textAt(owner, 'uid') ?? [])[0]),
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

/** Most containers of a cluster run, are ready and never restarted: those of one name share one object. */
const calm = new Map<string, ContainerView>()

function containerView(status: unknown, init: boolean): ContainerView {
  const view = readContainer(status, init)
  const isCalm = view.state === 'running' && view.ready && view.restarts === 0 && view.last === undefined
  if (!isCalm) return view
  const key = `${init}/${view.name}`
  const known = calm.get(key)
  if (known !== undefined) return known
  if (calm.size < 1_000) calm.set(key, view)
  return view
}

function readContainer(status: unknown, init: boolean): ContainerView {
  const waiting = at(status, 'state', 'waiting')
  const terminated = at(status, 'state', 'terminated')
  const running = at(status, 'state', 'running')
  const now = waiting ?? terminated
  return {
    name: textAt(status, 'name') ?? '',
    init,
    ready: at(status, 'ready') === true,
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

/** Each parsed object brings its own copy of the same few words; one of each is enough. */
const words = new Map<string, string>()

function shared<T extends string | undefined>(word: T): T {
  if (word === undefined) return word
  const known = words.get(word)
  if (known !== undefined) return known as T
  if (words.size >= 20_000) words.clear()
  words.set(word, word)
  return word
}

/** Messages can be kilobytes; their first words tell. */
function short(text: string | undefined): string | undefined {
  return text === undefined || text.length <= 300 ? text : `${text.slice(0, 299)}…`
}
