import type { Catalog } from '../catalog/schema.ts'
import type { Db, Tx } from '../store/db.ts'
import {
  addIncidentEntry,
  getIncident,
  openOrJoinIncident,
  resolveIncident,
  runsOfIncident,
} from '../store/incidents.ts'
import { enqueue, runCard } from '../store/outbox.ts'
import type { Actor, IncidentRow, RunId, RunRow } from '../store/types.ts'
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

/**
 * A confirmed run opens the incident of its subject, or joins the one that is open; not where the catalog says that this
 * app has incidents on failure only.
 */
export async function joinIncident(tx: Sql, catalog: Catalog, run: RunRow): Promise<IncidentRow | undefined> {
  if (incidentRule(catalog, run) === 'on_failure') return undefined
  return openFor(tx, catalog, run)
}

async function openFor(tx: Sql, catalog: Catalog, run: RunRow): Promise<IncidentRow> {
  const { incident } = await openOrJoinIncident(tx, {
    subject: run.subject,
    severity: environmentOf(catalog, run) === 'production' ? 'SEV2' : 'SEV3',
    language: catalog.language,
    actor: run.confirmedBy ?? run.actor,
    runId: run.id,
  })
  await showIncident(tx, incident.id)
  return incident
}

/**
 * After a run has ended: a failure opens or joins the incident and pages; a verified one resolves the incident and its
 * page, unless another run of it is still under way.
 */
export async function settleIncident(tx: Sql, catalog: Catalog, run: RunRow): Promise<void> {
  if (run.outcome?.kind === 'failed') {
    const incident = await openFor(tx, catalog, run)
    await page(tx, incident.id, run.id)
    return
  }
  if (run.incidentId === undefined) return
  const busy = (await runsOfIncident(tx, run.incidentId)).some((other) => other.id !== run.id && isActive(other))
  if (run.outcome?.kind === 'verified' && !busy)
    await closeIncident(tx, run.incidentId, { kind: 'bot', name: 'rescue' })
  else await showIncident(tx, run.incidentId)
}

const isActive = (run: RunRow): boolean => run.state === 'confirmed' || run.state === 'running'

/** Resolves an incident and its page. @returns undefined when it was resolved before or is unknown */
export async function closeIncident(tx: Sql, id: string, by: Actor): Promise<IncidentRow | undefined> {
  const resolved = await resolveIncident(tx, id, by)
  if (resolved === undefined) return undefined
  await resolvePage(tx, resolved)
  await showIncident(tx, id)
  return resolved
}

/** Somebody must be called: one page an incident, however many of its runs fail. */
export async function page(tx: Sql, incidentId: string, run: RunId): Promise<void> {
  const incident = await getIncident(tx, incidentId)
  if (incident === undefined) return
  await addIncidentEntry(tx, incidentId, { kind: 'page_asked', actor: { kind: 'bot', name: 'rescue' }, data: { run } })
  await enqueue(tx, {
    to: 'pagerduty',
    lane: `page/${incidentId}`,
    key: `page/${incidentId}/${run}`,
    kind: 'trigger',
    payload: { incident: incidentId, run },
  })
}

async function resolvePage(tx: Sql, incident: IncidentRow): Promise<void> {
  await enqueue(tx, {
    to: 'pagerduty',
    lane: `page/${incident.id}`,
    key: `page-resolve/${incident.id}`,
    kind: 'resolve',
    payload: { incident: incident.id },
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

/** Says something in the channel of operations. @param key the same key is said once */
export async function announce(tx: Sql, said: { readonly notice: Notice; readonly key: string }): Promise<void> {
  await enqueue(tx, {
    to: 'slack',
    lane: 'announcements',
    key: `announce/${said.key}`,
    kind: 'announce',
    payload: { notice: said.notice },
  })
}

function incidentRule(catalog: Catalog, run: RunRow): 'always' | 'on_failure' {
  return (run.subject.kind === 'app' ? catalog.apps[run.subject.name]?.incident : undefined) ?? 'always'
}

function environmentOf(catalog: Catalog, run: RunRow): string | undefined {
  const { kind, name } = run.subject
  if (kind === 'app') return catalog.apps[name]?.environment
  return kind === 'database' ? catalog.databases[name]?.environment : undefined
}
