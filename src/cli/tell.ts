import type { RunRow, StepRow } from '../store/types.ts'
import { outcomeShape, outcomeWords } from '../texts/cards/outcome.ts'
import { operationTexts } from '../texts/operation-texts.ts'
import type { RunView } from '../texts/views.ts'
import type { Session } from './session.ts'
import { paint } from './terminal.ts'

/** What people read while they wait; on stderr where stdout belongs to a program. */

const look = (session: Session) => ({ language: session.language, now: new Date() })

export function tellPlan(session: Session, run: RunRow, stream: NodeJS.WritableStream = process.stdout): void {
  const plan = operationTexts(run.operation).plan(run.plan, look(session))
  const paragraphs = plan.paragraphs.map(session.say)
  // The whole plan repeats what a paragraph has said already.
  const more = plan.whole.map(session.say).filter((line) => !said(paragraphs, line))
  const parts = [
    `${paint('bold', session.say(plan.what))} · ${session.say(plan.where)}`,
    ...paragraphs,
    ...more.map((line) => `  ${line}`),
    ...plan.warnings.map(({ text, serious }) => `${serious ? paint('yellow', '▲') : '△'} ${session.say(text)}`),
    session.say(plan.takes),
  ]
  stream.write(`${run.id} · ${parts.filter((part) => part !== '').join('\n')}\n\n`)
}

const said = (paragraphs: readonly string[], line: string): boolean =>
  paragraphs.some((paragraph) => paragraph.includes(line.replace(/^• /, '')))

const shapes: Record<StepRow['state'], string> = { pending: '○', running: '→', done: '✓', failed: '✗', skipped: '■' }

export function tellStep(
  session: Session,
  run: RunRow,
  step: StepRow,
  options: { readonly follow?: boolean; readonly json?: boolean },
): void {
  if (options.follow !== true && options.json === true) return
  const texts = operationTexts(run.operation)
  const progress = texts.progress(step, look(session))
  const line = `${shapes[step.state]} ${texts.step(step.name, look(session))}${progress === undefined ? '' : ` · ${progress}`}`
  const stream = options.json === true ? process.stderr : process.stdout
  const at = step.endedAt ?? step.startedAt ?? new Date()
  stream.write(`${at.toISOString().slice(11, 19)} ${line}\n`)
}

export function tellOutcome(session: Session, run: RunRow): void {
  const view: RunView = { run, steps: [], evidence: [], incident: undefined, inIncident: false }
  const told = outcomeWords(view, look(session))
  process.stdout.write(
    `\n${paint('bold', `${outcomeShape(view)} ${session.say(told.headline)}.`)}\n${told.lines.map(session.say).join('\n')}\n`,
  )
}
