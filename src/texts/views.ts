import type { Role } from '../catalog/schema.ts'
import type { AuditEntry, HoldRow, IncidentRow, RunRow, StepRow } from '../store/types.ts'

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
  readonly health: readonly {
    readonly name: string
    readonly ok: boolean
    readonly detail: string
    readonly ms: number
  }[]
  readonly run:
    | { readonly id: string; readonly operation: string; readonly by: string; readonly state: string }
    | undefined
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
}

/** What is known of calling people. */
export type PagingView = {
  readonly state: 'sent' | 'confirmed' | 'failed' | 'unconfirmed' | 'resolved' | 'off'
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
}
