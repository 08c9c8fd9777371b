import { cancel, confirm, type Decided } from '../operations/decide.ts'
import { stopRun } from '../operations/stop.ts'
import { getRun } from '../store/runs.ts'
import { listSteps } from '../store/steps.ts'
import type { RunId } from '../store/types.ts'
import { noticeOfDecision, noticeOfStop } from '../surface/notices.ts'
import { noticeText } from '../texts/cards/notice.ts'
import type { Notice } from '../texts/notices.ts'
import { runIdOf } from './act.ts'
import { Exit, exitCodes } from './exit.ts'
import { reportOf } from './report.ts'
import { type Session, withSession } from './session.ts'
import { toTerminal } from './terminal.ts'

type Options = { readonly json?: boolean }

export async function approve(word: string, options: Options): Promise<void> {
  await withSession(async (session) => {
    const id = runIdOf(word)
    const run = await getRun(session.desk.services.db, id)
    const decision = { run: id, planHash: run?.planHash ?? '', person: session.person, actor: session.actor }
    const decided = await confirm(session.desk, decision)
    await answer(session, id, noticeOfDecision(decided, id), codeOf(decided), options)
  })
}

export async function reject(word: string, options: Options): Promise<void> {
  await withSession(async (session) => {
    const id = runIdOf(word)
    const decided = await cancel(session.desk, { run: id, person: session.person, actor: session.actor })
    await answer(session, id, noticeOfDecision(decided, id), codeOf(decided), options)
  })
}

export async function stop(word: string, options: Options): Promise<void> {
  await withSession(async (session) => {
    const id = runIdOf(word)
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
  const text = toTerminal(noticeText(notice, { language: session.language, now: new Date() }))
  if (options.json === true && run !== undefined)
    process.stdout.write(`${JSON.stringify(reportOf(catalog, run, await listSteps(db, id)))}\n`)
  if (code !== exitCodes.ok) throw new Exit(code, text)
  if (options.json !== true) process.stdout.write(`${text}\n`)
}
