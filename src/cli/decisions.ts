import { cancel, confirm, type Decided, ruleOf } from '../operations/decide.ts'
import { mayConfirm } from '../operations/policy.ts'
import { stopRun } from '../operations/stop.ts'
import { getRun } from '../store/runs.ts'
import { listSteps } from '../store/steps.ts'
import type { RunId } from '../store/types.ts'
import { noticeOfDecision, noticeOfStop } from '../surface/notices.ts'
import type { Notice } from '../texts/notices.ts'
import { asks, runIdOf } from './act.ts'
import { Exit, exitCodes } from './exit.ts'
import { reportOf } from './report.ts'
import { type Session, withSession } from './session.ts'
import { tellPlan } from './tell.ts'

type Options = { readonly json?: boolean }

/**
 * Shows the plan and confirms that very one. On a terminal a person types the run's id, or has said `--yes`; a program,
 * which has no terminal, has decided by calling.
 */
export async function approve(word: string, options: Options & { readonly yes?: boolean }): Promise<void> {
  await withSession(async (session) => {
    const id = runIdOf(session, word)
    const run = await getRun(session.desk.services.db, id)
    if (run?.state === 'waiting') {
      const people = process.stdin.isTTY === true
      tellPlan(session, run, people && options.json !== true ? process.stdout : process.stderr)
      const may = mayConfirm(ruleOf(session.desk, run), session.person, run.actor.name).kind === 'may'
      if (may && people && options.yes !== true && !(await asks(session, id)))
        throw new Exit(exitCodes.notApproved, session.words.notConfirmed(id))
    }
    const decision = { run: id, planHash: run?.planHash ?? '', person: session.person, actor: session.actor }
    const decided = await confirm(session.desk, decision)
    await answer(session, id, noticeOfDecision(decided, id), codeOf(decided), options)
  })
}

export async function reject(word: string, options: Options): Promise<void> {
  await withSession(async (session) => {
    const id = runIdOf(session, word)
    const decided = await cancel(session.desk, { run: id, person: session.person, actor: session.actor })
    await answer(session, id, noticeOfDecision(decided, id), codeOf(decided), options)
  })
}

export async function stop(word: string, options: Options): Promise<void> {
  await withSession(async (session) => {
    const id = runIdOf(session, word)
    const stopped = await stopRun(session.desk, id, session.person, session.actor)
    const code =
      stopped.kind === 'unknown_run'
        ? exitCodes.badInput
        : stopped.kind === 'denied' || stopped.kind === 'too_late'
          ? exitCodes.refused
          : exitCodes.ok
    await answer(session, id, noticeOfStop(stopped, id), code, options)
  })
}

function codeOf(decided: Decided): number {
  if (decided.kind === 'confirmed' || decided.kind === 'cancelled') return exitCodes.ok
  return decided.kind === 'unknown_run' ? exitCodes.badInput : exitCodes.refused
}

async function answer(session: Session, id: RunId, notice: Notice, code: number, options: Options): Promise<void> {
  const { db, catalog } = session.desk.services
  const run = await getRun(db, id)
  const text = session.notice(notice)
  if (options.json === true && run !== undefined)
    process.stdout.write(`${JSON.stringify(reportOf(catalog, run, await listSteps(db, id)))}\n`)
  if (code !== exitCodes.ok) throw new Exit(code, text)
  if (options.json !== true) process.stdout.write(`${text}\n`)
}
