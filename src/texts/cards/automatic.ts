import type { AutomaticRow } from '../../store/types.ts'
import { actionIds, decisionValue, requestValue } from '../actions.ts'
import { moment } from '../amounts.ts'
import { actions, button, type Card, card, confirmDialog, context, section } from '../blocks.ts'
import { bold, join, lines, type Mrkdwn, mrkdwn, textOf } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { fitMessage } from '../limits.ts'
import { operationTexts } from '../operation-texts.ts'
import type { PlanWords } from '../presentation.ts'
import type { RunView } from '../views.ts'
import { automaticWords } from '../words/automatic.ts'
import { commonWords } from '../words/common.ts'
import { runWords } from '../words/run.ts'
import { aboutRun, movedLine } from './about-run.ts'
import { toldRelease } from './automatic-release.ts'
import { leftWhy } from './automatic-why.ts'

/** A question of the watcher: what is wrong and how that was seen, what going back would do, and one button for it. */
export function askCard(view: RunView, release: AutomaticRow, look: Look): Card {
  const { run } = view
  const words = inLanguage(automaticWords, look)
  const plan = operationTexts(run.operation).plan(run.plan, look)
  const head = headOf(release, look)
  const { blocks, left } = fitMessage(
    {
      head: [section(lines([head, evidence(release.release, look)]))],
      body: [
        section(lines([words.asking(plan.what), ...plan.paragraphs])),
        ...(plan.warnings.length === 0 ? [] : [section(lines(plan.warnings.map(({ text }) => mrkdwn`△ ${text}`)))]),
      ],
      tail: [
        section(join([plan.takes, whenNobody(view, release, look)], ' ')),
        context(...aboutRun({ ...view, release: undefined }, look)),
        ...movedLine(view, look),
        askButtons(view, plan, look),
      ],
    },
    (n) => context(mrkdwn`${inLanguage(commonWords, look).elsewhere(n)}`),
  )
  return card(mrkdwn`${head} ${words.asking(plan.what)}`, blocks, left.length === 0 ? '' : textOf(lines(plan.whole)))
}

function whenNobody({ run }: RunView, release: AutomaticRow, look: Look): Mrkdwn {
  const words = inLanguage(automaticWords, look)
  const { escalatedAt, escalateAt } = release
  const calls = escalatedAt !== undefined || escalateAt === undefined ? undefined : moment(escalateAt, look)
  return join(
    [
      release.reason === 'two_people' ? words.twoPeople : undefined,
      escalatedAt === undefined ? undefined : words.escalated(moment(escalatedAt, look)),
      words.ifNobody(calls, moment(run.planExpiresAt ?? look.now, look)),
    ],
    ' ',
  )
}

/** The confirming button has a name of its own: what looks for a person's own plan does not find this one. */
function askButtons(view: RunView, plan: PlanWords, look: Look) {
  const { run } = view
  const words = inLanguage(runWords, look)
  const value = decisionValue({ run: run.id, plan: run.planHash ?? '' })
  return actions(`ask:${run.id}:${run.planHash ?? ''}`, [
    button({
      action: actionIds.automaticConfirm,
      label: plan.confirmLabel,
      value,
      confirm: confirmDialog(plan.confirm),
    }),
    button({ action: actionIds.wholePlan, label: words.wholePlan, value: run.id }),
    button({ action: actionIds.cancel, label: words.cancel, value: run.id }),
    muteButton(run.subject.name, look),
  ])
}

/** What the watcher is doing by itself; no button but those of the run in its incident's channel. */
export function actingCard(view: RunView, release: AutomaticRow, follow: Mrkdwn | undefined, look: Look): Card {
  const { run } = view
  const words = inLanguage(automaticWords, look)
  const doing = operationTexts(run.operation).doing(run.plan, look)
  const head = headOf(release, look)
  const now = mrkdwn`→ ${join([bold(doing), words.byItself, follow], ' · ')}`
  return card(mrkdwn`${head} ${doing}.`, [
    section(lines([head, evidence(release.release, look)])),
    section(now),
    context(...aboutRun({ ...view, release: undefined }, look)),
    ...movedLine(view, look),
  ])
}

function headOf(release: Pick<AutomaticRow, 'release'>, look: Look): Mrkdwn {
  const told = toldRelease(release.release, look)
  return inLanguage(automaticWords, look).isBad(mrkdwn`${told.app}`, told.revision, told.what)
}

function evidence(release: unknown, look: Look): Mrkdwn {
  const told = toldRelease(release, look)
  const seen = told.after === undefined ? undefined : inLanguage(automaticWords, look).seen(told.after)
  return lines([seen, ...told.sights.map((sight) => mrkdwn`• ${sight}`)])
}

export type LeftRelease = {
  readonly release: unknown
  readonly reason: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** A release that is left to people: loud, with what was seen, why nothing is done, and every way on as a button. */
export function leftCard(left: LeftRelease, look: Look): Card {
  const words = inLanguage(automaticWords, look)
  const { app } = toldRelease(left.release, look)
  const head = mrkdwn`△ ${headOf({ release: Object(left.release) }, look)}`
  const why = mrkdwn`${words.left}: ${leftWhy(left.reason, left.detail, look)}. ${words.nothingChanged}`
  return card(mrkdwn`${head} ${why}`, [
    section(lines([head, evidence(left.release, look)])),
    section(why),
    actions('left-release', [
      button({
        action: actionIds.request,
        label: words.plan,
        value: requestValue({ operation: 'rollback', params: { app } }),
      }),
      button({ action: actionIds.statusDetail, label: words.status, value: `app/${app}` }),
      button({ action: actionIds.emergency, label: words.emergency, value: app, style: 'danger' }),
      muteButton(app, look),
    ]),
  ])
}

/** Below the card of whoever is at work: the watcher saw it too, and stays out of it. */
export function notedCard(left: LeftRelease, look: Look): Card {
  const words = inLanguage(automaticWords, look)
  const text = words.noted(headOf({ release: Object(left.release) }, look))
  return card(text, [section(lines([text, evidence(left.release, look)]))])
}

/** For whoever is called: one sentence with what is wrong and what happens about it, then what was seen. */
export function pagedRelease(
  row: Pick<AutomaticRow, 'release' | 'detail'>,
  reason: string,
  look: Look,
): { readonly headline: Mrkdwn; readonly lines: readonly Mrkdwn[] } {
  const words = inLanguage(automaticWords, look)
  const told = toldRelease(row.release, look)
  const left = reason !== 'act' && reason !== 'unanswered'
  const why = words.pageWhy[left ? 'left' : reason]
  return {
    headline: mrkdwn`${words.pageSummary(told.app, told.revision, told.what, why)}`,
    lines: [...(left ? [mrkdwn`${leftWhy(reason, row.detail, look)}.`] : []), ...told.sights],
  }
}

function muteButton(app: string, look: Look) {
  const words = inLanguage(automaticWords, look)
  return button({
    action: actionIds.automaticMute,
    label: words.mute,
    value: app,
    confirm: confirmDialog(words.muteConfirm),
  })
}
