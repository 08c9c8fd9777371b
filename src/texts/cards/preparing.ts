import { actionIds } from '../actions.ts'
import { duration, secondsBetween } from '../amounts.ts'
import { actions, button, type Card, card, context, section } from '../blocks.ts'
import { bold, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { operationTexts } from '../operation-texts.ts'
import type { RunView } from '../views.ts'
import { preparingWords } from '../words/preparing.ts'
import { runWords } from '../words/run.ts'
import { aboutRun, movedLine } from './about-run.ts'
import { type ProgressStyle, stepBlocks } from './progress.ts'

/** A run that prepares its plan: what it does before anybody can decide, and that nothing of it changes what is in use. */
export function preparingCard(view: RunView, style: ProgressStyle, look: Look): Card {
  const { run } = view
  const words = inLanguage(preparingWords, look)
  const plan = operationTexts(run.operation).plan(run.plan, look)
  const took = duration(secondsBetween(run.createdAt, look.now), look)
  const head = mrkdwn`${bold(mrkdwn`${run.id} · ${words.preparing(plan.what)}`)} · ${plan.where} · ${took}`
  return card(head, [
    section(head),
    section(words.harmless),
    ...stepBlocks(view, style, look),
    context(...aboutRun(view, look)),
    ...movedLine(view, look),
    actions(`prepare:${run.id}`, [
      button({ action: actionIds.cancel, label: inLanguage(runWords, look).cancel, value: run.id }),
    ]),
  ])
}
