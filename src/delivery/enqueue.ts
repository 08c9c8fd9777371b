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

/** Somebody must be called. One incident is one page, however many of its runs fail: PagerDuty knows it by the incident's key. */
export async function page(tx: Sql, incident: string, why: { readonly runId: RunId }): Promise<void> {
  await enqueue(tx, {
    to: 'pagerduty',
    lane: `page/${incident}`,
    key: `page/${incident}/${why.runId}`,
    kind: 'page',
    payload: { incident, run: why.runId },
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
