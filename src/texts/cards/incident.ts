import { actionIds } from '../actions.ts'
import { duration, listed, moment, secondsBetween } from '../amounts.ts'
import { actions, button, type Card, card, confirmDialog, context, section } from '../blocks.ts'
import { plainLine } from '../clean.ts'
import { bold, code, join, lines, type Mrkdwn, mention, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { slackLimits } from '../limits.ts'
import type { IncidentView } from '../views.ts'
import { incidentWords } from '../words/incident.ts'
import { outcomeShape, outcomeWords } from './outcome.ts'
import { pagingLine } from './paging.ts'

/** So many runs are listed; older ones are in the channel. */
const shownRuns = 8

/** Pinned in its channel: what it is about, who leads, what was tried and how that ended. */
export function incidentCard(view: IncidentView, look: Look): Card {
  const { incident, runs } = view
  const words = inLanguage(incidentWords, look)
  const open = incident.state === 'open'
  const head = bold(
    (open ? words.open : words.resolved)(incident.severity, mrkdwn`${incident.subject.name}`, view.environment ?? ''),
  )
  const time =
    incident.resolvedAt === undefined
      ? words.since(moment(incident.openedAt, look))
      : words.lasted(
          duration(secondsBetween(incident.openedAt, incident.resolvedAt), look),
          moment(incident.resolvedAt, look),
        )
  const who = view.commander === undefined ? mrkdwn`${words.noCommander}` : words.commander(mention(view.commander))
  const owners =
    view.owners.length === 0
      ? undefined
      : words.owners(
          listed(
            view.owners.map((name) => mrkdwn`${name}`),
            look,
          ),
        )
  const about = join([time, who, owners, pagingLine(view.paging, look)], ' ')
  const told = runs.slice(-shownRuns).map((run) => runLine(view, run.id, look))
  return card(head, [
    section(lines([head, about])),
    section(lines([bold(words.runs), ...(told.length === 0 ? [mrkdwn`${words.noRuns}`] : told)])),
    context(code(incident.id)),
    ...(open ? [resolveButton(view, look)] : []),
  ])
}

function runLine(view: IncidentView, id: string, look: Look): Mrkdwn {
  const run = view.runs.find((each) => each.id === id)
  if (run === undefined) return code(id)
  const shown = { run, steps: [], evidence: [], incident: view.incident, inIncident: true }
  const { headline } = outcomeWords(shown, look)
  return mrkdwn`${outcomeShape(shown)} ${run.outcome?.kind === 'failed' ? mrkdwn`` : mrkdwn`${code(run.id)} `}${headline}`
}

function resolveButton(view: IncidentView, look: Look) {
  const words = inLanguage(incidentWords, look)
  return actions(`incident:${view.incident.id}`, [
    button({
      action: actionIds.incidentResolve,
      label: words.resolve,
      value: view.incident.id,
      confirm: confirmDialog(words.resolveConfirm),
    }),
  ])
}

/** Severity, state, who leads; plain text of at most 250 characters. */
export function incidentTopic(view: IncidentView, look: Pick<Look, 'language'>): string {
  const words = inLanguage(incidentWords, look)
  const { severity, state } = view.incident
  return plainLine(
    words.topic(severity, words.topicStates[state], view.commanderName ?? words.nobody),
    slackLimits.topic,
  )
}

export function incidentPurpose(view: Pick<IncidentView, 'incident'>, look: Pick<Look, 'language'>): string {
  const words = inLanguage(incidentWords, look)
  return plainLine(words.purpose(view.incident.id, view.incident.subject.name), slackLimits.purpose)
}

/** `inc-20261124-01-porttrack-app`: lower case, digits and dashes, at most 80 with room for `-2`. */
export function incidentChannelName(prefix: string, id: string, subject: string): string {
  const number = id.replace(/^INC-/i, '')
  const name = `${prefix}-${number}-${subject}`.toLowerCase().replace(/[^a-z0-9_]+/g, '-')
  return cutName(name, slackLimits.channelName - 3)
}

const cutName = (name: string, max: number): string => name.slice(0, max).replace(/-+$/, '')

/** The last word of an incident in its channel. */
export function incidentOverCard(view: IncidentView, look: Look): Card {
  const { incident } = view
  const time = duration(secondsBetween(incident.openedAt, incident.resolvedAt ?? look.now), look)
  const text = inLanguage(incidentWords, look).over(incident.id, time)
  return card(text, [section(text)])
}
