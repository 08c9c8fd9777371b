import type { Catalog } from '../../catalog/schema.ts'
import { pageRelease, showIncident, showRelease } from '../../delivery/enqueue.ts'
import { appendAudit } from '../../store/audit.ts'
import { decideRelease } from '../../store/automatic.ts'
import { type Db, type Tx, transaction } from '../../store/db.ts'
import { addIncidentEntry, openOrJoinIncident } from '../../store/incidents.ts'
import type { AutomaticRow, RunId } from '../../store/types.ts'
import type { BadRelease } from '../bad-releases/types.ts'
import type { LeaveReason } from './judge.ts'
import { releasesWatcher, seenIn } from './request.ts'

type Left = { readonly reason: LeaveReason; readonly detail: Readonly<Record<string, unknown>> }

/** Switched off, muted or over: people know it, or there is nothing left to tell. */
const silent: readonly LeaveReason[] = ['off', 'muted', 'gone', 'person_at_work']
/** Told, and no reason to wake somebody: the release is old, or the one who works on it sees it. */
const unpaged: readonly LeaveReason[] = [...silent, 'too_old']

/** Leaves a release to people: written down, told with what was seen, and paged; each once. */
export async function leaveToPeople(db: Db, catalog: Catalog, release: BadRelease, row: AutomaticRow, left: Left) {
  const { reason, detail } = left
  if (row.decision === 'leave' && row.reason === reason) return
  await transaction(db, async (tx) => {
    await decideRelease(tx, row.id, { decision: 'leave', reason, detail })
    await appendAudit(tx, {
      kind: 'bad_release',
      actor: releasesWatcher,
      data: { ...seenIn(release), decision: 'leave', reason },
    })
    const key = `${row.id}/${reason}/${release.revision}`
    const told = { decision: row.id, app: release.app, release, reason, detail }
    const run = detail['run']
    if (reason === 'person_at_work' && typeof run === 'string')
      await showRelease(tx, { ...told, key: `${key}/${run}`, run: run as RunId })
    if (silent.includes(reason)) return
    await showRelease(tx, { ...told, key })
    if (!unpaged.includes(reason)) await raise(tx, catalog, release, row, { reason })
  })
}

/** Opens or joins the app's incident and has somebody called for this release, once. @returns the incident's id */
export async function raise(
  tx: Tx,
  catalog: Catalog,
  release: BadRelease,
  row: AutomaticRow,
  why: { readonly reason: string; readonly runId?: RunId },
): Promise<string> {
  const { incident } = await openOrJoinIncident(tx, {
    subject: { kind: 'app', name: release.app },
    severity: 'SEV2',
    language: catalog.language,
    actor: releasesWatcher,
    ...(why.runId === undefined ? {} : { runId: why.runId }),
  })
  await addIncidentEntry(tx, incident.id, {
    kind: 'bad_release',
    actor: releasesWatcher,
    data: { ...seenIn(release), reason: why.reason },
  })
  await pageRelease(tx, incident.id, { decision: row.id, reason: why.reason, runId: why.runId })
  await showIncident(tx, incident.id)
  return incident.id
}
