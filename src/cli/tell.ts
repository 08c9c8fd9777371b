import type { RunRow, StepRow } from '../store/types.ts'
import { outcomeShape, outcomeWords } from '../texts/cards/outcome.ts'
import { operationTexts } from '../texts/operation-texts.ts'
import type { RunView } from '../texts/views.ts'
import type { Session } from './session.ts'
import { paint, toTerminal } from './terminal.ts'

/** What people read while they wait; on stderr where stdout belongs to a program. */

const look = (session: Session) => ({ language: session.language, now: new Date() })

export function tellPlan(session: Session, run: RunRow): void {
  const plan = operationTexts(run.operation).plan(run.plan, look(session))
  const warnings = plan.warnings.map(
    ({ text, serious }) => `${serious ? paint('yellow', '▲') : '△'} ${toTerminal(text)}`,
  )
  const parts = [
    `${paint('bold', toTerminal(plan.what))} · ${toTerminal(plan.where)}`,
    ...plan.paragraphs.map(toTerminal),
    ...plan.whole.map((line) => `  ${toTerminal(line)}`),
    ...warnings,
    toTerminal(plan.takes),
  ]
  process.stdout.write(`${run.id} · ${parts.filter((part) => part !== '').join('\n')}\n\n`)
}

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
  stream.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`)
}

export function tellOutcome(session: Session, run: RunRow): void {
  const view: RunView = { run, steps: [], evidence: [], incident: undefined, inIncident: false }
  const told = outcomeWords(view, look(session))
  process.stdout.write(
    `\n${paint('bold', `${outcomeShape(view)} ${toTerminal(told.headline)}.`)}\n${told.lines.map(toTerminal).join('\n')}\n`,
  )
}
