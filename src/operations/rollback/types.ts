import type { WorkloadAddress } from '../../services/kubernetes/api/paths.ts'
import type { PodTrouble } from '../../services/kubernetes/pods/types.ts'
import type { GitOpsOwner } from '../../services/kubernetes/workload/gitops.ts'
import type { Revision } from '../../services/kubernetes/workload/revisions.ts'
import type { Counts } from '../../services/kubernetes/workload/rollout-status.ts'
import type { Surroundings } from '../../services/kubernetes/workload/surroundings.ts'
import type { PatchOperation } from '../../services/kubernetes/workload/undo-patch.ts'
import type { Strategy } from '../../services/kubernetes/workload/workload.ts'
import type { Change, Warning } from '../plan-view.ts'

export type { WorkloadKind } from '../../services/kubernetes/api/paths.ts'

/** A workload of the catalog, addressed in its cluster. */
export type WorkloadRef = WorkloadAddress & { readonly cluster: string }

export type RollbackParams = {
  /** The app's name in the catalog. */
  readonly app: string
  /** Absent (and no `toSource`): the last revision that was healthy. */
  readonly toRevision?: number | undefined
  /** The ReplicaSet or ControllerRevision to go back to: its name stays when revisions are renumbered. Used by undo. */
  readonly toSource?: string | undefined
  /** What `toSource` was when it was asked for: its name means nothing to people, and it may be gone meanwhile. */
  readonly was?: { readonly revision: number; readonly images: readonly string[] } | undefined
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
  /** A release of this revision failed once, with the reason word (`rolled_back`: somebody went back from it). */
  readonly failedBefore: string | undefined
  /** Name of the ReplicaSet or ControllerRevision. Empty: the template was never rolled out (a paused Deployment). */
  readonly source: string
  /** Only of the current one: when it began to serve this time. */
  readonly inServiceSince?: string
}

/** Why a pod is not ready, from its status and events: what a person needs to know. */
export type PodProblem = {
  readonly pod: string
  readonly revision: number | undefined
  /** CrashLoopBackOff, ImagePullBackOff, Unhealthy, Unschedulable, ... */
  readonly reason: string
  readonly message: string
  readonly restarts: number
  readonly exitCode: number | undefined
  readonly node: string | undefined
  /** `node`: not the release's fault. */
  readonly state: PodTrouble['state']
  /** Only where the pod has several. */
  readonly container: string | undefined
}

export type Readiness = {
  readonly desired: number
  /** Of the current revision alone: what older ones still serve says nothing about it. */
  readonly ready: number
  readonly updated: number
  readonly available: number
  /** Ready pods of other revisions, and which those are. Absent: none. */
  readonly oldReady?: number
  readonly oldRevisions?: readonly number[]
}

export type JsonPatchOperation = PatchOperation

/** Every code that a plan's warnings can have; texts are typed by it. */
export const warningCodes = [
  'paused',
  'hpa',
  'config_changed',
  'secret_changed',
  'config_missing',
  'irreversible_migration',
  'gitops',
  'failed_before',
  'scaled_to_zero',
  'last_applied_stale',
  'ready_already',
  'older_than',
  'skips_revisions',
  'target_failing_too',
  'node_trouble',
  'on_delete',
  'partition',
  'not_checked',
  'no_health_checks',
] as const
export type WarningCode = (typeof warningCodes)[number]
export type RollbackWarning = Warning & { readonly code: WarningCode }

/** Every reason that an outcome of this operation can have, by its kind; `detail` is told in docs of `outcomes.ts`. */
export const outcomeReasons = {
  verified: ['rolled_back'],
  nothing_to_do: ['already_there'],
  refused: [
    'unknown_revision',
    'no_history',
    'no_safe_revision',
    'just_rolled_back',
    'paused',
    'not_found',
    'world_moved',
    'forbidden',
    'unauthorized',
    'cluster_away',
    'cluster_refused',
  ],
  failed: [
    'rollout_failed',
    'rollout_timed_out',
    'health_failed',
    'flipped_back',
    'stopped',
    'cluster_away',
    'cluster_refused',
    'forbidden',
    'unauthorized',
    'not_found',
  ],
} as const

/** What the operation read from the world. JSON. */
export type RollbackFacts = {
  readonly app: string
  readonly environment: string
  readonly workload: WorkloadRef
  readonly readAt: string
  readonly uid: string
  readonly template: Readonly<Record<string, unknown>>
  readonly annotations: Readonly<Record<string, string>>
  readonly paused: boolean
  readonly pausedBy: { readonly manager: string; readonly at: string } | undefined
  readonly strategy: Strategy
  readonly minReadySeconds: number
  readonly counts: Counts
  readonly revisions: readonly Revision[]
  /** When the current revision was last rolled out, as near as the cluster tells. */
  readonly rolledOutAt: string | undefined
  readonly observations: readonly Observation[]
  readonly problems: readonly PodProblem[]
  /** Ready pods by the hash of their revision. */
  readonly readyByHash: Readonly<Record<string, number>>
  readonly surroundings: Surroundings
  readonly gitOps: GitOpsOwner | undefined
  readonly healthChecks: number
  /** Whether the bot has the right to patch it; true where people are impersonated, whose own rights decide. */
  readonly mayPatch: boolean
}

/** What the store knows of a revision, by the key of its template. */
export type Observation = {
  readonly templateKey: string
  readonly healthySeconds: number
  readonly failedReason: string | undefined
  /** ISO 8601; absent: from the beginning. */
  readonly firstSeenAt?: string
}

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
  /** Other revisions worth a try should this one fail: never failed, newest first. */
  readonly alternatives: readonly RevisionInfo[]
  /** A guess in seconds from replicas, strategy, probes and minReadySeconds. */
  readonly expectedSeconds: number
  /** Replicas that people saw; undefined where an autoscaler or the nodes decide the number. */
  readonly replicas: number | undefined
  readonly paused: boolean
  /** The hash that pods of the target revision carry. */
  readonly targetHash: string
  /** One JSON patch with its preconditions (`test`). */
  readonly patch: readonly JsonPatchOperation[]
}
