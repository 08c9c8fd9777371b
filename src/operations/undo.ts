import type { Person } from '../catalog/people.ts'
import { getRun } from '../store/runs.ts'
import type { Actor, Origin, RunId, RunRow } from '../store/types.ts'
import type { Desk } from './desk.ts'
import { type Started, startRun } from './start.ts'

export type Undone =
  | Started
  | { readonly kind: 'unknown_run' }
  | { readonly kind: 'not_finished'; readonly run: RunRow }
  /** It changed nothing, or its operation has no way back. */
  | { readonly kind: 'nothing_to_undo'; readonly run: RunRow }
  | { readonly kind: 'undone_already'; readonly run: RunRow; readonly by: RunId }

export type UndoAsk = {
  readonly run: RunId
  readonly actor: Actor
  readonly origin: Origin
  readonly idempotencyKey: string
}

/** Plans the way back of a finished run: a run like any other, with its own plan, confirmation and audit. */
export async function undoRun(desk: Desk, ask: UndoAsk, person: Person | undefined): Promise<Undone> {
  const run = await getRun(desk.services.db, ask.run)
  if (run === undefined) return { kind: 'unknown_run' }
  if (run.state !== 'ended' || run.outcome === undefined) return { kind: 'not_finished', run }
  if (run.undoneBy !== undefined) return { kind: 'undone_already', run, by: run.undoneBy }
  const request = desk.operations.get(run.operation)?.undo?.(run.params, run.plan, run.outcome)
  if (request === undefined) return { kind: 'nothing_to_undo', run }
  return startRun(
    desk,
    { ...request, actor: ask.actor, origin: ask.origin, idempotencyKey: ask.idempotencyKey, undoOf: run.id },
    person,
  )
}
