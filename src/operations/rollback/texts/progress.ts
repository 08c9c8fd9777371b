import type { StepRow } from '../../../store/types.ts'
import { listIn, numberIn, textIn } from '../../../texts/data.ts'
import type { Look } from '../../../texts/language.ts'
import { plainTrouble, textsFor } from './pieces.ts'
import { problemsIn } from './read.ts'

/** "2 of 3 pods ready: missing porttrack-app-5d7-x2k: Pulling", or the health checks that do not pass yet. */
export function progressOf(step: StepRow, look: Look): string | undefined {
  const words = textsFor(look)
  const { progress } = step
  const [desired, updated, ready] = [
    numberIn(progress, 'desired'),
    numberIn(progress, 'updated'),
    numberIn(progress, 'ready'),
  ]
  const waiting = Object.entries(words.waits).find(([key]) => key === textIn(progress, 'waitingFor'))?.[1]
  const problem = problemsIn(progress['problems'])[0]
  const checks = listIn(progress, 'checks').map((check) =>
    words.answers(textIn(check, 'name'), textIn(check, 'status') || textIn(check, 'reason') || words.noAnswer),
  )
  const tries = numberIn(progress, 'tries')
  const told = [
    desired === undefined || ready === undefined
      ? undefined
      : words.ready(newReady(ready, numberIn(progress, 'oldReady') ?? 0, updated), desired),
    problem === undefined ? waiting : plainTrouble(problem, look),
    ...checks,
    tries === undefined ? undefined : words.tries(tries, numberIn(progress, 'of') ?? tries),
  ].filter((piece) => piece !== undefined)
  return told.length === 0 ? undefined : told.join(' · ')
}

/** The counter of the workload knows only all ready pods; those of other revisions are not the ones waited for. */
function newReady(ready: number, oldReady: number, updated: number | undefined): number {
  return Math.max(0, Math.min(ready - oldReady, updated ?? ready))
}
