import type { Directory } from './directory.ts'
import { names } from './directory.ts'
import type { Incidents } from './incidents.ts'
import type { Incident, PageReason, Status } from './types.ts'

/** What the sandbox's panel and this server's own page show. */
export type PagingSummary = {
  readonly away: boolean
  readonly policy: string
  readonly onCall: readonly {
    readonly level: number
    readonly key: string
    readonly name: string
    readonly phone: string
  }[]
  readonly incidents: readonly PagingIncident[]
}

export type PagingIncident = {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly status: Status
  readonly severity: string
  readonly level: number
  readonly createdAt: string
  readonly resolvedAt: string | null
  readonly acknowledgedBy: string | null
  readonly key: string
  readonly pages: readonly {
    readonly key: string
    readonly name: string
    readonly at: string
    readonly level: number
    readonly reason: PageReason
  }[]
  readonly notes: readonly { readonly name: string; readonly content: string; readonly at: string }[]
}

/** Newest incident first. */
export function summaryOf(incidents: Incidents, directory: Directory, away: boolean): PagingSummary {
  return {
    away,
    policy: names.policy,
    onCall: directory.levels.flatMap((level, index) =>
      level.map(({ key, name, phone }) => ({ level: index + 1, key, name, phone })),
    ),
    incidents: incidents.all.toReversed().map(incidentSummary),
  }
}

const incidentSummary = (incident: Incident): PagingIncident => ({
  id: incident.id,
  number: incident.number,
  title: incident.title,
  status: incident.status,
  severity: incident.severity,
  level: incident.level,
  createdAt: incident.createdAt,
  resolvedAt: incident.resolvedAt ?? null,
  acknowledgedBy: incident.acknowledgedBy?.user.name ?? null,
  key: incident.key,
  pages: incident.pages.map(({ user, at, level, reason }) => ({ key: user.key, name: user.name, at, level, reason })),
  notes: incident.notes.map(({ user, content, at }) => ({ name: user.name, content, at })),
})
