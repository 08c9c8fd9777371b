import { notePageAnswers } from '../operations/page-answers.ts'
import { remindOfReviews } from '../operations/review.ts'
import type { Services } from '../operations/services.ts'
import type { RestTarget } from '../services/pagerduty/rest.ts'
import { incidentTimeline, listIncidents } from '../store/incidents.ts'
import { rest as pause } from './leader.ts'

/** How often it is looked what people still owe, in ms. */
const everyMs = 15_000

type Ground = Pick<Services, 'db' | 'catalog' | 'log'>

/**
 * What people answer elsewhere, and what they still owe: PagerDuty's calls of open incidents, and reviews that wait. One
 * replica at a time does it; what it finds is told once whoever does.
 * @param pagerduty absent: there is no REST token, and answers over there are not seen
 */
export async function followUp(
  services: Ground,
  pagerduty: RestTarget | undefined,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await remindOfReviews(services).catch((error: unknown) =>
      services.log.warn({ err: error }, 'reviews that wait could not be looked through; the next look tries again'),
    )
    if (pagerduty !== undefined)
      await lookForAnswers(services, pagerduty, signal).catch((error: unknown) =>
        services.log.warn({ err: error }, 'answers in PagerDuty could not be read; the next look tries again'),
      )
    await pause(everyMs, signal)
  }
}

/** Entries of a timeline after which somebody may answer. */
const called = ['page_sent', 'paged', 'page_unconfirmed']

async function lookForAnswers(services: Ground, pagerduty: RestTarget, signal: AbortSignal): Promise<void> {
  for (const incident of await listIncidents(services.db, { state: 'open' })) {
    if (signal.aborted) return
    const timeline = await incidentTimeline(services.db, incident.id)
    if (!timeline.some(({ kind }) => called.includes(kind))) continue
    const failure = await notePageAnswers(services, pagerduty, incident)
    if (failure === undefined) continue
    services.log.debug({ incident: incident.id, failure: failure.kind }, 'PagerDuty does not tell what was answered')
    // The others would meet the same: it is asked again at the next look.
    if (failure.kind !== 'refused') return
  }
}
