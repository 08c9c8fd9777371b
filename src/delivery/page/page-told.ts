import type { PagerDutyFailure } from '../../services/pagerduty/call.ts'
import { getDecision } from '../../store/automatic.ts'
import { addIncidentEntry, getIncident, incidentTimeline } from '../../store/incidents.ts'
import { type Claimed, enqueue, runCard } from '../../store/outbox.ts'
import { getRun } from '../../store/runs.ts'
import type { AutomaticRow, IncidentRow, RunRow } from '../../store/types.ts'
import { inLanguage } from '../../texts/language.ts'
import { incidentWords } from '../../texts/words/incident.ts'
import { showIncident } from '../enqueue.ts'
import { backOff } from '../later.ts'
import { pagingOf } from '../run/run-view.ts'
import type { Delivered, PagerDutyContext } from '../types.ts'
import { phoneList } from './phones.ts'

/** What deliveries to PagerDuty have in common: which page an entry is about, and what is written down and said of it. */

export type Paged = {
  readonly incident: IncidentRow
  /** Absent: a bad release that no run is about. */
  readonly run: RunRow | undefined
  /** The bad release that somebody is called for, and why they are. */
  readonly release: { readonly row: AutomaticRow; readonly reason: string } | undefined
}
export const bot = { kind: 'bot', name: 'rescue' } as const

export async function pagedIn({ db }: PagerDutyContext, entry: Claimed): Promise<Paged | undefined> {
  const { incident: incidentId, run: runId, decision, reason } = entry.payload
  if (typeof incidentId !== 'string') return undefined
  const [incident, run, row] = await Promise.all([
    getIncident(db, incidentId),
    typeof runId === 'string' && /^R-\d+$/.test(runId) ? getRun(db, runId as RunRow['id']) : undefined,
    typeof decision === 'string' ? getDecision(db, decision) : undefined,
  ])
  if (incident === undefined || (run === undefined && row === undefined)) return undefined
  return { incident, run, release: row === undefined ? undefined : { row, reason: String(reason) } }
}

/** What the page is about, in keys of the outbox. */
export const aboutOf = ({ run, release }: Paged): string => run?.id ?? `release-${release?.row.id ?? ''}`

export function wait(failure: PagerDutyFailure, entry: Claimed): Delivered {
  if (failure.kind === 'rate_limited')
    return { kind: 'later', seconds: failure.retryAfterSeconds, error: 'rate limited', away: false }
  return {
    kind: 'later',
    seconds: backOff(entry.attempts),
    error: failure.error.toString(),
    away: failure.kind === 'away',
  }
}

/** Whoever was told to call by hand is told that it is no longer needed. */
export async function sayBack({ db }: PagerDutyContext, paged: Paged): Promise<void> {
  const { incident } = paged
  await enqueue(db, {
    to: 'slack',
    lane: `paging/${incident.id}`,
    key: `paging/${incident.id}/${aboutOf(paged)}/back`,
    kind: 'paging',
    payload: { incident: incident.id, back: true },
  })
}

type Failed = {
  readonly kind: 'page_off' | 'page_failed' | 'page_unconfirmed'
  readonly why: keyof Whys
  readonly said?: string
}
type Whys = (typeof incidentWords)['en']['whys']

/** Written down and said once for each run that needed it; with the telephone numbers as they were last known. */
export async function fail(context: PagerDutyContext, paged: Paged, failed: Failed): Promise<void> {
  const { db } = context
  const { incident, run } = paged
  const last = pagingOf(await incidentTimeline(db, incident.id))
  const words = inLanguage(incidentWords, { language: context.catalog.language }).whys
  const why = [words[failed.why], failed.said].filter((text) => text !== undefined && text !== '').join(': ')
  if (last?.state !== 'failed' || failed.kind !== 'page_failed')
    await addIncidentEntry(db, incident.id, { kind: failed.kind, actor: bot, data: { run: run?.id, why } })
  await enqueue(db, {
    to: 'slack',
    // Not behind the incident's channel, which Slack may take long to make.
    lane: `paging/${incident.id}`,
    key: `paging/${incident.id}/${aboutOf(paged)}/${failed.kind}`,
    kind: 'paging',
    payload: { incident: incident.id, why, phones: phoneList(context) },
  })
  await refresh(context, paged)
}

export async function refresh(context: PagerDutyContext, { incident, run }: Paged): Promise<void> {
  await showIncident(context.db, incident.id)
  if (run !== undefined) await enqueue(context.db, runCard(run.id))
}
