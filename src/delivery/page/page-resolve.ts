import { resolve } from '../../services/pagerduty/events.ts'
import { addIncidentEntry, getIncident, incidentTimeline } from '../../store/incidents.ts'
import type { Claimed } from '../../store/outbox.ts'
import { showIncident } from '../enqueue.ts'
import { pagingOf } from '../run/run-view.ts'
import { type Delivered, done, type PagerDutyContext } from '../types.ts'
import { bot, wait } from './page-told.ts'

/** The page is over; PagerDuty says nothing where there was none. */
export async function deliverPageResolve(context: PagerDutyContext, entry: Claimed): Promise<Delivered> {
  const incident = await getIncident(context.db, String(entry.payload['incident'] ?? ''))
  if (incident === undefined || context.events === undefined) return done
  const before = pagingOf(await incidentTimeline(context.db, incident.id))
  if (before === undefined || before.state === 'off') return done
  const sent = await resolve(context.events, incident.key.slice(0, 255))
  if (sent.kind === 'away' || sent.kind === 'rate_limited') return wait(sent, entry)
  if (sent.kind === 'refused')
    context.log.warn({ incident: incident.id, error: sent.error }, 'a page could not be resolved')
  else await addIncidentEntry(context.db, incident.id, { kind: 'page_resolved', actor: bot, data: {} })
  await showIncident(context.db, incident.id)
  return done
}
