/** The words of the local PagerDuty. Wire names (snake_case) appear only where JSON is made. */

export type Severity = 'critical' | 'error' | 'warning' | 'info'
export type Status = 'triggered' | 'acknowledged' | 'resolved'

/** Somebody who can be on call. `email` is what the `From` header names. */
export type PagedPerson = {
  /** The short name that people use for each other, such as ana. */
  readonly name: string
  readonly realName: string
  readonly email: string
  readonly tz?: string
  readonly phone?: string
}

export type User = {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly email: string
  readonly timeZone: string
  readonly phone: string
}

export type LogEntry = {
  readonly id: string
  readonly type: string
  readonly summary: string
  readonly at: string
  readonly agent: { readonly type: string; readonly id: string; readonly summary: string }
}

export type Note = { readonly id: string; readonly content: string; readonly user: User; readonly at: string }

/** Somebody whose phone rang, and why. */
export type Page = { readonly user: User; readonly level: number; readonly at: string; readonly reason: PageReason }
export type PageReason = 'triggered' | 'escalated' | 'reopened' | 'asked_to_help'

export type Incident = {
  readonly id: string
  readonly number: number
  readonly key: string
  readonly createdAt: string
  readonly severity: Severity
  readonly source: string
  readonly client: string | undefined
  readonly clientUrl: string | undefined
  readonly details: unknown
  readonly log: LogEntry[]
  readonly notes: Note[]
  readonly pages: Page[]
  title: string
  status: Status
  urgency: 'high' | 'low'
  level: number
  changedAt: string
  resolvedAt: string | undefined
  assigned: User[]
  acknowledgedBy: { user: User; at: string } | undefined
  /** How many trigger events this incident has swallowed. */
  events: number
}
