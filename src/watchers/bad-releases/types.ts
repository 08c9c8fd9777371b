import type { WorkloadAddress } from '../../services/kubernetes/api/paths.ts'

/** Why a release is judged bad; the words people read are made from these. */
export const signals = [
  'crash_loop',
  'image_pull',
  'config_error',
  'invalid_image',
  'liveness_failed',
  'startup_failed',
  'readiness_failed',
  'out_of_memory',
  'quota',
  'deadline_exceeded',
  'unavailable_after_release',
] as const
export type Signal = (typeof signals)[number]

/** One thing that was seen, as a person would look it up. Times are ISO 8601. */
export type Sight = {
  readonly signal: Signal
  /** Absent where it concerns the workload itself (quota, deadline). */
  readonly pod?: string
  readonly container?: string
  readonly reason: string
  /** From the cluster, so untrusted text. */
  readonly message: string
  readonly restarts?: number
  readonly exitCode?: number
  readonly at: string
}

/** A release that is judged bad, on evidence. */
export type BadRelease = {
  /** The app's name in the catalog. */
  readonly app: string
  readonly cluster: string
  readonly workload: WorkloadAddress
  readonly uid: string
  readonly revision: number
  /** Name of the ReplicaSet or ControllerRevision. */
  readonly source: string
  readonly templateKey: string
  /** When this revision was rolled out, as near as the cluster tells. */
  readonly releasedAt: string
  readonly signal: Signal
  /** When the signal was first visible in the API, by the clock of this machine. */
  readonly visibleAt: string
  readonly judgedAt: string
  readonly sights: readonly Sight[]
  /** Pods of the revision before fail as well: going back cannot help. */
  readonly oldFailing: boolean
  /** The template differs from that of the revision before by the annotation of `kubectl rollout restart` alone. */
  readonly restartOnly: boolean
}

/** What is done with a bad release; called once for each release and signal, by one replica. */
export type OnBadRelease = (release: BadRelease, signal: AbortSignal) => Promise<void>
