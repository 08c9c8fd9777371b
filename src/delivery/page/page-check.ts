import { trigger } from '../../services/pagerduty/events.ts'
import { findIncident } from '../../services/pagerduty/rest.ts'
import { addIncidentEntry, incidentTimeline } from '../../store/incidents.ts'
import type { Claimed } from '../../store/outbox.ts'
import { pagingOf } from '../run/run-view.ts'
import { type Delivered, done, type PagerDutyContext } from '../types.ts'
import { eventOf } from './page-event.ts'
import { bot, fail, pagedIn, refresh, sayBack } from './page-told.ts'

/**
 * Did the page become an incident? After a minute without one people are told, the event is sent once more (the same key is
 * the same page), and it is looked for a while longer.
 */
export async function deliverPageCheck(context: PagerDutyContext, entry: Claimed): Promise<Delivered> {
  const paged = await pagedIn(context, entry)
  if (paged === undefined || context.rest === undefined || paged.incident.state === 'resolved') return done
  const found = await findIncident(context.rest, paged.incident.key)
  // Also when somebody has resolved it there meanwhile: it had arrived.
  if (found.kind === 'ok' && found.value !== undefined) {
    const { assigned, url } = found.value
    const before = pagingOf(await incidentTimeline(context.db, paged.incident.id))
    if (before?.state === 'unconfirmed') await sayBack(context, paged)
    await addIncidentEntry(context.db, paged.incident.id, {
      kind: 'paged',
      actor: bot,
      data: { run: paged.run?.id, people: assigned, ...(url === undefined ? {} : { url }) },
    })
    await refresh(context, paged)
    return done
  }
  const { checkSeconds, unconfirmedMs, giveUpMs } = context.pace
  const waitedMs = Date.now() - entry.waitingSince.getTime()
  if (waitedMs < unconfirmedMs) return notYet(checkSeconds)
  const known = pagingOf(await incidentTimeline(context.db, paged.incident.id))
  if (known?.state !== 'unconfirmed') {
    await fail(context, paged, { kind: 'page_unconfirmed', why: 'not_seen' })
    if (context.events !== undefined) await trigger(context.events, eventOf(context, paged))
  }
  return waitedMs < giveUpMs ? notYet(checkSeconds * 3) : done
}

const notYet = (seconds: number): Delivered => ({ kind: 'later', seconds, error: 'not yet an incident', away: false })
