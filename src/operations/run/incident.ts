import type { Catalog } from '../../catalog/schema.ts'
import { page, resolvePage, showIncident, showRun } from '../../delivery/enqueue.ts'
import { appendAuditOnce } from '../../store/audit.ts'
import { type Db, type Tx, transaction } from '../../store/db.ts'
import { openOrJoinIncident, resolveIncident, runsOfIncident } from '../../store/incidents.ts'
import { getRun } from '../../store/runs.ts'
import type { Actor, RunId, RunRow } from '../../store/types.ts'
import type { Outcome } from '../types.ts'

/**
 * A run that changes something belongs to an incident: one open incident per app, opened by its first act or joined. A click
 * that changes nothing calls nobody. The catalog can say "only when it fails", but for what breaks glass: that pages at once
 * and is marked in the audit. Safe to repeat.
 */
export async function joinIncident(db: Db, catalog: Catalog, id: RunId): Promise<void> {
  const run = await getRun(db, id)
  if (run === undefined || run.incidentId !== undefined) return
  const app = run.subject.kind === 'app' ? catalog.apps[run.subject.name] : undefined
  const breaksGlass = run.risk === 'break-glass'
  if (app?.incident === 'on_failure' && !breaksGlass) return
  await transaction(db, async (tx) => {
    const incident = await open(tx, catalog, run)
    await showRun(tx, id)
    if (!breaksGlass) return
    await page(tx, incident, { runId: id, begun: true })
    const data = { incident, paged: true, reason: reasonIn(run.params) }
    await appendAuditOnce(tx, { kind: 'break_glass', runId: id, actor: run.confirmedBy ?? run.actor, data })
  })
}

function reasonIn(params: unknown): string {
  const reason: unknown = typeof params === 'object' && params !== null && 'reason' in params ? params.reason : ''
  return typeof reason === 'string' ? reason : ''
}

/**
 * What the outcome means for the incident: a failure opens it if need be and pages; a verified end resolves it, unless
 * another run of it is still under way. Anything else mends nothing, so the incident stays as it is; a run that a person
 * stopped needs nobody to be woken.
 */
export async function settleIncident(tx: Tx, catalog: Catalog, run: RunRow, outcome: Outcome): Promise<void> {
  if (outcome.kind === 'failed' && outcome.reason !== 'stopped') {
    const incident = run.incidentId ?? (await open(tx, catalog, run))
    await page(tx, incident, { runId: run.id })
    await showIncident(tx, incident)
    return
  }
  if (run.incidentId === undefined) return
  const others = await runsOfIncident(tx, run.incidentId)
  const busy = others.some((other) => other.id !== run.id && (other.state === 'confirmed' || other.state === 'running'))
  if (outcome.kind === 'verified' && !busy) await endIncident(tx, run.incidentId, run.confirmedBy ?? run.actor)
  else await showIncident(tx, run.incidentId)
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
