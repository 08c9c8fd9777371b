import type { RunRow } from '../../store/types.ts'
import { actionIds } from '../actions.ts'
import { moment } from '../amounts.ts'
import { button, type Card, card, context, section } from '../blocks.ts'
import { bold, code, cut, join, lines, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { fitMessage } from '../limits.ts'
import { operationTexts } from '../operation-texts.ts'
import { actorOf } from '../people.ts'
import type { RunView } from '../views.ts'
import { commonWords } from '../words/common.ts'
import { rescueWords } from '../words/rescue.ts'
import { runWords } from '../words/run.ts'
import { aboutRun } from './about-run.ts'
import { outcomeCard, outcomeWords } from './outcome.ts'
import { planCard } from './plan.ts'
import { type ProgressStyle, stepBlocks } from './progress.ts'

/** The last runs, newest first, each with a way to see it. */
export function runsCard(runs: readonly RunRow[], look: Look): Card {
  const words = inLanguage(rescueWords, look)
  if (runs.length === 0) return card(mrkdwn`${words.noRuns}`, [section(mrkdwn`${words.noRuns}`)])
  const { blocks } = fitMessage(
    {
      head: [section(bold(words.runs))],
      body: runs.map((run) =>
        section(line(run, look), button({ action: actionIds.details, label: words.see, value: run.id })),
      ),
      tail: [],
    },
    (n) => context(mrkdwn`${inLanguage(commonWords, look).more(n)}`),
  )
  return card(bold(words.runs), blocks)
}

function line(run: RunRow, look: Look): Mrkdwn {
  const words = inLanguage(rescueWords, look)
  const state = run.outcome === undefined ? `→ ${words.states[run.state]}` : words.outcomes[run.outcome.kind]
  const what = operationTexts(run.operation).asked(run.params, look)
  const undone = run.undoneBy === undefined ? undefined : mrkdwn`${inLanguage(runWords, look).undoneBy(run.undoneBy)}`
  return lines([
    mrkdwn`${code(run.id)} · ${state} · ${bold(what)}`,
    whyNot(run, look),
    join([words.by(actorOf(run.actor, look)), moment(run.createdAt, look), undone], ' · '),
  ])
}

/** Why a run did not do what it was asked for, in a sentence. */
function whyNot(run: RunRow, look: Look): Mrkdwn | undefined {
  if (run.outcome === undefined || run.outcome.kind === 'verified') return undefined
  const { headline } = outcomeWords({ run, steps: [], evidence: [], incident: undefined, inIncident: true }, look)
  return mrkdwn`${cut(headline, 300)}.`
}

/** One run, whatever its state: its plan, its steps, its outcome. */
export function runCard(view: RunView, style: ProgressStyle, look: Look): Card {
  if (view.run.state === 'ended') return outcomeCard({ ...view, inIncident: true }, style, look)
  if (view.run.state === 'waiting') return planCard(view, look)
  const words = inLanguage(rescueWords, look)
  const head = line(view.run, look)
  const steps = stepBlocks(view, style, look)
  const told = steps.length === 0 ? [section(mrkdwn`${words.noSteps}`)] : steps
  return card(head, [section(head), ...told, context(...aboutRun(view, look))])
}
