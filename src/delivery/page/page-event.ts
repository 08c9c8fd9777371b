import type { Trigger } from '../../services/pagerduty/events.ts'
import type { IncidentRow, RunRow } from '../../store/types.ts'
import { pagedRelease } from '../../texts/cards/automatic.ts'
import { targetIn } from '../../texts/cards/automatic-release.ts'
import { outcomeWords } from '../../texts/cards/outcome.ts'
import { textIn } from '../../texts/data.ts'
import { type Mrkdwn, mrkdwn } from '../../texts/escape.ts'
import { inLanguage, type Look } from '../../texts/language.ts'
import { operationTexts } from '../../texts/operation-texts.ts'
import { plainText } from '../../texts/plain.ts'
import { incidentWords } from '../../texts/words/incident.ts'
import type { PagerDutyContext } from '../types.ts'
import type { Paged } from './page-told.ts'

/** What is read aloud by telephone, and what whoever was called finds on the page. */
export function eventOf(context: PagerDutyContext, paged: Paged): Trigger {
  const { incident, run, release } = paged
  const look = { language: context.catalog.language, now: new Date() }
  const { subject } = incident
  const environment =
    (subject.kind === 'app' ? context.catalog.apps[subject.name]?.environment : undefined) ?? 'production'
  const { headline, lines } = toldOf(paged, look)
  return {
    dedupKey: incident.key.slice(0, 255),
    summary: `${plainText(headline)} (${subject.name} / ${environment})`,
    source: run?.target ?? targetIn(release?.row.release),
    severity: environment === 'production' ? 'critical' : 'error',
    component: subject.name,
    ...(incident.channel === undefined
      ? {}
      : { clientUrl: `https://slack.com/app_redirect?channel=${incident.channel}` }),
    group: environment,
    details: {
      run: run?.id ?? '',
      incident: incident.id,
      reason: run?.outcome?.reason ?? release?.reason ?? '',
      told: lines.map((line) => plainText(line)).join(' '),
      channel: incident.channelName ?? '',
    },
  }
}

type Told = { readonly headline: Mrkdwn; readonly lines: readonly Mrkdwn[] }

/** A bad release with what was seen; or a run, by how it ended. */
function toldOf({ incident, run, release }: Paged, look: Look): Told {
  if (release !== undefined) return pagedRelease(release.row, release.reason, look)
  if (run === undefined) return { headline: mrkdwn`${incident.subject.name}`, lines: [] }
  return run.risk === 'break-glass' && run.outcome?.kind !== 'failed'
    ? breaksGlass(run, look)
    : outcomeOf(run, incident, look)
}

/** Called because somebody acts at once, not because anything failed. */
function breaksGlass(run: RunRow, look: Look): Told {
  const words = inLanguage(incidentWords, look)
  const who = mrkdwn`${(run.confirmedBy ?? run.actor).name}`
  const reason = textIn(run.params, 'reason')
  return {
    headline: words.breaksGlass(run.id, who, operationTexts(run.operation).doing(run.plan, look)),
    lines: reason === '' ? [] : [mrkdwn`${reason}`],
  }
}

const outcomeOf = (run: RunRow, incident: IncidentRow, look: Look): Told =>
  outcomeWords({ run, steps: [], evidence: [], incident, inIncident: false }, look)
