import type { PagerDutyFailure } from '../services/pagerduty/call.ts'
import { resolve, trigger } from '../services/pagerduty/events.ts'
import { findIncident } from '../services/pagerduty/rest.ts'
import { addIncidentEntry, getIncident, incidentTimeline } from '../store/incidents.ts'
import { type Claimed, enqueue, runCard } from '../store/outbox.ts'
import { getRun } from '../store/runs.ts'
import type { IncidentRow, RunRow } from '../store/types.ts'
import { outcomeWords } from '../texts/cards/outcome.ts'
import { inLanguage } from '../texts/language.ts'
import { plainText } from '../texts/plain.ts'
import { incidentWords } from '../texts/words/incident.ts'
import { showIncident } from './enqueue.ts'
import { backOff } from './later.ts'
import { phoneList } from './phones.ts'
import { pagingOf } from './run-view.ts'
import { type Delivered, done, type PagerDutyContext } from './types.ts'

type Paged = { readonly incident: IncidentRow; readonly run: RunRow }
const bot = { kind: 'bot', name: 'rescue' } as const

async function pagedIn(context: PagerDutyContext, entry: Claimed): Promise<Paged | undefined> {
  const { incident: incidentId, run: runId } = entry.payload
  if (typeof incidentId !== 'string' || typeof runId !== 'string' || !/^R-\d+$/.test(runId)) return undefined
  const [incident, run] = await Promise.all([
    getIncident(context.db, incidentId),
    getRun(context.db, runId as RunRow['id']),
  ])
  return incident === undefined || run === undefined ? undefined : { incident, run }
}

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
    await arrived(context, paged)
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

function wait(failure: PagerDutyFailure, entry: Claimed): Delivered {
  if (failure.kind === 'rate_limited')
    return { kind: 'later', seconds: failure.retryAfterSeconds, error: 'rate limited', away: false }
  return {
    kind: 'later',
    seconds: backOff(entry.attempts),
    error: failure.error.toString(),
    away: failure.kind === 'away',
  }
}

function eventOf(context: PagerDutyContext, { incident, run }: Paged) {
  const look = { language: context.catalog.language, now: new Date() }
  const { headline, lines } = outcomeWords({ run, steps: [], evidence: [], incident, inIncident: false }, look)
  const environment =
    (run.subject.kind === 'app' ? context.catalog.apps[run.subject.name]?.environment : undefined) ?? 'production'
  return {
    dedupKey: incident.key.slice(0, 255),
    summary: `${plainText(headline)} (${run.subject.name} / ${environment})`,
    source: run.target,
    severity: environment === 'production' ? ('critical' as const) : ('error' as const),
    component: run.subject.name,
    group: environment,
    details: {
      run: run.id,
      incident: incident.id,
      reason: run.outcome?.reason ?? '',
      told: lines.map((line) => plainText(line)).join(' '),
      channel: incident.channelName ?? '',
    },
  }
}

async function arrived(context: PagerDutyContext, { incident, run }: Paged): Promise<void> {
  const { db } = context
  const before = pagingOf(await incidentTimeline(db, incident.id))
  await addIncidentEntry(db, incident.id, { kind: 'page_sent', actor: bot, data: { run: run.id } })
  if (before?.state === 'failed') await sayBack(context, { incident, run })
  if (context.rest !== undefined)
    await enqueue(db, {
      to: 'pagerduty',
      lane: `page-check/${incident.id}/${run.id}`,
      key: `page-check/${incident.id}/${run.id}`,
      kind: 'page-check',
      payload: { incident: incident.id, run: run.id },
    })
  await refresh(context, { incident, run })
}

/** Whoever was told to call by hand is told that it is no longer needed. */
async function sayBack({ db }: PagerDutyContext, { incident, run }: Paged): Promise<void> {
  await enqueue(db, {
    to: 'slack',
    lane: `paging/${incident.id}`,
    key: `paging/${incident.id}/${run.id}/back`,
    kind: 'paging',
    payload: { incident: incident.id, back: true },
  })
}

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
      data: { run: paged.run.id, people: assigned, ...(url === undefined ? {} : { url }) },
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

type Failed = {
  readonly kind: 'page_off' | 'page_failed' | 'page_unconfirmed'
  readonly why: keyof Whys
  readonly said?: string
}
type Whys = (typeof incidentWords)['en']['whys']

/** Written down and said once for each run that needed it; with the telephone numbers as they were last known. */
async function fail(context: PagerDutyContext, { incident, run }: Paged, failed: Failed): Promise<void> {
  const { db } = context
  const last = pagingOf(await incidentTimeline(db, incident.id))
  const words = inLanguage(incidentWords, { language: context.catalog.language }).whys
  const why = [words[failed.why], failed.said].filter((text) => text !== undefined && text !== '').join(': ')
  if (last?.state !== 'failed' || failed.kind !== 'page_failed')
    await addIncidentEntry(db, incident.id, { kind: failed.kind, actor: bot, data: { run: run.id, why } })
  await enqueue(db, {
    to: 'slack',
    // Not behind the incident's channel, which Slack may take long to make.
    lane: `paging/${incident.id}`,
    key: `paging/${incident.id}/${run.id}/${failed.kind}`,
    kind: 'paging',
    payload: { incident: incident.id, why, phones: phoneList(context) },
  })
  await refresh(context, { incident, run })
}

async function refresh(context: PagerDutyContext, { incident, run }: Paged): Promise<void> {
  await showIncident(context.db, incident.id)
  await enqueue(context.db, runCard(run.id))
}

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
