import { operationsByName } from '../operations/index.ts'
import { type Started, startRun } from '../operations/start.ts'
import { findUndo, type Undone, undoRun } from '../operations/undo.ts'
import type { Origin, RunId } from '../store/types.ts'
import { type ActOptions, carryOn } from './carry-on.ts'
import type { Ending } from './exit.ts'
import { notStarted } from './not-started.ts'
import { answerText } from './notices.ts'
import { preview } from './preview.ts'
import { runIdOf } from './run-id.ts'
import type { Io } from './screen/io.ts'
import { patiently } from './screen/patiently.ts'
import { withLook, withSession } from './session.ts'
import type { Session } from './types.ts'
import { type RollbackOptions, wayBackOf } from './way-back.ts'

/** Channels are told in the catalog's language, whatever this terminal speaks. */
export const originOf = (session: Session): Origin => ({
  surface: 'cli',
  language: session.services.catalog.language,
})

/** `rescue rollback APP [--to N|COLOR] [--emergency] [--reason T]` */
export async function rollback(io: Io, app: string, options: RollbackOptions): Promise<Ending> {
  const request = (session: Session) => wayBackOf(session, app, options)
  if (options.plan === true) return withLook(io, (session) => preview(session, request(session)))
  return withSession(io, async (session) => {
    const asked = request(session)
    const { person, actor } = session
    const desk = await session.desk()
    const started = await patiently((idempotencyKey) =>
      startRun(desk, { ...asked, actor, origin: originOf(session), idempotencyKey }, person),
    )
    return begin(session, started, options)
  })
}

/** `rescue undo R-0042` */
export async function undo(io: Io, word: string, options: ActOptions): Promise<Ending> {
  if (options.plan === true)
    return withLook(io, async (session) => {
      const run = runIdOf(session, word)
      const found = await findUndo({ services: session.services, operations: operationsByName }, run)
      if (found.kind !== 'found') throw notStarted(session, found, run)
      return preview(session, found.request)
    })
  return withSession(io, async (session) => {
    const { person, actor } = session
    const run = runIdOf(session, word)
    const desk = await session.desk()
    const undone = await patiently((idempotencyKey) =>
      undoRun(desk, { run, actor, origin: originOf(session), idempotencyKey }, person),
    )
    return begin(session, undone, options, run)
  })
}

/** From a run that was started to its end, or to where others must decide. @throws Exit when nothing was begun */
export function begin(
  session: Session,
  started: Started | Undone,
  options: ActOptions,
  asked?: RunId,
): Promise<Ending> {
  if (started.kind !== 'started' && started.kind !== 'again' && started.kind !== 'waiting_already')
    throw notStarted(session, started, asked)
  const { err } = session.io
  if (started.kind === 'waiting_already') err.line(session.words.same(started.run.id, started.run.actor.name))
  if (started.kind === 'started' && started.masked === true)
    err.line(answerText(session, { kind: 'reason_masked', run: started.run.id }, err))
  return carryOn(session, started.run.id, { ...options, own: started.kind !== 'waiting_already' })
}
