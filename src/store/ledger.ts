import type { Sql } from './db.ts'
import { type Db, transaction } from './db.ts'
import { toJson } from './json.ts'
import type { RunId } from './types.ts'

type Intent = Readonly<Record<string, unknown>>
export type ActState = 'started' | 'done' | 'not_done' | 'superseded'

/** An act of the ledger: something that must never be repeated blindly. */
export type ActRow = {
  readonly key: string
  readonly runId: RunId
  readonly target: string
  readonly intent: Intent
  readonly state: ActState
  readonly startedAt: Date
}

export type Act = { readonly key: string; readonly runId: RunId; readonly target: string; readonly intent: Intent }

export type Beginning =
  /** Written down: the caller acts now. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'done'; readonly result: unknown }
  /** Begun before and never ended: unknown. Look at the world before anything else. */
  | { readonly kind: 'unfinished'; readonly intent: Intent }
  /** An act of another run on this target is still open. */
  | { readonly kind: 'blocked'; readonly by: ActRow }

type ActRecord = {
  key: string
  run_id: RunId
  target: string
  intent: Intent
  state: ActState
  result: unknown
  started_at: Date
}
const columns = 'key, run_id, target, intent, state, result, started_at'
const toAct = (row: ActRecord): ActRow => ({
  key: row.key,
  runId: row.run_id,
  target: row.target,
  intent: row.intent,
  state: row.state,
  startedAt: row.started_at,
})

/**
 * Writes an act down before it is done; one open act per target. An open act of a run that has ended blocks nobody: people
 * were told that its end is unknown, and the plan of the run that acts now was read from the world after it.
 */
export async function beginAct(db: Db, act: Act): Promise<Beginning> {
  const begun = await insert(db, act)
  if (begun) return { kind: 'begun' }
  return transaction(db, async (tx) => {
    const own = await find(tx, 'key', act.key)
    if (own !== undefined && own.state !== 'not_done') return standing(own)
    await tx.query(
      `update acts set state = 'superseded', ended_at = clock_timestamp()
       where target = $1 and state = 'started' and key <> $2
         and exists (select from runs where runs.id = acts.run_id and runs.state = 'ended')`,
      [act.target, act.key],
    )
    if (await insert(tx, act)) return { kind: 'begun' }
    const again = await find(tx, 'key', act.key)
    if (again !== undefined && again.state !== 'not_done') return standing(again)
    const other = await find(tx, 'target', act.target)
    if (other === undefined) throw new Error('an act was neither begun nor found')
    return { kind: 'blocked', by: toAct(other) }
  })
}

/** An act that was looked at and had not happened may begin again under its key. */
async function insert(db: Sql, act: Act): Promise<boolean> {
  const { rows } = await db.query(
    `insert into acts (key, run_id, target, intent)
     select $1, $2, $3, $4::jsonb where not exists (select from acts where target = $3 and state = 'started' and key <> $1)
     on conflict (key) do update set state = 'started', started_at = clock_timestamp(), ended_at = null, intent = excluded.intent
       where acts.state = 'not_done'
     returning key`,
    [act.key, act.runId, act.target, toJson(act.intent)],
  )
  return rows.length === 1
}

async function find(db: Sql, by: 'key' | 'target', value: string): Promise<ActRecord | undefined> {
  const { rows } = await db.query<ActRecord>(
    `select ${columns} from acts where ${by === 'key' ? 'key = $1' : "target = $1 and state = 'started'"}`,
    [value],
  )
  return rows[0]
}

function standing(act: ActRecord): Beginning {
  if (act.state === 'done') return { kind: 'done', result: act.result }
  return { kind: 'unfinished', intent: act.intent }
}

/** The act was done, with this result; a replay gets it back. */
export async function endAct(db: Sql, key: string, result: unknown): Promise<void> {
  await db.query(`update acts set state = 'done', result = $2, ended_at = clock_timestamp() where key = $1`, [
    key,
    toJson(result),
  ])
}

/** After a look at the world, or a person's word: it had not happened (and may be begun again), or it is given up. */
export async function settle(db: Sql, key: string, state: 'not_done' | 'superseded'): Promise<void> {
  await db.query(`update acts set state = $2, ended_at = clock_timestamp() where key = $1 and state = 'started'`, [
    key,
    state,
  ])
}

/** Acts whose end nobody knows, oldest first. */
export async function openActs(db: Sql): Promise<ActRow[]> {
  const { rows } = await db.query<ActRecord>(`select ${columns} from acts where state = 'started' order by started_at`)
  return rows.map(toAct)
}

export async function actsOfRun(db: Sql, runId: RunId): Promise<ActRow[]> {
  const { rows } = await db.query<ActRecord>(`select ${columns} from acts where run_id = $1 order by started_at`, [
    runId,
  ])
  return rows.map(toAct)
}
