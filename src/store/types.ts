/** Rows of the store as the rest of the program sees them. */

export type RunId = `R-${string}`

/** Who did it. A watcher is an actor too. */
export type Actor = {
  readonly kind: 'person' | 'watcher' | 'bot'
  /** The catalog's name, or the Slack id of somebody whom the catalog does not name. */
  readonly name: string
  readonly slack?: string
}

/** Where a request came from and where its answers go. */
export type Origin = {
  readonly surface: 'slack' | 'cli' | 'watcher' | 'alert'
  readonly channel?: string
  readonly language: 'es' | 'en'
}

export const runStates = ['planning', 'waiting', 'confirmed', 'running', 'ended'] as const
export type RunState = (typeof runStates)[number]

export type OutcomeRow = {
  readonly kind: 'verified' | 'nothing_to_do' | 'failed' | 'refused' | 'not_approved'
  readonly reason: string
  readonly detail: Readonly<Record<string, unknown>>
}

export type RunRow = {
  readonly id: RunId
  readonly operation: string
  readonly risk: string
  readonly target: string
  readonly subject: { readonly kind: string; readonly name: string }
  readonly params: unknown
  readonly actor: Actor
  readonly origin: Origin
  readonly state: RunState
  readonly plan: unknown
  readonly planHash: string | undefined
  readonly planExpiresAt: Date | undefined
  readonly outcome: OutcomeRow | undefined
  readonly undoOf: RunId | undefined
  readonly undoneBy: RunId | undefined
  readonly incidentId: string | undefined
  readonly stopRequestedBy: Actor | undefined
  readonly confirmedBy: Actor | undefined
  readonly createdAt: Date
  readonly confirmedAt: Date | undefined
  readonly startedAt: Date | undefined
  readonly endedAt: Date | undefined
}

export type StepState = 'pending' | 'running' | 'done' | 'failed' | 'skipped'

export type StepRow = {
  readonly runId: RunId
  readonly position: number
  readonly name: string
  readonly state: StepState
  readonly progress: Readonly<Record<string, unknown>>
  readonly startedAt: Date | undefined
  readonly endedAt: Date | undefined
}

/** A person's word on a plan; two different people may be needed. */
export type ApprovalRow = {
  readonly runId: RunId
  readonly planHash: string
  readonly actor: Actor
  readonly decision: 'approve' | 'reject'
  readonly at: Date
}

/** A second person's look, afterwards, at what was done at once. */
export type ReviewRow = {
  readonly runId: RunId
  /** Names of those who acted: they never review it themselves. */
  readonly actors: readonly string[]
  readonly requestedAt: Date
  readonly remindAt: Date
  readonly remindedAt: Date | undefined
  /** Undefined: nobody has reviewed it yet. */
  readonly verdict: 'right' | 'not_right' | undefined
  readonly remark: string | undefined
  readonly reviewedBy: Actor | undefined
  readonly reviewedAt: Date | undefined
}

export type HoldRow = { readonly target: string; readonly runId: RunId; readonly actor: Actor; readonly since: Date }

export type AuditEntry = {
  readonly seq: number
  readonly at: Date
  /** request, decision, step, outcome, stop, undo, denied, ... */
  readonly kind: string
  readonly runId: RunId | undefined
  readonly actor: Actor
  readonly data: Readonly<Record<string, unknown>>
  readonly hash: string
}

export type IncidentRow = {
  readonly id: string
  /** Stable: the same for PagerDuty's dedup key. */
  readonly key: string
  readonly subject: { readonly kind: string; readonly name: string }
  readonly language: 'es' | 'en'
  readonly channel: string | undefined
  readonly channelName: string | undefined
  readonly severity: 'SEV1' | 'SEV2' | 'SEV3'
  readonly state: 'open' | 'resolved'
  readonly openedAt: Date
  readonly resolvedAt: Date | undefined
}

export type IncidentEntry = {
  readonly at: Date
  /** opened, run, note, severity, channel, resolved, ... */
  readonly kind: string
  readonly actor: Actor
  readonly data: Readonly<Record<string, unknown>>
}

export type EvidenceInput = {
  readonly name: string
  readonly kind: 'log' | 'previous-log' | 'events' | 'object' | 'note'
  readonly content: string
}

export type EvidenceRow = {
  readonly runId: RunId
  readonly position: number
  readonly name: string
  readonly kind: EvidenceInput['kind']
  /** Bytes of the text as it was given. */
  readonly size: number
  /** Only its end is kept. */
  readonly truncated: boolean
  readonly at: Date
}

export type MessageRow = {
  /** Whose message: `run/R-0042`, `incident/INC-20261124-01`. */
  readonly owner: string
  /** Which of the owner's messages: `card`, `progress`, `thread`. */
  readonly role: string
  readonly channel: string
  readonly ts: string
}

export type ReleaseRow = {
  readonly app: string
  /** Of the workload: a deleted and created one begins anew. */
  readonly uid: string
  readonly revision: number
  readonly templateHash: string
  readonly image: string
  readonly firstSeenAt: Date
  readonly healthySeconds: number
  readonly lastHealthyAt: Date | undefined
  readonly failedReason: string | undefined
  readonly failedAt: Date | undefined
}

/** A bad release and what the bot decided about it by itself. */
export type AutomaticRow = {
  readonly id: string
  readonly app: string
  readonly uid: string
  readonly templateKey: string
  /** What was seen (`BadRelease` of the watchers), as JSON. */
  readonly release: Readonly<Record<string, unknown>>
  readonly decision: 'open' | 'act' | 'ask' | 'leave'
  /** Why it was left to people, or why it asks where it might act. */
  readonly reason: string | undefined
  readonly detail: Readonly<Record<string, unknown>>
  readonly runId: RunId | undefined
  readonly incidentId: string | undefined
  readonly seenAt: Date
  readonly decidedAt: Date | undefined
  readonly escalateAt: Date | undefined
  readonly escalatedAt: Date | undefined
}

/** What people set about an app's automatic rollback. */
export type OverrideRow = {
  readonly app: string
  /** Undefined: back to the catalog's. */
  readonly mode: 'off' | 'ask' | undefined
  /** Undefined: until somebody sets it back. */
  readonly until: Date | undefined
  readonly actor: Actor
  readonly at: Date
}

export type PersonRow = {
  readonly slackUser: string
  readonly language: 'es' | 'en'
  readonly timeZone: string
  readonly updatedAt: Date
}

export type AlarmCause = 'none' | 'too_old' | 'unverified' | 'unreadable'

/** A worry about the backups of a database. */
export type BackupAlarm = {
  readonly id: string
  readonly database: string
  readonly cause: AlarmCause
  /** As it was at the first sight. */
  readonly detail: Readonly<Record<string, unknown>>
  /** Somebody is called for it. */
  readonly paged: boolean
  readonly since: Date
  readonly endedAt: Date | undefined
}
