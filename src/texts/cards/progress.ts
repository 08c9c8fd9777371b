import type { KnownBlock, PlanBlock, TaskCardBlock } from '@slack/types'
import type { StepRow, StepState } from '../../store/types.ts'
import { actionIds } from '../actions.ts'
import { duration, moment, secondsBetween } from '../amounts.ts'
import { actions, button, type Card, card, confirmDialog, context, richLine, section } from '../blocks.ts'
import { plainLine } from '../clean.ts'
import { bold, join, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { slackLimits } from '../limits.ts'
import { operationTexts } from '../operation-texts.ts'
import { actorOf } from '../people.ts'
import type { RunView } from '../views.ts'
import { commonWords, stepShapes } from '../words/common.ts'
import { runWords } from '../words/run.ts'
import { aboutRun, movedLine } from './about-run.ts'

export type ProgressStyle = 'plan' | 'sections'

/** A run under way: one message that is edited. @param style Slack's plan block, or plain sections where it is not shown */
export function progressCard(view: RunView, style: ProgressStyle, look: Look): Card {
  const { run } = view
  const words = inLanguage(runWords, look)
  const head = headOf(view, look)
  const stop = run.stopRequestedBy === undefined ? [stopButton(view, look)] : []
  const stopping =
    run.stopRequestedBy === undefined ? [] : [section(words.stopping(actorOf(run.stopRequestedBy, look)))]
  const confirmed = words.confirmedBy(actorOf(run.confirmedBy, look), moment(run.confirmedAt ?? look.now, look))
  return card(head, [
    section(head),
    ...stepBlocks(view, style, look),
    ...stopping,
    context(...aboutRun(view, look), confirmed),
    ...movedLine(view, look),
    ...stop,
  ])
}

function headOf(view: RunView, look: Look): Mrkdwn {
  const { run } = view
  const steps = stepsOf(view)
  const words = inLanguage(runWords, look)
  const done = steps.filter((step) => step.state === 'done' || step.state === 'skipped').length
  const time = duration(secondsBetween(run.confirmedAt ?? run.createdAt, look.now), look)
  const where = run.state === 'confirmed' ? words.beginning : words.progress(done, steps.length, time)
  return mrkdwn`${bold(mrkdwn`${run.id} · ${operationTexts(run.operation).doing(run.plan, look)}`)} · ${where}`
}

function stopButton(view: RunView, look: Look) {
  const words = inLanguage(runWords, look)
  const { title, text, confirm, deny } = words.stopConfirm
  return actions(`stop:${view.run.id}`, [
    button({
      action: actionIds.stop,
      label: words.stop,
      value: view.run.id,
      confirm: confirmDialog({ title: title(view.run.id), text, confirm, deny }),
    }),
  ])
}

/** The steps of a run, in order, each with its state as a shape and a word, its time and what it waits for. */
export function stepBlocks(view: RunView, style: ProgressStyle, look: Look): readonly KnownBlock[] {
  const steps = stepsOf(view)
  if (steps.length === 0) return []
  if (style === 'sections')
    return [
      section(
        join(
          steps.map((step) => stepLine(view, step, look)),
          '\n',
        ),
      ),
    ]
  const title = plainLine(inLanguage(runWords, look).steps, slackLimits.planTitle)
  const block: PlanBlock = {
    type: 'plan',
    title,
    tasks: steps.slice(0, slackLimits.tasks).map((step) => taskOf(view, step, look)),
  }
  return [block]
}

/** The steps that this plan has; one that has begun is always told. */
export function stepsOf(view: RunView): readonly StepRow[] {
  const { needs } = operationTexts(view.run.operation)
  return view.steps.filter((step) => step.startedAt !== undefined || needs(step.name, view.run.plan))
}

/** Slack has four states; what was not needed counts as complete and says so in its title. */
const taskStates: Record<StepState, TaskCardBlock['status']> = {
  pending: 'pending',
  running: 'in_progress',
  done: 'complete',
  failed: 'error',
  skipped: 'complete',
}

function taskOf(view: RunView, step: StepRow, look: Look): TaskCardBlock {
  const texts = operationTexts(view.run.operation)
  const detail = step.state === 'running' || step.state === 'failed' ? texts.progress(step, look) : undefined
  // Slack draws these two states itself, as a shape; what it cannot draw is said.
  const drawn = step.state === 'done' || step.state === 'pending'
  const left = wasLeft(view, step)
  const state = left ? inLanguage(commonWords, look).notDone : drawn ? timeOf(step, look) : stateWord(step, look)
  const title = [texts.step(step.name, look), state].filter((text) => text !== '').join(' · ')
  return {
    type: 'task_card',
    task_id: `${view.run.id}:${step.name}`,
    title: plainLine(title, slackLimits.taskTitle),
    status: left ? 'pending' : taskStates[step.state],
    ...(detail === undefined ? {} : { details: richLine(detail) }),
  }
}

/** A step that a failure or a stop came before: it was needed, and was not done. */
export function wasLeft(view: RunView, step: StepRow): boolean {
  return step.state === 'skipped' && view.run.outcome !== undefined && view.run.outcome.kind !== 'verified'
}

function stateWord(step: StepRow, look: Look): string {
  const words = inLanguage(commonWords, look).steps
  const time = timeOf(step, look)
  return time === '' ? words[step.state] : `${words[step.state]}, ${time}`
}

function stepLine(view: RunView, step: StepRow, look: Look): Mrkdwn {
  const texts = operationTexts(view.run.operation)
  const name = mrkdwn`${stepShapes[step.state]} ${texts.step(step.name, look)}`
  const shown = step.state === 'running' ? bold(name) : name
  const detail = step.state === 'running' || step.state === 'failed' ? texts.progress(step, look) : undefined
  return join(
    [
      shown,
      mrkdwn`${wasLeft(view, step) ? inLanguage(commonWords, look).notDone : stateWord(step, look)}`,
      detail === undefined ? undefined : mrkdwn`${detail}`,
    ],
    ' · ',
  )
}

/** How long a step took, or takes up to now. */
export function timeOf(step: StepRow, look: Look): string {
  if (step.startedAt === undefined || step.state === 'pending' || step.state === 'skipped') return ''
  return duration(secondsBetween(step.startedAt, step.endedAt ?? look.now), look)
}
