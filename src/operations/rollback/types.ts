import type { Change, Warning } from '../plan-view.ts'

export type WorkloadKind = 'deployment' | 'statefulset' | 'daemonset'

/** A workload of the catalog, addressed in its cluster. */
export type WorkloadRef = {
  readonly cluster: string
  readonly namespace: string
  readonly kind: WorkloadKind
  readonly name: string
}

export type RollbackParams = {
  /** The app's name in the catalog. */
  readonly app: string
  /** Absent: the last revision that was healthy. */
  readonly toRevision?: number | undefined
  readonly emergency?: boolean | undefined
  readonly reason?: string | undefined
}

/** One entry of the rollout history, as people choose from it. Times are ISO 8601. */
export type RevisionInfo = {
  readonly revision: number
  readonly current: boolean
  readonly images: readonly string[]
  readonly changeCause: string | undefined
  readonly createdAt: string
  /** How long it served healthily, in seconds, and how that is known. */
  readonly healthySeconds: number | undefined
  readonly healthyKnownBy: 'observed' | 'estimated' | 'unknown'
  /** A release of this revision failed once, with the reason word. */
  readonly failedBefore: string | undefined
  /** Name of the ReplicaSet or ControllerRevision. */
  readonly source: string
}

/** Why a pod is not ready, from its status and events: what a person needs to know. */
export type PodProblem = {
  readonly pod: string
  readonly revision: number | undefined
  /** CrashLoopBackOff, ImagePullBackOff, Unhealthy, Pending, ... */
  readonly reason: string
  readonly message: string
  readonly restarts: number
  readonly exitCode: number | undefined
  readonly node: string | undefined
}

export type Readiness = {
  readonly desired: number
  readonly ready: number
  readonly updated: number
  readonly available: number
}

/** RFC 6902. */
export type JsonPatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

export type RollbackPlan = {
  readonly app: string
  readonly environment: string
  readonly workload: WorkloadRef
  readonly uid: string
  readonly from: RevisionInfo
  readonly to: RevisionInfo
  readonly emergency: boolean
  readonly readiness: Readiness
  readonly problems: readonly PodProblem[]
  /** What the pod template gets back, path by path. */
  readonly changes: readonly Change[]
  readonly warnings: readonly Warning[]
  /** What people reach through this app. */
  readonly serves: { readonly services: readonly string[]; readonly hosts: readonly string[] }
  readonly strategy: {
    readonly type: string
    readonly maxUnavailable: string | undefined
    readonly maxSurge: string | undefined
  }
  /** A guess in seconds from replicas, strategy, probes and minReadySeconds. */
  readonly expectedSeconds: number
  /** One JSON patch with its preconditions (`test`). */
  readonly patch: readonly JsonPatchOperation[]
}
