import type { Evidence } from './evidence.ts'
import { epoch, type SourceFacts, type WorkloadFacts } from './facts.ts'
import type { PodFacts, PodState } from './pod-facts.ts'
import type { PodTrack } from './pod-track.ts'

/** A pod, what events say of it, and since when it stands as it does. */
export type PodSeen = {
  readonly pod: PodFacts
  readonly state: PodState
  /** Seconds of this machine's monotonic clock. */
  readonly since: number
  readonly evidence: Evidence
  /** Its node is NotReady, or was so a moment ago. */
  readonly nodeUnwell: boolean
}

/** All that judging a release needs; times are seconds of this machine's monotonic clock. */
export type ReleaseView = {
  readonly workload: WorkloadFacts
  readonly source: SourceFacts
  readonly windowSeconds: number
  readonly releasedAt: number
  /** The rollout has been complete, be it only once. */
  readonly complete: boolean
  /** Less than the least number of pods is available, since then. */
  readonly unavailableSince: number | undefined
  /** The controller cannot make the pods of this revision, since then. */
  readonly refusedSince: number | undefined
  /** What events say of the workload itself. */
  readonly evidence: Evidence
  /** The controller gave the rollout up, and it meant this one. */
  readonly deadlineExceeded: boolean
  readonly pods: readonly PodSeen[]
  /** Pods of other revisions. */
  readonly oldPods: readonly PodSeen[]
}

/** Puts a pod together with what events and its node say. */
export function podSeen(
  evidence: (uid: string) => Evidence,
  isUnwell: (node: string | undefined) => boolean,
): (track: PodTrack) => PodSeen {
  return ({ uid, pod, state, since }) => ({
    pod,
    state,
    since,
    evidence: evidence(uid),
    nodeUnwell: isUnwell(pod.node),
  })
}

/** `ProgressDeadlineExceeded` stays until the controller says otherwise: one that is older than the release speaks of another. */
export function wasGivenUp(workload: WorkloadFacts, cameAt: number): boolean {
  const { progressing } = workload.conditions
  return progressing?.reason === 'ProgressDeadlineExceeded' && epoch(progressing.updatedAt) > cameAt
}
