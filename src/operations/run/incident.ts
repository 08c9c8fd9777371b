import type { Catalog } from '../../catalog/schema.ts'
import { page, resolvePage, showIncident } from '../../delivery/enqueue.ts'
import type { Tx } from '../../store/db.ts'
import { openOrJoinIncident, resolveIncident, runsOfIncident } from '../../store/incidents.ts'
import type { Actor, RunRow } from '../../store/types.ts'
import type { Outcome } from '../types.ts'

/** A confirmed run belongs to an incident: one open incident per app, opened now or joined. The catalog can say "only when it fails". */
export async function joinIncident(tx: Tx, catalog: Catalog, run: RunRow): Promise<void> {
  const app = run.subject.kind === 'app' ? catalog.apps[run.subject.name] : undefined
  if (app?.incident === 'on_failure') return
  await open(tx, catalog, run)
}

/**
 * What the outcome means for the incident: a failure opens it if need be and pages; a success resolves it, unless
 * another run of it is still under way. An end that changed nothing leaves things as they were.
 */
export async function settleIncident(tx: Tx, catalog: Catalog, run: RunRow, outcome: Outcome): Promise<void> {
  if (outcome.kind === 'failed') {
    const incident = run.incidentId ?? (await open(tx, catalog, run))
    await page(tx, incident, { runId: run.id })
    await showIncident(tx, incident)
    return
  }
  if (run.incidentId === undefined) return
  const others = await runsOfIncident(tx, run.incidentId)
  const busy = others.some((other) => other.id !== run.id && (other.state === 'confirmed' || other.state === 'running'))
  const failedBefore = others.some((other) => other.id !== run.id && other.outcome?.kind === 'failed')
  // What changed nothing (the world moved) does not mend what failed before it.
  if (!busy && (outcome.kind === 'verified' || !failedBefore)) {
    await endIncident(tx, run.incidentId, run.confirmedBy ?? run.actor)
  } else await showIncident(tx, run.incidentId)
}

async function open(tx: Tx, catalog: Catalog, run: RunRow): Promise<string> {
  const { incident } = await openOrJoinIncident(tx, {
    subject: run.subject,
    severity: 'SEV2',
    language: catalog.language,
    actor: run.confirmedBy ?? run.actor,
    runId: run.id,
  })
  await showIncident(tx, incident.id)
  return incident.id
}

/** Resolves an incident, its page and its channel. @returns false when it was resolved before or is unknown */
export async function endIncident(tx: Tx, id: string, by: Actor): Promise<boolean> {
  if ((await resolveIncident(tx, id, by)) === undefined) return false
  await resolvePage(tx, id)
  await showIncident(tx, id)
  return true
}
