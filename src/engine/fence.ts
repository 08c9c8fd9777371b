import type { Fence } from '../operations/types.ts'
import { isStoreAway } from '../store/away.ts'
import type { Db } from '../store/db.ts'
import { type ActRow, beginAct, endAct, settle } from '../store/ledger.ts'
import type { RunId } from '../store/types.ts'

/** Nobody can tell whether the act was done: a person must look. The run ends, the act stays open in the ledger. */
export class ActUnknownError extends Error {
  readonly reason = 'act_unknown'
  readonly act: string
  readonly why: string
  constructor(act: string, why: string, cause?: unknown) {
    super(`nobody can tell whether "${act}" was done: ${why}`, { cause })
    this.name = 'ActUnknownError'
    this.act = act
    this.why = why
  }
}

/** Another run's act on the target is still open; nothing was done. */
export class ActBlockedError extends Error {
  readonly reason = 'act_blocked'
  readonly run: RunId
  constructor(by: ActRow) {
    super(`${by.runId} has begun an act on ${by.target} and not ended it`)
    this.name = 'ActBlockedError'
    this.run = by.runId
  }
}

export type FencedAct = { readonly runId: RunId; readonly name: string; readonly target: string }

/**
 * Does an act at most once. It is written down before and after. Found begun and not ended (a crash), or ended by an
 * error (a lost answer), the world is asked: done gives the result, not done lets it happen (or the error go on), unknown
 * is for people.
 * @throws ActUnknownError, ActBlockedError, and what `act` throws when it did nothing
 */
export async function fenced<T>(db: Db, step: FencedAct, fence: Fence<T>): Promise<T> {
  const key = `${step.runId}/${step.name}`
  const beginning = await beginAct(db, { key, runId: step.runId, target: step.target, intent: fence.intent })
  switch (beginning.kind) {
    case 'done':
      return beginning.result as T
    case 'blocked':
      throw new ActBlockedError(beginning.by)
    case 'begun':
      return act(db, key, step, fence)
    case 'unfinished': {
      const seen = await fence.look()
      if (seen.kind === 'done') return finish(db, key, seen.result)
      if (seen.kind === 'unknown') throw new ActUnknownError(step.name, seen.why)
      return act(db, key, step, fence)
    }
  }
}

async function act<T>(db: Db, key: string, step: FencedAct, fence: Fence<T>): Promise<T> {
  let result: T
  try {
    result = await fence.act()
  } catch (error) {
    // The step is tried again when the store answers, finds the act unfinished, and looks first.
    if (isStoreAway(error)) throw error
    // Also a refusal is looked at: the answer to an earlier attempt of the client may have been lost.
    const seen = await lookAnyway(fence)
    if (seen.kind === 'done') return finish(db, key, seen.result)
    if (seen.kind === 'unknown') throw new ActUnknownError(step.name, seen.why, error)
    await settle(db, key, 'not_done')
    throw error
  }
  return finish(db, key, result)
}

async function lookAnyway<T>(fence: Fence<T>): Promise<Awaited<ReturnType<Fence<T>['look']>>> {
  try {
    return await fence.look()
  } catch (error) {
    if (isStoreAway(error)) throw error
    return { kind: 'unknown', why: error instanceof Error ? error.message : 'the world cannot be read' }
  }
}

async function finish<T>(db: Db, key: string, result: T): Promise<T> {
  await endAct(db, key, result)
  return result
}
