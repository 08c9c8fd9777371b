import type { Button } from '@slack/types'
import type { OutcomeRow } from '../../store/types.ts'
import { actionIds, requestValue } from '../actions.ts'
import { duration, moment, secondsBetween } from '../amounts.ts'
import { actions, button, type Card, card, confirmDialog, context, section } from '../blocks.ts'
import { cutPlain } from '../clean.ts'
import { textIn } from '../data.ts'
import { bold, channelLink, code, join, lines, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { fitMessage } from '../limits.ts'
import { operationTexts } from '../operation-texts.ts'
import { actorOf } from '../people.ts'
import type { NextAction, OutcomeWords } from '../presentation.ts'
import type { RunView } from '../views.ts'
import { commonWords } from '../words/common.ts'
import { runWords } from '../words/run.ts'
import { aboutRun, movedLine } from './about-run.ts'
import { pagingLine } from './paging.ts'
import { type ProgressStyle, stepBlocks } from './progress.ts'

const shapes: Record<OutcomeRow['kind'], string> = {
  verified: '✓',
  nothing_to_do: '■',
  failed: '✗',
  refused: '■',
  not_approved: '■',
}

/** How a run ended: what is so now, what was and was not done, how long it took, and the ways on as buttons. */
export function outcomeCard(view: RunView, style: ProgressStyle, look: Look): Card {
  const { run } = view
  const told = outcomeWords(view, look)
  const head = bold(mrkdwn`${outcomeShape(view)} ${told.headline}.`)
  const paging = run.outcome?.kind === 'failed' ? pagingLine(view.paging, look) : undefined
  const body = join([...told.lines, tooLate(view, look), paging], ' ')
  const showSteps =
    view.steps.some((step) => step.startedAt !== undefined) && (view.inIncident || run.outcome?.kind === 'failed')
  const { blocks } = fitMessage(
    {
      head: [section(lines([head, body]))],
      body: showSteps ? stepBlocks(view, style, look) : [],
      tail: [context(...small(view, look)), ...movedLine(view, look), ...buttonsOf(view, told, look)],
    },
    (n) => context(mrkdwn`${inLanguage(commonWords, look).elsewhere(n)}`),
  )
  return card(mrkdwn`${named(view, told)}. ${body}`, blocks)
}

/** The headline with the run's id before it; that of a failure begins with it already. */
function named({ run }: RunView, told: OutcomeWords): Mrkdwn {
  return run.outcome?.kind === 'failed' ? told.headline : mrkdwn`${run.id}: ${told.headline}`
}

/** Whoever asked to stop a run that ended well all the same learns why it did not stop. */
function tooLate({ run }: RunView, look: Look): Mrkdwn | undefined {
  if (run.outcome?.kind !== 'verified' || run.stopRequestedBy === undefined) return undefined
  return inLanguage(runWords, look).stopTooLate(actorOf(run.stopRequestedBy, look))
}

export function outcomeShape(view: RunView): string {
  return view.run.outcome === undefined ? '→' : shapes[view.run.outcome.kind]
}

/** One sentence and its details; the ends that every operation has in common are told here. */
export function outcomeWords(view: RunView, look: Look): OutcomeWords {
  const { run } = view
  const { outcome } = run
  const words = inLanguage(runWords, look)
  const texts = operationTexts(run.operation)
  if (outcome === undefined) return { headline: texts.asked(run.params, look), lines: [], next: [] }
  const core = coreWords(view, outcome, look)
  const told = core ?? texts.outcome({ outcome, params: run.params, plan: run.plan }, look)
  const headline = outcome.kind === 'failed' ? words.failed(run.id, told.headline) : told.headline
  return { ...told, headline }
}

function coreWords(view: RunView, outcome: OutcomeRow, look: Look): OutcomeWords | undefined {
  const { run } = view
  const words = inLanguage(runWords, look)
  const what = operationTexts(run.operation).asked(run.params, look)
  const end = (headline: Mrkdwn, told: readonly Mrkdwn[] = [words.nothingChanged]): OutcomeWords => ({
    headline,
    lines: told,
    next: [],
  })
  const by = actorOf({ kind: 'person', name: textIn(outcome.detail, 'by') }, look)
  if (outcome.kind === 'not_approved') {
    const about = mrkdwn`${what} · `
    if (outcome.reason === 'expired') return { ...end(mrkdwn`${about}${words.core.expired}`), next: again(look) }
    if (outcome.reason === 'superseded' || outcome.reason === 'withdrawn')
      return end(mrkdwn`${about}${words.core[outcome.reason]}`)
    if (outcome.reason === 'stopped') return end(mrkdwn`${about}${words.core.stopped(by)}`)
    return end(mrkdwn`${about}${words.core.cancelled(by)}`)
  }
  const unforeseen = {
    unexpected: words.core.unexpected,
    act_unknown: words.core.unknownAct,
    act_blocked: words.core.blocked,
  }
  const said = Object.entries(unforeseen).find(([reason]) => reason === outcome.reason)?.[1]
  if (said === undefined) return undefined
  const headline = outcome.kind === 'failed' ? said : mrkdwn`${what}: ${said}`
  const [why, other] = [textIn(outcome.detail, 'why'), textIn(outcome.detail, 'run')]
  return end(headline, [
    ...(why === '' ? [] : [mrkdwn`“${cutPlain(why, 200)}”.`]),
    ...(other === '' ? [] : [words.core.leftBy(code(other))]),
    words.core.look(run.id),
  ])
}

const again = (look: Look): readonly NextAction[] => [{ kind: 'again', label: inLanguage(runWords, look).planAgain }]

/** The small print: the run's id first, then how long it took. */
function small(view: RunView, look: Look): readonly Mrkdwn[] {
  const [id, ...about] = aboutRun(view, look)
  return [...(id === undefined ? [] : [id]), ...timeLine(view, look), ...about]
}

function timeLine(view: RunView, look: Look): readonly Mrkdwn[] {
  const { run } = view
  const words = inLanguage(runWords, look)
  if (run.endedAt === undefined) return []
  const took =
    run.confirmedAt === undefined ? undefined : words.took(duration(secondsBetween(run.confirmedAt, run.endedAt), look))
  return [
    took === undefined ? moment(run.endedAt, look) : mrkdwn`${took} · ${moment(run.endedAt, look)}`,
    ...(run.confirmedBy === undefined ? [] : [words.confirmedShort(actorOf(run.confirmedBy, look))]),
    ...(run.undoneBy === undefined ? [] : [mrkdwn`${words.undoneBy(run.undoneBy)}`]),
  ]
}

function buttonsOf(view: RunView, told: OutcomeWords, look: Look) {
  const { run } = view
  const words = inLanguage(runWords, look)
  const next = told.next
    .filter((each) => !(each.kind === 'undo' && run.undoneBy !== undefined))
    .map((each) => nextButton(view, each))
  const evidence =
    view.evidence.length === 0
      ? []
      : [button({ action: actionIds.evidence, label: words.evidenceButton, value: run.id })]
  const details =
    run.startedAt === undefined || view.inIncident
      ? []
      : [button({ action: actionIds.details, label: words.details, value: run.id })]
  // After success the way back leads to what was left: it is never under the thumb first.
  const all: Button[] =
    run.outcome?.kind === 'verified' ? [...evidence, ...details, ...next] : [...next, ...evidence, ...details]
  return all.length === 0 ? [] : [actions(`next:${run.id}:${run.undoneBy ?? ''}`, all)]
}

function nextButton(view: RunView, next: NextAction): Button {
  const { run } = view
  if (next.kind === 'request')
    return button({ action: actionIds.request, label: next.label, value: requestValue(next.request) })
  if (next.kind === 'emergency') return button({ action: actionIds.emergency, label: next.label, value: next.app })
  if (next.kind === 'undo')
    return button({
      action: actionIds.undo,
      label: next.label,
      value: run.id,
      ...(next.confirm === undefined ? {} : { confirm: confirmDialog(next.confirm) }),
    })
  return button({ action: next.kind === 'other' ? actionIds.other : actionIds.again, label: next.label, value: run.id })
}

/** The plan card when everything went on elsewhere: one line with the end, and a way there. */
export function endedElsewhereCard(view: RunView, look: Look): Card {
  const words = inLanguage(runWords, look)
  const told = outcomeWords(view, look)
  const head = bold(mrkdwn`${outcomeShape(view)} ${told.headline}.`)
  const channel = view.incident?.channel
  const where = channel === undefined ? undefined : words.allIn(channelLink(channel, view.incident?.channelName))
  return card(mrkdwn`${named(view, told)}.`, [
    section(lines([head, join([...told.lines.slice(0, 2), tooLate(view, look), where], ' ')])),
    context(...small(view, look)),
    ...movedLine(view, look),
    ...buttonsOf(view, told, look),
  ])
}
