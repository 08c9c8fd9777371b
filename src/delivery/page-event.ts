import type { Trigger } from '../services/pagerduty/events.ts'
import { outcomeWords } from '../texts/cards/outcome.ts'
import { plainText } from '../texts/plain.ts'
import type { Paged } from './page-told.ts'
import type { PagerDutyContext } from './types.ts'

/** What is read aloud by telephone, and what whoever was called finds on the page. */
export function eventOf(context: PagerDutyContext, { incident, run }: Paged): Trigger {
  const look = { language: context.catalog.language, now: new Date() }
  const { headline, lines } = outcomeWords({ run, steps: [], evidence: [], incident, inIncident: false }, look)
  const environment =
    (run.subject.kind === 'app' ? context.catalog.apps[run.subject.name]?.environment : undefined) ?? 'production'
  return {
    dedupKey: incident.key.slice(0, 255),
    summary: `${plainText(headline)} (${run.subject.name} / ${environment})`,
    source: run.target,
    severity: environment === 'production' ? 'critical' : 'error',
    component: run.subject.name,
    ...(incident.channel === undefined
      ? {}
      : { clientUrl: `https://slack.com/app_redirect?channel=${incident.channel}` }),
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
