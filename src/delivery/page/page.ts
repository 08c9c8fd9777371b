import { resolve, trigger } from '../../services/pagerduty/events.ts'
import { addIncidentEntry, incidentTimeline } from '../../store/incidents.ts'
import { type Claimed, enqueue } from '../../store/outbox.ts'
import type { IncidentRow } from '../../store/types.ts'
import { pagingOf } from '../run/run-view.ts'
import { type Delivered, done, type PagerDutyContext } from '../types.ts'
import { eventOf } from './page-event.ts'
import { aboutOf, bot, fail, type Paged, pagedIn, refresh, sayBack, wait } from './page-told.ts'

/** Has somebody called. Accepted is not called: a second entry looks whether it became an incident. */
export async function deliverPage(context: PagerDutyContext, entry: Claimed): Promise<Delivered> {
  const paged = await pagedIn(context, entry)
  if (paged === undefined) return done
  // Resolved before anybody could be called: nobody is woken for what is over.
  if (paged.incident.state === 'resolved') return entry.attempts > 1 ? takeBack(context, entry, paged.incident) : done
  if (context.events === undefined) {
    await fail(context, paged, { kind: 'page_off', why: 'not_configured' })
    return done
  }
  const sent = await trigger(context.events, eventOf(context, paged))
  if (sent.kind === 'ok') {
    await arrived(context, paged, entry)
    return done
  }
  context.log.warn(
    { incident: paged.incident.id, failure: sent.kind, error: 'error' in sent ? sent.error : '' },
    'nobody could be paged yet',
  )
  if (sent.kind === 'refused') {
    await fail(context, paged, { kind: 'page_failed', why: 'refused', said: sent.error })
    return done
  }
  if (Date.now() - entry.waitingSince.getTime() >= context.pace.tellAwayMs)
    await fail(context, paged, { kind: 'page_failed', why: sent.kind === 'away' ? 'away' : 'rate_limited' })
  return wait(sent, entry)
}

/** An earlier attempt may have arrived although its answer did not: nobody must be called for what is over. */
async function takeBack(context: PagerDutyContext, entry: Claimed, incident: IncidentRow): Promise<Delivered> {
  if (context.events === undefined) return done
  const sent = await resolve(context.events, incident.key.slice(0, 255))
  return sent.kind === 'away' || sent.kind === 'rate_limited' ? wait(sent, entry) : done
}

async function arrived(context: PagerDutyContext, paged: Paged, entry: Claimed): Promise<void> {
  const { db } = context
  const { incident, run } = paged
  const before = pagingOf(await incidentTimeline(db, incident.id))
  await addIncidentEntry(db, incident.id, { kind: 'page_sent', actor: bot, data: { run: run?.id } })
  if (before?.state === 'failed') await sayBack(context, paged)
  if (context.rest !== undefined)
    await enqueue(db, {
      to: 'pagerduty',
      lane: `page-check/${incident.id}/${aboutOf(paged)}`,
      // Each page of a run is looked for: that it began, and that it failed.
      key: entry.key.replace(/^page\//, 'page-check/'),
      kind: 'page-check',
      payload: entry.payload,
    })
  await refresh(context, paged)
}
