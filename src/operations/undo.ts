import type { Person } from '../catalog/people.ts'
import { getRun } from '../store/runs.ts'
import type { Actor, Origin, RunId, RunRow } from '../store/types.ts'
import type { Desk } from './desk.ts'
import type { UndoRequest } from './plan-view.ts'
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
  const found = await findUndo(desk, ask.run)
  if (found.kind !== 'found') return found
  const { run, request } = found
  return startRun(
    desk,
    { ...request, actor: ask.actor, origin: ask.origin, idempotencyKey: ask.idempotencyKey, undoOf: run.id },
    person,
  )
}

type NoUndo = Exclude<Undone, Started>

/** The request that would take a finished run back, or why there is none. */
export async function findUndo(
  { services, operations }: Pick<Desk, 'services' | 'operations'>,
  id: RunId,
): Promise<{ readonly kind: 'found'; readonly run: RunRow; readonly request: UndoRequest } | NoUndo> {
  const run = await getRun(services.db, id)
  if (run === undefined) return { kind: 'unknown_run' }
  if (run.state !== 'ended' || run.outcome === undefined) return { kind: 'not_finished', run }
  if (run.undoneBy !== undefined) return { kind: 'undone_already', run, by: run.undoneBy }
  const request = operations.get(run.operation)?.undo?.(run.params, run.plan, run.outcome)
  return request === undefined ? { kind: 'nothing_to_undo', run } : { kind: 'found', run, request }
}
