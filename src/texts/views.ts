import type { AutomaticMode } from '../catalog/automatic.ts'
import type { Reviewer } from '../catalog/reviewers.ts'
import type { Role } from '../catalog/schema.ts'
import type {
  AuditEntry,
  AutomaticRow,
  HoldRow,
  IncidentRow,
  OverrideRow,
  ReviewRow,
  RunRow,
  StepRow,
} from '../store/types.ts'

/** What cards are given: plain data. Times are ISO 8601 where they are strings. */

export type ComponentState = 'healthy' | 'progressing' | 'degraded' | 'down' | 'unknown'
export type ComponentKind = 'app' | 'database' | 'monitor' | 'node'

export type PodView = {
  readonly name: string
  readonly ready: boolean
  readonly phase: string
  readonly reason: string | undefined
  readonly restarts: number
  readonly node: string | undefined
  readonly startedAt: string | undefined
}

/** One colour of an app that has two. */
export type SideView = {
  readonly color: string
  readonly serves: boolean
  readonly ready: number
  readonly desired: number
  readonly revision: number | undefined
  readonly images: readonly string[]
  /** Why it is not as it should be; undefined: all its pods are ready. */
  readonly reason: string | undefined
}

/** Why a part of a look could not be had. */
export type UnknownWhy = 'no_answer' | 'not_allowed' | 'not_told' | 'away' | 'unreadable'

/** A part of a look that has its own time limit. */
export type Part<T> = { readonly value: T } | { readonly unknown: UnknownWhy }

/** What the server of a database tells. */
export type DatabaseNumbers = {
  /** `things`: tables or collections. */
  readonly size: Part<{ readonly bytes: number; readonly things: number }>
  readonly connections: Part<{ readonly now: number; readonly most: number | undefined }>
  /** Of what runs now; undefined: nothing does. */
  readonly longestSeconds: Part<number | undefined>
  /** Undefined: there is no replica. */
  readonly lagSeconds: Part<number | undefined>
  readonly disk: Part<{ readonly freeBytes: number; readonly totalBytes: number }>
  /** What restores have left beside it: databases, or the collections of a run. */
  readonly kept: Part<readonly { readonly name: string; readonly bytes?: number; readonly things?: number }[]>
}

/** `at`: of its data, ISO 8601. `verifiedAt`: when it was read whole and found good. */
export type BackupView = { readonly id: string; readonly at: string; readonly verifiedAt: string | undefined }

/** A database in depth. */
export type DatabaseView = DatabaseNumbers & {
  readonly engine: 'postgres' | 'mongodb'
  readonly backup: Part<BackupView | undefined> | 'none_named'
  readonly proven: Part<{ readonly at: string; readonly run: string } | undefined>
}

/** One component of the catalog, as it is now. */
export type ComponentView = {
  readonly kind: ComponentKind
  readonly name: string
  readonly where: string
  readonly state: ComponentState
  readonly reason: string | undefined
  readonly detail: string | undefined
  readonly ready: number | undefined
  readonly desired: number | undefined
  readonly revision: number | undefined
  readonly images: readonly string[]
  readonly pods: readonly PodView[]
  /** Only of an app with two colours: the numbers above are of the one that serves. */
  readonly sides?: readonly SideView[]
  readonly health: readonly {
    readonly name: string
    readonly ok: boolean
    readonly detail: string
    readonly ms: number
  }[]
  /** What the bot may do by itself about a bad release, and who made it stricter; absent: not an app. */
  readonly automatic?: { readonly mode: AutomaticMode; readonly override: OverrideRow | undefined } | undefined
  readonly run:
    | { readonly id: string; readonly operation: string; readonly by: string; readonly state: string }
    | undefined
  /** Only of a database that was asked for in depth. */
  readonly database?: DatabaseView
}

export type StatusView = {
  readonly components: readonly ComponentView[]
  readonly asOf: string
  readonly tookMs: number
}

/** A run with everything that its cards tell. */
export type RunView = {
  readonly run: RunRow
  readonly steps: readonly StepRow[]
  /** Names of what was kept before anything changed. */
  readonly evidence: readonly string[]
  readonly incident: IncidentRow | undefined
  /** How many different people must confirm, and with which role. */
  readonly rule?: { readonly approvals: number; readonly by: Role }
  /** The channel of this card is the incident's. */
  readonly inIncident: boolean
  /** The channel where the card should have been, when it is archived or gone. */
  readonly movedFrom?: string
  readonly paging?: PagingView
  /** The bad release that a watcher's run is about. */
  readonly release?: AutomaticRow | undefined
  /** Of what was done at once: how its review stands. */
  readonly review?: ReviewRow
}

/** A review with everything that its cards tell. */
export type ReviewView = {
  readonly review: ReviewRow
  readonly run: RunRow
  readonly incident: IncidentRow | undefined
  /** Those who may review it. */
  readonly reviewers: readonly Reviewer[]
}

/** What is known of calling people. */
export type PagingView = {
  readonly state: 'sent' | 'confirmed' | 'acknowledged' | 'failed' | 'unconfirmed' | 'resolved' | 'off'
  /** Who was called, as PagerDuty names them. */
  readonly people: readonly string[]
  readonly url?: string
  readonly why?: string
}

export type IncidentView = {
  readonly incident: IncidentRow
  readonly runs: readonly RunRow[]
  readonly owners: readonly string[]
  /** The Slack id of whoever leads, for the card; the name, for the topic, which knows no mentions. */
  readonly commander: string | undefined
  readonly commanderName: string | undefined
  readonly paging: PagingView | undefined
  readonly environment: string | undefined
}

export type LocksView = { readonly holds: readonly HoldRow[] }

export type AuditView = {
  readonly entries: readonly AuditEntry[]
  readonly run: string | undefined
  /** The answer of a verification, where one was asked for. */
  readonly verified?: { readonly ok: boolean; readonly entries: number; readonly seq?: number; readonly what?: string }
}

export type PolicyView = {
  readonly rules: readonly {
    readonly operation: string
    readonly environment: string | undefined
    readonly target: string | undefined
    readonly approvals: number
    readonly by: Role
    readonly reason: boolean
    readonly from: 'default' | 'catalog'
    readonly loosened: boolean
  }[]
  readonly people: readonly { readonly name: string; readonly slack: string | undefined; readonly role: Role }[]
  readonly expireMinutes: number
  /** What the catalog lets the bot do by itself about bad releases; apps where that is nothing are left out. */
  readonly automatic: readonly { readonly app: string; readonly mode: AutomaticMode }[]
}
