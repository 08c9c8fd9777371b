import { actionIds, decisionValue } from '../actions.ts'
import { moment } from '../amounts.ts'
import { actions, button, type Card, card, confirmDialog, context, section } from '../blocks.ts'
import { bold, channelLink, join, lines, mrkdwn, textOf } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { fitMessage } from '../limits.ts'
import { operationTexts } from '../operation-texts.ts'
import { actorOf } from '../people.ts'
import type { PlanWords } from '../presentation.ts'
import type { RunView } from '../views.ts'
import { commonWords } from '../words/common.ts'
import { runWords } from '../words/run.ts'
import { aboutRun, movedLine } from './about-run.ts'

/** A run that has no plan yet. */
export function askedCard(view: RunView, look: Look): Card {
  const words = inLanguage(runWords, look)
  const asked = words.asked(operationTexts(view.run.operation).asked(view.run.params, look))
  return card(asked, [section(asked), context(...aboutRun(view, look)), ...movedLine(view, look)])
}

/** What, where, how it is now, what changes, what is not touched, how long; then the decision, then its buttons. */
export function planCard(view: RunView, look: Look): Card {
  const { run } = view
  const words = inLanguage(runWords, look)
  const plan = operationTexts(run.operation).plan(run.plan, look)
  const head = mrkdwn`${bold(plan.what)} · ${plan.where}`
  const expires = run.planExpiresAt === undefined ? undefined : words.nobodyDecides(moment(run.planExpiresAt, look))
  const { blocks, left } = fitMessage(
    {
      head: [section(head)],
      body: [...plan.paragraphs.map((paragraph) => section(paragraph)), ...warningBlocks(plan)],
      tail: [
        section(join([plan.takes, expires], ' ')),
        context(...aboutRun(view, look)),
        ...movedLine(view, look),
        decisionButtons(view, plan, look),
      ],
    },
    (n) => context(mrkdwn`${inLanguage(commonWords, look).elsewhere(n)}`),
  )
  const whole = left.length === 0 ? '' : textOf(lines(plan.whole))
  return card(head, blocks, whole)
}

/** All warnings in one block, the serious ones first: a card stays one screen long. */
function warningBlocks(plan: PlanWords) {
  const sorted = plan.warnings.toSorted((a, b) => Number(b.serious) - Number(a.serious))
  const told = sorted.map(({ text, serious }) => mrkdwn`${serious ? '▲' : '△'} ${text}`)
  return told.length === 0 ? [] : [section(lines(told))]
}

/** The decision is bound to what people saw; the id changes with the plan, so that a client forgets the old buttons. */
function decisionButtons(view: RunView, plan: PlanWords, look: Look) {
  const { run } = view
  const words = inLanguage(runWords, look)
  const value = decisionValue({ run: run.id, plan: run.planHash ?? '' })
  const style = plan.dangerous ? ('danger' as const) : undefined
  const confirm = button({
    action: actionIds.confirm,
    label: plan.confirmLabel,
    value,
    confirm: confirmDialog(plan.confirm, style),
    ...(style === undefined ? {} : { style }),
  })
  const other =
    plan.otherLabel === undefined ? [] : [button({ action: actionIds.other, label: plan.otherLabel, value: run.id })]
  const whole = [button({ action: actionIds.wholePlan, label: words.wholePlan, value: run.id })]
  const cancel = button({ action: actionIds.cancel, label: words.cancel, value: run.id })
  // What is dangerous is never the first thing under a thumb.
  const ordered = plan.dangerous ? [...other, confirm, ...whole, cancel] : [confirm, ...other, ...whole, cancel]
  return actions(`decide:${run.id}:${run.planHash ?? ''}`, ordered)
}

/** The plan after its decision: the buttons are gone, who decided and where it goes on are there. */
export function decidedCard(view: RunView, look: Look): Card {
  const { run } = view
  const words = inLanguage(runWords, look)
  const plan = operationTexts(run.operation).plan(run.plan, look)
  const head = mrkdwn`${bold(plan.what)} · ${plan.where}`
  const decided = words.confirmedBy(actorOf(run.confirmedBy, look), moment(run.confirmedAt ?? look.now, look))
  const outcome = mrkdwn`→ ${join([decided, whereToFollow(view, look)], ' · ')}`
  return card(mrkdwn`${head} · ${decided}`, [
    section(head),
    section(outcome),
    context(...aboutRun(view, look)),
    ...movedLine(view, look),
  ])
}

export function whereToFollow(view: RunView, look: Look) {
  const words = inLanguage(runWords, look)
  if (view.incident === undefined) return undefined
  if (view.incident.channel === undefined) return mrkdwn`${words.incidentComing}`
  return words.follow(channelLink(view.incident.channel, view.incident.channelName))
}
