import type { Db, Tx } from '../store/db.ts'
import { enqueue, runCard } from '../store/outbox.ts'
import type { RunId } from '../store/types.ts'
import type { Notice } from '../texts/notices.ts'

/**
 * What operations leave for Slack and PagerDuty to learn. Only rows of the outbox are written here, in the transaction
 * that changes the state itself: what is delivered is the state at that later moment.
 */

type Sql = Db | Tx

/** The run's cards are brought up to date. Safe to call for every change. */
export async function showRun(tx: Sql, id: RunId): Promise<void> {
  await enqueue(tx, runCard(id))
}

/** The incident's channel, card and topic are brought up to date; the channel is made if there is none. */
export async function showIncident(tx: Sql, id: string): Promise<void> {
  await enqueue(tx, {
    to: 'slack',
    lane: `incident/${id}`,
    key: `incident/${id}`,
    kind: 'incident',
    payload: { incident: id },
    coalesce: true,
  })
}

/** The review of a run is brought up to date: asked for, reminded of, done. */
export async function showReview(tx: Sql, id: RunId): Promise<void> {
  await enqueue(tx, {
    to: 'slack',
    lane: `review/${id}`,
    key: `review/${id}`,
    kind: 'review',
    payload: { run: id },
    coalesce: true,
  })
}

/**
 * Somebody must be called. One incident is one page, however many of its runs fail: PagerDuty knows it by the incident's key.
 * @param why.begun called because the run begins, not because it failed: should it fail, it is told as well
 */
export async function page(
  tx: Sql,
  incident: string,
  why: { readonly runId: RunId; readonly begun?: boolean },
): Promise<void> {
  const begun = why.begun === true
  await enqueue(tx, {
    to: 'pagerduty',
    lane: `page/${incident}`,
    key: begun ? `page/${incident}/${why.runId}/begun` : `page/${incident}/${why.runId}`,
    kind: 'page',
    payload: { incident, run: why.runId, ...(begun ? { begun } : {}) },
  })
}

/** Somebody must be called for a bad release: one that is acted on, that nobody answered about, or that is left to people. */
export async function pageRelease(
  tx: Sql,
  incident: string,
  about: { readonly decision: string; readonly reason: string; readonly runId?: RunId | undefined },
): Promise<void> {
  const { decision, reason, runId } = about
  await enqueue(tx, {
    to: 'pagerduty',
    lane: `page/${incident}`,
    key: `page/${incident}/release-${decision}/${reason}`,
    kind: 'page',
    payload: { incident, decision, reason, ...(runId === undefined ? {} : { run: runId }) },
  })
}

/**
 * Tells of a bad release that is left to people: in the operations channel, or below the card of the run that works on it.
 * @param told.key the same key is told once
 */
export async function showRelease(
  tx: Sql,
  told: {
    readonly key: string
    readonly app: string
    readonly release: unknown
    readonly reason: string
    readonly detail: Readonly<Record<string, unknown>>
    readonly run?: RunId
  },
): Promise<void> {
  const { key, ...payload } = told
  const lane = told.run === undefined ? `release/${told.app}` : `thread/${told.run}`
  await enqueue(tx, { to: 'slack', lane, key: `release/${key}`, kind: 'release', payload })
}

/** Tells in the operations channel that what a restore has put aside will be dropped, and when; once. */
export async function announceDrop(
  tx: Sql,
  told: {
    readonly run: RunId
    readonly database: string
    readonly name: string
    readonly bytes: number
    readonly backup: string
    readonly dropAt: string
  },
): Promise<void> {
  const key = `kept/${told.run}/${told.name}`
  await enqueue(tx, { to: 'slack', lane: key, key, kind: 'kept', payload: told })
}

/** The card of an alarm about backups is brought up to date in the operations channel. */
export async function showBackupAlarm(tx: Sql, id: string): Promise<void> {
  await enqueue(tx, {
    to: 'slack',
    lane: `backup-alarm/${id}`,
    key: `backup-alarm/${id}`,
    kind: 'backup-alarm',
    payload: { alarm: id },
    coalesce: true,
  })
}

/** Somebody is called for an alarm about backups: the catalog says so. */
export async function pageBackupAlarm(tx: Sql, id: string): Promise<void> {
  await enqueue(tx, {
    to: 'pagerduty',
    lane: `backup-alarm/${id}`,
    key: `backup-alarm/${id}/page`,
    kind: 'backup-page',
    payload: { alarm: id },
  })
}

/** The page of an alarm about backups is over. */
export async function endBackupPage(tx: Sql, id: string): Promise<void> {
  await enqueue(tx, {
    to: 'pagerduty',
    lane: `backup-alarm/${id}`,
    key: `backup-alarm/${id}/over`,
    kind: 'backup-page',
    payload: { alarm: id },
  })
}

/** Tells in an incident's channel what somebody answered in PagerDuty. @param answer.id PagerDuty's own: told once */
export async function tellAnswer(
  tx: Sql,
  incident: string,
  answer: {
    readonly id: string
    readonly by: string
    readonly kind: 'seen' | 'closed' | 'closed_busy' | 'closed_other_open'
    readonly run?: string
  },
): Promise<void> {
  const { id, ...told } = answer
  await enqueue(tx, {
    to: 'slack',
    lane: `paging/${incident}`,
    key: `paging/${incident}/answer/${id}`,
    kind: 'paging',
    payload: { incident, answer: told },
  })
}

/** The page of an incident is over. Nothing happens in PagerDuty where there was none. */
export async function resolvePage(tx: Sql, incident: string): Promise<void> {
  await enqueue(tx, {
    to: 'pagerduty',
    lane: `page/${incident}`,
    key: `page-resolve/${incident}`,
    kind: 'page-resolve',
    payload: { incident },
  })
}

/**
 * Tells one person something in private, best effort: dropped when Slack does not take it within ten minutes.
 * @param key the same key is told once
 */
export async function tellPerson(
  tx: Sql,
  told: { readonly user: string; readonly notice: Notice; readonly key: string },
): Promise<void> {
  await enqueue(tx, {
    to: 'slack',
    lane: `person/${told.user}`,
    key: `person/${told.key}`,
    kind: 'direct',
    payload: { user: told.user, notice: told.notice, until: new Date(Date.now() + 600_000).toISOString() },
  })
}
