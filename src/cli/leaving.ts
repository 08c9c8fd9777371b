import { botLock, isHeld } from '../store/locks.ts'
import { getRun } from '../store/runs.ts'
import { listSteps } from '../store/steps.ts'
import type { RunRow, StepRow } from '../store/types.ts'
import { type Ending, exitCodes, exitOf } from './exit.ts'
import { reportOf } from './report.ts'
import { codeOf } from './screen/interrupt.ts'
import { outcomeText } from './screen/tell.ts'
import type { Session } from './types.ts'

/** How long the work under way may end here before it is left to others. */
const aloneDrainMs = 10_000
const handOverMs = 1_000

/** Sessions that were told that nobody else would go on. */
const warned = new WeakSet<Session>()

/** Where no bot would go on with the work, the first Ctrl-C only says so. */
export async function mayLeave(session: Session, run: RunRow): Promise<boolean> {
  if (session.io.interrupt.asked() !== 'SIGINT' || warned.has(session)) return true
  if (run.state !== 'confirmed' && run.state !== 'running') return true
  if (await isHeld(session.services.db, botLock)) return true
  warned.add(session)
  session.io.err.line(`\n${session.words.staysHere}`)
  return false
}

/** Where a bot runs it gets the work at once; where none does, the step under way may end here. */
export async function leftBehind(session: Session, left: RunRow): Promise<Ending> {
  const { words, services, io } = session
  const signal = io.interrupt.asked() ?? 'SIGTERM'
  const told = left.state === 'waiting' ? words.leftWaiting(left.id) : words.left(left.id)
  const how = left.state === 'waiting' ? words.waitsHow(left.id) : words.leftHow(left.id)
  const alone = left.state !== 'waiting' && !(await isHeld(services.db, botLock))
  io.err.line(alone ? `\n${words.leaving}` : `\n${told}\n${how}`)
  await session.rest(alone ? aloneDrainMs : handOverMs)
  const run = (await getRun(services.db, left.id)) ?? left
  const answer = reportOf(services.catalog, run, await listSteps(services.db, left.id))
  if (!alone) return { code: codeOf(signal), answer }
  if (run.state === 'ended') {
    // It came to its end after all: that is what the exit tells.
    io.interrupt.forget()
    return finished(session, run, await listSteps(services.db, left.id), true)
  }
  return { code: codeOf(signal), note: `${words.leftAlone(run.id)}\n${how}`, answer }
}

/** The end of a run as the end of this program. @param gap a line between the steps and the outcome */
export function finished(session: Session, run: RunRow, steps: readonly StepRow[], gap = false): Ending {
  const code = run.outcome === undefined ? exitCodes.failed : exitOf(run.outcome.kind)
  const text = outcomeText(session, run, session.io.out)
  return { code, text: gap ? `\n${text}` : text, answer: reportOf(session.services.catalog, run, steps) }
}
