import type { Evidence } from './evidence.ts'
import { epoch, type SourceFacts, type WorkloadFacts } from './facts.ts'
import type { PodFacts } from './pod-facts.ts'

/** What is remembered of the release that a workload is at. Seconds of the monotonic clock, but for `cameAt`. */
export type ReleaseTrack = {
  readonly key: string
  readonly releasedAt: number
  /** When it was rolled out by the API server's clock: seconds since 1970. */
  readonly cameAt: number
  readonly complete: boolean
  readonly unavailableSince: number | undefined
  readonly refusedSince: number | undefined
  /** What was acted on: app and signal, each once. */
  readonly told: Set<string>
}

/** The revision of the present template; undefined while controller and streams have not caught up with each other. */
export function presentSource(workload: WorkloadFacts, sources: readonly SourceFacts[]): SourceFacts | undefined {
  const newestFirst = sources.toSorted((a, b) => b.revision - a.revision)
  const found = newestFirst.find((one) => one.template.key === workload.template.key)
  if (!workload.observed || found === undefined) return undefined
  if (workload.kind === 'deployment') return found.revision === workload.revision ? found : undefined
  if (workload.kind === 'statefulset') return found.name === workload.updateRevision ? found : undefined
  return found === newestFirst[0] ? found : undefined
}

/** What a release is told from: a ReplicaSet that an undo brings back gets another number. */
export function releaseKey(source: SourceFacts): string {
  return `${source.uid}/${source.revision}`
}

/** @param age for how long, in seconds, it is out when it is seen for the first time */
export function newRelease(source: SourceFacts, cameAt: number, now: number, age: number): ReleaseTrack {
  return {
    key: releaseKey(source),
    releasedAt: now - age,
    cameAt,
    complete: false,
    unavailableSince: undefined,
    refusedSince: undefined,
    told: new Set(),
  }
}

/** The track after the workload was seen once more. Pure. */
export function trackRelease(
  before: ReleaseTrack,
  workload: WorkloadFacts,
  source: SourceFacts,
  refused: boolean,
  now: number,
): ReleaseTrack {
  const complete = before.complete || isComplete(workload, source)
  const since = (is: boolean, was: number | undefined): number | undefined => (is ? (was ?? now) : undefined)
  return {
    ...before,
    complete,
    unavailableSince: since(complete && isUnavailable(workload), before.unavailableSince),
    refusedSince: since(refused, before.refusedSince),
  }
}

/** The condition stays as it is after a rollout, so that one who comes later knows as well. */
function isComplete(workload: WorkloadFacts, source: SourceFacts): boolean {
  if (!workload.observed) return false
  const { progressing } = workload.conditions
  if (progressing?.reason === 'NewReplicaSetAvailable' && progressing.message.includes(`"${source.name}"`)) return true
  return (
    workload.desired > 0 &&
    workload.updated >= workload.desired &&
    workload.available >= workload.desired &&
    workload.old === 0
  )
}

/** A Deployment says it itself; of the others half must be there. */
function isUnavailable({ conditions, desired, available }: WorkloadFacts): boolean {
  if (conditions.available !== undefined) return conditions.available.status === 'False'
  return desired > 0 && available * 2 < desired
}

/**
 * When a release came, in seconds since 1970 by the API server's clock, as near as the API tells: the making of its revision, or, for
 * one that was there before, the first of its pods or the last word about its rollout.
 */
export function cameAt(workload: WorkloadFacts, source: SourceFacts, pods: readonly PodFacts[]): number {
  if (workload.kind !== 'deployment') return source.changedAt
  if (!source.reused) return source.createdAt
  const { progressing } = workload.conditions
  const told = progressing?.message.includes(`"${source.name}"`) === true ? epoch(progressing.updatedAt) : 0
  const times = [...pods.map((pod) => epoch(pod.createdAt)), told, workload.changedAt].filter((time) => time > 0)
  return times.length === 0 ? source.createdAt : Math.max(source.createdAt, Math.min(...times))
}

/**
 * Does the controller fail to make the pods of this revision? A Deployment says it in a condition, which may also speak of an older
 * ReplicaSet; the others in events alone, which count when they are newer than the release and than its newest pod.
 */
export function isRefused(
  workload: WorkloadFacts,
  source: SourceFacts,
  pods: readonly PodFacts[],
  evidence: Evidence,
  came: number,
): boolean {
  const { failure } = workload.conditions
  if (failure?.status === 'True') return !failure.message.includes('pods "') || failure.message.includes(source.name)
  const told = evidence.no_pod
  if (told === undefined || told.count < 3 || workload.updated >= workload.desired) return false
  return epoch(told.at) > Math.max(came, ...pods.map((pod) => epoch(pod.createdAt)))
}
