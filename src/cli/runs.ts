import { botLock, isHeld } from '../store/locks.ts'
import { getRun, listRuns } from '../store/runs.ts'
import { listSteps } from '../store/steps.ts'
import type { RunRow } from '../store/types.ts'
import { stepsOf } from '../texts/cards/progress.ts'
import { inLanguage } from '../texts/language.ts'
import { operationTexts } from '../texts/operation-texts.ts'
import { stepShapes } from '../texts/words/common.ts'
import { rescueWords } from '../texts/words/rescue.ts'
import { showPlan, toTheEnd } from './carry-on.ts'
import { type Ending, exitCodes, notBegun } from './exit.ts'
import { unknownRun } from './follow.ts'
import { say } from './notices.ts'
import { reportOf } from './report.ts'
import { runIdOf } from './run-id.ts'
import type { Io } from './screen/io.ts'
import { table } from './screen/table.ts'
import { aboutText, outcomeText, planText, stepText, viewOf } from './screen/tell.ts'
import { agoOf } from './screen/times.ts'
import { withLook } from './session.ts'
import type { Session } from './types.ts'

export async function showRuns(io: Io, asked: string): Promise<Ending> {
  return withLook(io, async (session) => {
    const { services, words, language } = session
    const limit = Number(asked)
    if (!/^\d{1,3}$/.test(asked) || limit < 1 || limit > 500)
      throw notBegun(exitCodes.badInput, 'bad_limit', words.badLimit(asked), { field: 'limit', value: asked })
    const told = inLanguage(rescueWords, { language })
    const runs = await listRuns(services.db, { limit })
    const rows = runs.map((run) => [
      io.out.paint('bold', run.id),
      run.outcome === undefined ? told.states[run.state] : told.outcomes[run.outcome.kind],
      say(session, operationTexts(run.operation).asked(run.params, session.look()), io.out),
      run.actor.name,
      agoOf(session, run.createdAt),
    ])
    const head = words.heads.runs.map((cell) => io.out.paint('dim', cell))
    return {
      code: exitCodes.ok,
      text: rows.length === 0 ? words.noRuns : table(head, rows, io.out.columns()),
      answer: { runs: runs.map((run) => reportOf(services.catalog, run, [])) },
    }
  })
}

/** `rescue run R-0042 [--follow]`; followed to its end where it is still under way. */
export async function showRun(io: Io, word: string, options: { readonly follow?: boolean }): Promise<Ending> {
  return withLook(io, async (session) => {
    const { db, catalog } = session.services
    const id = runIdOf(session, word)
    const run = await getRun(db, id)
    if (run === undefined) throw unknownRun(session, id)
    if (options.follow === true && run.state !== 'ended') {
      if (run.planHash !== undefined && !io.json) showPlan(session, run)
      if (!(await isHeld(db, botLock))) await takePart(session, run)
      return toTheEnd(session, id, true)
    }
    const steps = await listSteps(db, id)
    const code = exitCodes.ok
    return { code, text: await wholeText(session, run), answer: reportOf(catalog, run, steps) }
  })
}

/** No bot runs: what rests is gone on with here, and what a process left before it could wake it is woken. */
async function takePart(session: Session, run: RunRow): Promise<void> {
  session.io.err.line(session.words.noBot)
  const { workflows } = await session.desk()
  await workflows.start(run.id)
  if (run.state === 'confirmed' || run.state === 'running') await workflows.wake(run.id)
}

/** Who, the plan, the steps that were begun, and the outcome. */
async function wholeText(session: Session, run: RunRow): Promise<string> {
  const { out } = session.io
  const steps = stepsOf(viewOf(run, await listSteps(session.services.db, run.id)))
  const begun = steps.some((step) => step.startedAt !== undefined)
  const told = inLanguage(rescueWords, session)
  const parts = [
    aboutText(session, run, out),
    run.plan === undefined || run.plan === null ? '' : planText(session, run.operation, run.plan, out),
    begun ? steps.map((step) => `  ${stepText(session, run, step, stepShapes[step.state])}`).join('\n') : '',
    run.outcome === undefined ? `→ ${told.states[run.state]}` : outcomeText(session, run, out),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}
