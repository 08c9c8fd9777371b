import type { Sql } from './db.ts'
import { toJson } from './json.ts'
import type { Actor, HoldRow, RunId } from './types.ts'

type HoldRecord = { target: string; run_id: RunId; actor: Actor; since: Date }

const columns = 'target, run_id, actor, since'
const toHold = (row: HoldRecord): HoldRow => ({
  target: row.target,
  runId: row.run_id,
  actor: row.actor,
  since: row.since,
})

/** Takes the target for a run, at once or not at all; again for the same run is a yes. */
export async function takeHold(
  db: Sql,
  hold: { readonly target: string; readonly runId: RunId; readonly actor: Actor },
): Promise<{ readonly kind: 'taken' } | { readonly kind: 'held'; readonly by: HoldRow }> {
  // The update that changes nothing makes the statement return the row of whoever holds it.
  const { rows } = await db.query<HoldRecord>(
    `insert into holds (target, run_id, actor) values ($1, $2, $3)
     on conflict (target) do update set target = excluded.target returning ${columns}`,
    [hold.target, hold.runId, toJson(hold.actor)],
  )
  const holder = rows[0]
  if (holder === undefined || holder.run_id === hold.runId) return { kind: 'taken' }
  return { kind: 'held', by: toHold(holder) }
}

/** Frees the target if this run holds it; a no-op otherwise. */
export async function releaseHold(db: Sql, hold: { readonly target: string; readonly runId: RunId }): Promise<void> {
  await db.query('delete from holds where target = $1 and run_id = $2', [hold.target, hold.runId])
}

/** All holds, oldest first. */
export async function listHolds(db: Sql): Promise<HoldRow[]> {
  const { rows } = await db.query<HoldRecord>(`select ${columns} from holds order by since`)
  return rows.map(toHold)
}

export async function holdOf(db: Sql, target: string): Promise<HoldRow | undefined> {
  const { rows } = await db.query<HoldRecord>(`select ${columns} from holds where target = $1`, [target])
  return rows[0] && toHold(rows[0])
}
