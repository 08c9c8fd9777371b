import { hasRole, peopleWith } from '../catalog/people.ts'
import { mayStart } from '../operations/policy.ts'
import { endIncident } from '../operations/run/incident.ts'
import { appendAudit } from '../store/audit.ts'
import { transaction } from '../store/db.ts'
import { getIncident, runsOfIncident } from '../store/incidents.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import type { Notice } from '../texts/notices.ts'
import type { ButtonHandler } from './types.ts'

/** A person says that it is over; not while a run of it is under way. */
export const incidentResolveButton: ButtonHandler = async ({ surface, asker, value, reply }) => {
  const { db, catalog } = surface.desk.services
  const id = value ?? ''
  const say = (notice: Notice) => reply(noticeCard(notice, asker.look))
  if (!hasRole(asker.person.role, mayStart))
    return say({ kind: 'denied', ability: 'stop', needed: mayStart, who: peopleWith(catalog, mayStart) })
  const incident = await getIncident(db, id)
  if (incident === undefined) return say({ kind: 'no_such_incident', incident: id })
  const busy = (await runsOfIncident(db, id)).find((run) => run.state === 'confirmed' || run.state === 'running')
  if (busy !== undefined) return say({ kind: 'incident_busy', incident: id, run: busy.id })
  await transaction(db, async (tx) => {
    if (!(await endIncident(tx, id, asker.actor))) return
    await appendAudit(tx, { kind: 'incident_resolved', actor: asker.actor, data: { incident: id } })
  })
  await say({ kind: 'incident_resolved', incident: id })
}
