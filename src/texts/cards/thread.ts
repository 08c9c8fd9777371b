import type { StepRow } from '../../store/types.ts'
import { listed } from '../amounts.ts'
import { type Card, card, section } from '../blocks.ts'
import { cutPlain } from '../clean.ts'
import { code, join, lines, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { operationTexts } from '../operation-texts.ts'
import type { RunView } from '../views.ts'
import { commonWords } from '../words/common.ts'
import { runWords } from '../words/run.ts'
import { timeOf, wasLeft } from './progress.ts'

/** Lines of the thread below a run: what each finished step took and found. */
export function threadLogCard(view: RunView, steps: readonly StepRow[], look: Look): Card {
  const text = lines(steps.map((step) => logLine(view, step, look)))
  return card(text, [section(text)])
}

function logLine(view: RunView, step: StepRow, look: Look): Mrkdwn {
  const words = inLanguage(runWords, look).thread
  const common = inLanguage(commonWords, look)
  const texts = operationTexts(view.run.operation)
  const name = texts.step(step.name, look)
  const time = timeOf(step, look)
  const head =
    step.state === 'failed'
      ? words.failed(name, time)
      : step.state === 'skipped'
        ? words.skipped(name, wasLeft(view, step) ? common.notDone : common.steps.skipped)
        : words.done(name, time)
  // The last word of a step that went well is what it still waited for then.
  const found = step.state === 'failed' ? texts.progress(step, look) : undefined
  return join([mrkdwn`${head}`, found === undefined ? undefined : mrkdwn`${cutPlain(found, 400)}`], ' · ')
}

/** Names what was kept; the file itself follows. */
export function threadEvidenceCard(view: RunView, look: Look): Card {
  const words = inLanguage(runWords, look).thread
  const text = words.evidence(
    listed(
      view.evidence.map((name) => code(cutPlain(name, 80))),
      look,
      8,
    ),
  )
  return card(text, [section(text)])
}
