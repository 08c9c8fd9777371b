import { hasRole, peopleWith } from '../catalog/people.ts'
import { resolvePage, showIncident } from '../delivery/enqueue.ts'
import { mayStart } from '../operations/policy.ts'
import { appendAudit } from '../store/audit.ts'
import { transaction } from '../store/db.ts'
import { getIncident, resolveIncident, runsOfIncident } from '../store/incidents.ts'
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
    if ((await resolveIncident(tx, id, asker.actor)) === undefined) return
    await appendAudit(tx, { kind: 'incident_resolved', actor: asker.actor, data: { incident: id } })
    await resolvePage(tx, id)
    await showIncident(tx, id)
  })
  await say({ kind: 'incident_resolved', incident: id })
}
