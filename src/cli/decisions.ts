import { cancel, confirm, type Decided, ruleOf } from '../operations/decide.ts'
import { mayConfirm } from '../operations/policy.ts'
import { stopRun } from '../operations/stop.ts'
import { botLock, isHeld } from '../store/locks.ts'
import { getRun } from '../store/runs.ts'
import { listSteps } from '../store/steps.ts'
import type { RunId } from '../store/types.ts'
import { noticeOfDecision, noticeOfStop } from '../surface/notices.ts'
import type { Notice } from '../texts/notices.ts'
import { showPlan, toTheEnd } from './carry-on.ts'
import { type Ending, Exit, exitCodes, notBegun } from './exit.ts'
import { answerText, refusalText } from './notices.ts'
import { reportOf } from './report.ts'
import { runIdOf } from './run-id.ts'
import type { Io } from './screen/io.ts'
import { typesNumber } from './screen/prompt.ts'
import { withSession } from './session.ts'
import type { Session } from './types.ts'

type ApproveOptions = { readonly yes?: boolean; readonly follow?: boolean }

/**
 * Shows the plan and confirms that very one. On a terminal a person types the run's number, or has said `--yes`; a program,
 * which has no terminal, has decided by calling. Where no bot runs, this process does the work and stays for it.
 */
export async function approve(io: Io, word: string, options: ApproveOptions): Promise<Ending> {
  return withSession(io, async (session) => {
    const { words, services, person, actor } = session
    const id = runIdOf(session, word)
    const desk = await session.desk()
    const run = await getRun(services.db, id)
    if (run?.state === 'waiting') {
      const may = mayConfirm(ruleOf(desk, run), person, run.actor.name).kind === 'may'
      if (!io.json || io.asks) showPlan(session, run)
      if (may && io.asks && options.yes !== true && !(await typesNumber(session, id, words.askOthers(id))))
        throw new Exit(
          exitCodes.notApproved,
          words.notConfirmed(id),
          reportOf(services.catalog, run, await listSteps(services.db, id)),
        )
    }
    const alone = !(await isHeld(services.db, botLock))
    const stays = options.follow === true || alone
    const decided = await confirm(desk, { run: id, planHash: run?.planHash ?? '', person, actor, stays })
    if (decided.kind !== 'confirmed' || !stays)
      return answer(session, id, noticeOfDecision(decided, id), codeOf(decided))
    await desk.workflows.wake(id)
    if (alone) io.err.line(words.noBot)
    return toTheEnd(session, id, options.follow === true || !io.json)
  })
}

export async function reject(io: Io, word: string): Promise<Ending> {
  return withSession(io, async (session) => {
    const { person, actor } = session
    const id = runIdOf(session, word)
    const decided = await cancel(await session.desk(), { run: id, person, actor })
    return answer(session, id, noticeOfDecision(decided, id), codeOf(decided))
  })
}

export async function stop(io: Io, word: string): Promise<Ending> {
  return withSession(io, async (session) => {
    const id = runIdOf(session, word)
    const stopped = await stopRun(await session.desk(), id, session.person, session.actor)
    const code =
      stopped.kind === 'unknown_run'
        ? exitCodes.badInput
        : stopped.kind === 'denied' || stopped.kind === 'too_late'
          ? exitCodes.refused
          : exitCodes.ok
    return answer(session, id, noticeOfStop(stopped, id), code)
  })
}

function codeOf(decided: Decided): number {
  if (decided.kind === 'confirmed' || decided.kind === 'cancelled') return exitCodes.ok
  return decided.kind === 'unknown_run' ? exitCodes.badInput : exitCodes.refused
}

async function answer(session: Session, id: RunId, notice: Notice, code: number): Promise<Ending> {
  const { db, catalog } = session.services
  const run = await getRun(db, id)
  if (run === undefined) throw notBegun(code, notice.kind, refusalText(session, notice), { run: id })
  const report = reportOf(catalog, run, await listSteps(db, id))
  if (code === exitCodes.ok) return { code, text: answerText(session, notice), answer: report }
  // What was asked for was refused; the run itself is as it was, which is told beside.
  throw new Exit(code, refusalText(session, notice), {
    ...report,
    refused: { reason: notice.kind, detail: { ...notice } },
  })
}
