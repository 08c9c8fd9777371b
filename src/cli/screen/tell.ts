import type { OutcomeRow, RunRow, StepRow } from '../../store/types.ts'
import { ageOf, duration, secondsBetween } from '../../texts/amounts.ts'
import { aboutRun } from '../../texts/cards/about-run.ts'
import { outcomeShape, outcomeWords } from '../../texts/cards/outcome.ts'
import type { Mrkdwn } from '../../texts/escape.ts'
import { inLanguage } from '../../texts/language.ts'
import { operationTexts } from '../../texts/operation-texts.ts'
import type { NextAction } from '../../texts/presentation.ts'
import type { RunView } from '../../texts/views.ts'
import { commonWords } from '../../texts/words/common.ts'
import { runWords } from '../../texts/words/run.ts'
import { commandFor } from '../command-line.ts'
import { say } from '../notices.ts'
import type { Session } from '../types.ts'
import { type Screen, type Style, textWidth } from './screen.ts'
import { wrap } from './wrap.ts'

/** What, where, how it is now, what changes back, every change, warnings, how long: what people decide on. */
export function planText(session: Session, operation: string, plan: unknown, screen: Screen): string {
  const told = operationTexts(operation).plan(plan, session.look())
  const spoken = (text: Mrkdwn): string => say(session, text, screen)
  const paragraphs = told.paragraphs.map(spoken)
  // The whole plan repeats what a paragraph has said already.
  const more = told.whole.map(spoken).filter((line) => !paragraphs.some((one) => one.includes(line.replace(/^• /, ''))))
  const warnings = told.warnings
    .toSorted((a, b) => Number(b.serious) - Number(a.serious))
    .map(({ text, serious }) => `${serious ? screen.paint('yellow', '▲') : '△'} ${spoken(text)}`)
  const width = textWidth(screen)
  const parts = [
    `${screen.paint('bold', spoken(told.what))} · ${spoken(told.where)}`,
    ...paragraphs,
    ...more.map((line) => `  ${line}`),
    ...warnings,
    spoken(told.takes),
  ]
  return parts
    .filter((part) => part.trim() !== '')
    .map((part) => wrap(part, width, part.startsWith('▲') || part.startsWith('△') ? 2 : 0))
    .join('\n')
}

/** Who asked when and why, and who confirmed. */
export function aboutText(session: Session, run: RunRow, screen: Screen): string {
  const look = session.look()
  const { words } = session
  const age = words.ago(ageOf(run.createdAt.toISOString(), look) ?? '')
  const [, , ...rest] = aboutRun(viewOf(run, []), look)
  const parts = [
    screen.paint('bold', run.id),
    words.runHead(run.actor.name, age),
    ...rest.map((text) => say(session, text, screen)),
    run.confirmedBy === undefined ? undefined : words.confirmed(run.confirmedBy.name),
  ]
  return wrap(parts.filter((part) => part !== undefined).join(' · '), textWidth(screen))
}

const styles: Record<OutcomeRow['kind'], Style> = {
  verified: 'green',
  nothing_to_do: 'bold',
  failed: 'red',
  refused: 'yellow',
  not_approved: 'bold',
}

/** One sentence, its details, how long it took, and the ways on as commands. */
export function outcomeText(session: Session, run: RunRow, screen: Screen): string {
  const look = session.look()
  const told = outcomeWords(viewOf(run, []), look)
  const spoken = (text: Mrkdwn): string => say(session, text, screen)
  const kind = run.outcome?.kind
  const shape = screen.paint(kind === undefined ? 'bold' : styles[kind], outcomeShape(viewOf(run, [])))
  const took =
    run.confirmedAt === undefined || run.endedAt === undefined
      ? undefined
      : inLanguage(runWords, look).took(duration(secondsBetween(run.confirmedAt, run.endedAt), look))
  const head = `${shape} ${screen.paint('bold', spoken(told.headline))}${took === undefined ? '' : ` · ${took}`}`
  const width = textWidth(screen)
  return [head, ...told.lines.map(spoken), ...nextLines(session, run, told.next, screen)]
    .filter((line) => line.trim() !== '')
    .map((line) => wrap(line, width, line === head ? 2 : 0))
    .join('\n')
}

/** The buttons of a card as commands to type. */
function nextLines(session: Session, run: RunRow, next: readonly NextAction[], screen: Screen): readonly string[] {
  const told = next.flatMap((action) => {
    const command = commandOf(run, action)
    return command === undefined ? [] : [`  ${screen.paint('cyan', command)}  ${action.label}`]
  })
  if (told.length === 0) return []
  // After a good end nothing has to be done: the way back is only there.
  return [run.outcome?.kind === 'verified' ? session.words.wayBack : session.words.next, ...new Set(told)]
}

function commandOf(run: RunRow, action: NextAction): string | undefined {
  switch (action.kind) {
    case 'undo':
      return `rescue undo ${run.id}`
    case 'again':
      return commandFor(run.operation, run.params)
    case 'request':
      return commandFor(action.request.operation, action.request.params)
    case 'other':
      return undefined
  }
}

/** A step's state, name, time and what it waits for, as one line. */
export function stepText(session: Session, run: RunRow, step: StepRow, shape: string): string {
  const texts = operationTexts(run.operation)
  const look = session.look()
  const left = step.state === 'skipped' && run.outcome !== undefined && run.outcome.kind !== 'verified'
  const time =
    step.startedAt === undefined || step.state === 'skipped'
      ? ''
      : duration(secondsBetween(step.startedAt, step.endedAt ?? look.now), look)
  const common = inLanguage(commonWords, look)
  const state = left ? common.notDone : step.state === 'skipped' ? common.steps.skipped : ''
  const detail = step.state === 'running' || step.state === 'failed' ? texts.progress(step, look) : undefined
  return [`${shape} ${texts.step(step.name, look)}`, state, time, detail ?? '']
    .filter((part) => part !== '')
    .join(' · ')
}

export const viewOf = (run: RunRow, steps: readonly StepRow[]): RunView => ({
  run,
  steps,
  evidence: [],
  incident: undefined,
  inIncident: false,
})
