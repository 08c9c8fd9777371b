import { isDeepStrictEqual } from 'node:util'
import type { Sql } from '../../store/db.ts'
import { listRuns } from '../../store/runs.ts'
import type { Actor, RunRow } from '../../store/types.ts'

/** A plan older than this was made for a world that may have changed: a new request gets a new plan. */
const freshMs = 120_000

/**
 * A request equal to this one that still waits for a decision: twenty frightened people get one card, not twenty.
 * A reason in other words is the same request. What a watcher asks is its own: a person who asks gets their own plan.
 */
export async function samePlanWaiting(
  db: Sql,
  operation: string,
  target: string,
  params: unknown,
  by: Actor['kind'],
): Promise<RunRow | undefined> {
  if (by === 'watcher') return undefined
  const open = await listRuns(db, { target, states: ['planning', 'waiting'], limit: 20 })
  const now = Date.now()
  return open.find(
    (run) =>
      run.operation === operation &&
      run.actor.kind !== 'watcher' &&
      isDeepStrictEqual(essence(run.params), essence(params)) &&
      now - run.createdAt.getTime() < freshMs &&
      (run.planExpiresAt === undefined || run.planExpiresAt.getTime() > now),
  )
}

function essence(params: unknown): unknown {
  if (typeof params !== 'object' || params === null) return params
  return Object.fromEntries(Object.entries(params).filter(([key, value]) => key !== 'reason' && value !== undefined))
}
