import type { Colors } from '../../catalog/colors.ts'
import type { HealthResult } from '../../services/http/health.ts'
import type { Backend } from '../../services/kubernetes/route/ingress.ts'
import type { SeenSelector } from '../../services/kubernetes/route/services.ts'
import type { GitOpsOwner } from '../../services/kubernetes/workload/gitops.ts'
import type { PatchOperation } from '../../services/kubernetes/workload/undo-patch.ts'
import type { Warning } from '../plan-view.ts'
import type { PodProblem, WorkloadRef } from '../rollback/types.ts'

export type SwitchParams = {
  /** The app's name in the catalog; it has `colors` there. */
  readonly app: string
  /** Absent: the colour that does not serve now. */
  readonly to?: string | undefined
  readonly reason?: string | undefined
}

/** The object that decides which colour people reach. */
export type RouteRef = {
  readonly cluster: string
  readonly namespace: string
  readonly kind: 'service' | 'ingress'
  readonly name: string
}

/** What the patch tests for: a Service's selector, or the backends of an Ingress. JSON. */
export type Seen =
  | ({ readonly kind: 'service'; readonly key: string } & SeenSelector)
  | { readonly kind: 'ingress'; readonly backends: readonly Backend[] }

export type RouteFacts = {
  readonly ref: RouteRef
  readonly exists: boolean
  readonly uid: string
  readonly seen: Seen
  /** The colours that it leads to: one when all is well; both, or none, where nobody can say which serves. */
  readonly leadsTo: readonly string[]
  /** Since when it leads there, and by which field manager, by the server's record. */
  readonly since: string | undefined
  /** It was changed after it was made: before, it led elsewhere. */
  readonly changed: boolean
  readonly by: string | undefined
  readonly gitOps: GitOpsOwner | undefined
  /** The colour that the file last given to `kubectl apply` names. */
  readonly appliedColor: string | undefined
  readonly hosts: readonly string[]
}

/** One of the two twins, as it is. JSON. */
export type Side = {
  readonly color: string
  readonly workload: WorkloadRef
  /** Its own Service, where an Ingress chooses. */
  readonly service: string | undefined
  readonly exists: boolean
  readonly uid: string
  readonly desired: number
  readonly ready: number
  /** Ready pods of other revisions: its rollout is under way, and people would get both. */
  readonly old: number
  readonly images: readonly string[]
  readonly revision: number | undefined
  /** The ReplicaSet or ControllerRevision of that revision. */
  readonly source: string
  readonly templateKey: string
  readonly changeCause: string | undefined
  /** When this revision came into service, ISO 8601. */
  readonly since: string | undefined
  readonly problems: readonly PodProblem[]
  /** Ready pods that the route reaches, or would reach if it led here. */
  readonly endpoints: readonly string[]
  /** Why it would reach none although pods are ready: labels that they lack, or a port that is not there. */
  readonly missingLabels: Readonly<Record<string, string>>
  readonly missingPorts: readonly string[]
  /** The app of the catalog that is this workload alone: what can roll it back. */
  readonly app: string | undefined
  /** What its release says about the database, where it cannot be taken back. */
  readonly migration: string | undefined
}

/** What earlier runs tell about this pair. Times are ISO 8601. */
export type Earlier = {
  readonly run: string
  readonly color: string
  /** The revision that was on the other side of the switch. */
  readonly source: string
  readonly at: string
  readonly by: string
}

export type SwitchFacts = {
  readonly app: string
  /** Of the catalog; absent: it gives this app none. */
  readonly colors: Colors | undefined
  readonly environment: string
  readonly readAt: string
  readonly route: RouteFacts | undefined
  readonly sides: readonly Side[]
  readonly health: readonly HealthResult[]
  /** Switches that went back by themselves: to this colour, whose check failed. */
  readonly failed: readonly Earlier[]
  /** Switches that stayed: away from this colour. */
  readonly left: readonly Earlier[]
  readonly mayPatch: boolean
}

export const warningCodes = [
  'failed_before',
  'target_partial',
  'target_mixed',
  'irreversible_migration',
  'gitops',
  'left_before',
  'fewer_pods',
  'live_healthy',
  'last_applied_stale',
  'health_fails_now',
  'no_health_checks',
] as const
export type WarningCode = (typeof warningCodes)[number]
export type SwitchWarning = Warning & { readonly code: WarningCode }

/** Every reason that an outcome of this operation can have, by its kind. */
export const outcomeReasons = {
  verified: ['switched'],
  nothing_to_do: ['already_there'],
  refused: [
    'no_colors',
    'unknown_color',
    'route_unclear',
    'target_missing',
    'scaled_to_zero',
    'not_ready',
    'no_endpoints',
    'both_broken',
    'just_switched',
    'not_found',
    'world_moved',
    'forbidden',
    'unauthorized',
    'cluster_away',
    'cluster_refused',
  ],
  failed: [
    'switched_back',
    'not_switched_back',
    'flipped_back',
    'stopped',
    'cluster_away',
    'cluster_refused',
    'forbidden',
    'unauthorized',
    'not_found',
  ],
} as const

export type SwitchPlan = {
  readonly app: string
  readonly colors: Colors
  readonly environment: string
  readonly route: RouteRef
  readonly uid: string
  readonly from: Side
  readonly to: Side
  /** Since when `from` serves, and who made it so. */
  readonly since: string | undefined
  /** Since when `to` does not; unknown where the route never changed. */
  readonly idleSince: string | undefined
  readonly by: string | undefined
  readonly health: readonly HealthResult[]
  readonly hosts: readonly string[]
  readonly warnings: readonly SwitchWarning[]
  readonly seen: Seen
  /** What the route says after the patch. */
  readonly after: Seen
  /** One JSON patch with its preconditions (`test`), and the one that takes it back. */
  readonly patch: readonly PatchOperation[]
  readonly backPatch: readonly PatchOperation[]
}
