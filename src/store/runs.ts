import type { Sql } from './db.ts'
import { toJson } from './json.ts'
import { type RunRecord, runColumns, toRun } from './run-row.ts'
import type { Actor, Origin, OutcomeRow, RunId, RunRow, RunState } from './types.ts'

export type NewRun = {
  readonly operation: string
  readonly params: unknown
  readonly risk: string
  readonly target: string
  readonly subject: { readonly kind: string; readonly name: string }
  readonly actor: Actor
  readonly origin: Origin
  /** Slack's own id of the command, view or click, or the terminal's: the same key is the same run. */
  readonly idempotencyKey: string
  readonly undoOf?: RunId
}

/** Creates a run, or finds the one that was created with this key before. */
export async function createRun(db: Sql, run: NewRun): Promise<{ readonly run: RunRow; readonly created: boolean }> {
  const { rows } = await db.query<RunRecord>(
    `with next as (
       update counters set value = value + 1
       where name = 'runs' and not exists (select from runs where idempotency_key = $1) returning value
     )
     insert into runs (number, id, idempotency_key, operation, risk, target, subject, params, actor, origin, undo_of)
     select value, 'R-' || lpad(value::text, greatest(4, length(value::text)), '0'), $1, $2, $3, $4, $5, $6, $7, $8, $9
     from next on conflict (idempotency_key) do nothing returning ${runColumns}`,
    [
      run.idempotencyKey,
      run.operation,
      run.risk,
      run.target,
      toJson(run.subject),
      toJson(run.params),
      toJson(run.actor),
      toJson(run.origin),
      run.undoOf ?? null,
    ],
  )
  if (rows[0] !== undefined) return { run: toRun(rows[0]), created: true }
  const before = await findRunByKey(db, run.idempotencyKey)
  if (before === undefined) throw new Error('a run with this key was neither created nor found')
  return { run: before, created: false }
}

export async function getRun(db: Sql, id: RunId): Promise<RunRow | undefined> {
  const { rows } = await db.query<RunRecord>(`select ${runColumns} from runs where id = $1`, [id])
  return rows[0] && toRun(rows[0])
}

export async function findRunByKey(db: Sql, idempotencyKey: string): Promise<RunRow | undefined> {
  const { rows } = await db.query<RunRecord>(`select ${runColumns} from runs where idempotency_key = $1`, [
    idempotencyKey,
  ])
  return rows[0] && toRun(rows[0])
}

export type RunQuery = {
  readonly states?: readonly RunState[]
  readonly subject?: { readonly kind: string; readonly name: string }
  readonly target?: string
  readonly limit?: number
  /** Only older ones than this, for the next page. */
  readonly before?: RunId
}

/** Newest first; 50 unless told. */
export async function listRuns(db: Sql, query: RunQuery = {}): Promise<RunRow[]> {
  const { rows } = await db.query<RunRecord>(
    `select ${runColumns} from runs
     where ($1::text[] is null or state = any($1)) and ($2::text is null or target = $2)
       and ($3::text is null or (subject ->> 'kind' = $3 and subject ->> 'name' = $4))
       and ($5::text is null or number < (select number from runs where id = $5))
     order by number desc limit $6`,
    [
      query.states ?? null,
      query.target ?? null,
      query.subject?.kind ?? null,
      query.subject?.name ?? null,
      query.before ?? null,
      query.limit ?? 50,
    ],
  )
  return rows.map(toRun)
}

/** The run that holds or works on a target: confirmed or running. */
export async function activeRun(db: Sql, target: string): Promise<RunRow | undefined> {
  return (await listRuns(db, { target, states: ['confirmed', 'running'], limit: 1 }))[0]
}

/** A cooperative stop: the run reads it before each step. `too_late`: it has ended or does not exist. */
export async function requestStop(
  db: Sql,
  id: RunId,
  by: Actor,
): Promise<{ readonly kind: 'asked' | 'asked_before' | 'too_late' }> {
  const { rows } = await db.query<{ kind: 'asked' | 'asked_before' }>(
    `with before as (select id, stop_requested_by from runs where id = $1 and state <> 'ended' for update)
     update runs set stop_requested_by = coalesce(runs.stop_requested_by, $2) from before where runs.id = before.id
     returning case when before.stop_requested_by is null then 'asked' else 'asked_before' end as kind`,
    [id, toJson(by)],
  )
  return rows[0] ?? { kind: 'too_late' }
}

export async function stopRequested(db: Sql, id: RunId): Promise<boolean> {
  const { rows } = await db.query<{ asked: boolean }>(
    // One that is still being prepared ends at once when it is cancelled.
    `select stop_requested_by is not null or state = 'ended' as asked from runs where id = $1`,
    [id],
  )
  return rows[0]?.asked === true
}

/** Notes on a run that another one has undone it. */
export async function markUndone(db: Sql, id: RunId, by: RunId): Promise<void> {
  await db.query('update runs set undone_by = $2 where id = $1', [id, by])
}

/** The plan that people will decide on: planning -> waiting; in waiting it replaces the former one. Times are the store's own. */
export async function savePlan(
  db: Sql,
  id: RunId,
  plan: { readonly plan: unknown; readonly facts: unknown; readonly hash: string; readonly expiresAt: Date },
): Promise<void> {
  await db.query(
    `update runs set state = 'waiting', plan = $2, facts = $3, plan_hash = $4, plan_expires_at = $5
     where id = $1 and state in ('planning', 'waiting')`,
    [id, toJson(plan.plan), toJson(plan.facts), plan.hash, plan.expiresAt],
  )
}

/** What is being prepared and cannot be decided on yet: the run stays in planning. */
export async function savePreparing(
  db: Sql,
  id: RunId,
  plan: { readonly plan: unknown; readonly facts: unknown; readonly hash: string },
): Promise<void> {
  await db.query(`update runs set plan = $2, facts = $3, plan_hash = $4 where id = $1 and state = 'planning'`, [
    id,
    toJson(plan.plan),
    toJson(plan.facts),
    plan.hash,
  ])
}

export type NotDecided =
  | { readonly kind: 'stale_plan' | 'expired' }
  /** Somebody was quicker, or there is nothing to decide; `state` and `by` tell. */
  | { readonly kind: 'already'; readonly state: RunState | undefined; readonly by: Actor | undefined }

/** The decision, in one statement: waiting -> confirmed if the plan seen is the plan that stands and is still fresh. */
export async function confirmRun(
  db: Sql,
  id: RunId,
  decision: { readonly planHash: string; readonly by: Actor },
): Promise<{ readonly kind: 'confirmed'; readonly run: RunRow } | NotDecided> {
  const { rows } = await db.query<RunRecord>(
    `update runs set state = 'confirmed', confirmed_by = $3, confirmed_at = clock_timestamp()
     where id = $1 and state = 'waiting' and plan_hash = $2 and plan_expires_at > clock_timestamp() returning ${runColumns}`,
    [id, decision.planHash, toJson(decision.by)],
  )
  if (rows[0] !== undefined) return { kind: 'confirmed', run: toRun(rows[0]) }
  const run = await getRun(db, id)
  if (run?.state !== 'waiting') return { kind: 'already', state: run?.state, by: run?.confirmedBy }
  return { kind: run.planHash === decision.planHash ? 'expired' : 'stale_plan' }
}

/** A no before anything began: planning or waiting -> ended, not approved. */
export async function rejectRun(
  db: Sql,
  id: RunId,
  no: { readonly by: Actor; readonly reason: string },
): Promise<{ readonly kind: 'rejected'; readonly run: RunRow } | NotDecided> {
  const outcome = { kind: 'not_approved', reason: no.reason, detail: { by: no.by.name } }
  const { rows } = await db.query<RunRecord>(
    `update runs set state = 'ended', outcome = $2, ended_at = clock_timestamp()
     where id = $1 and state in ('planning', 'waiting') returning ${runColumns}`,
    [id, toJson(outcome)],
  )
  if (rows[0] !== undefined) return { kind: 'rejected', run: toRun(rows[0]) }
  const run = await getRun(db, id)
  return { kind: 'already', state: run?.state, by: run?.confirmedBy }
}

/** confirmed -> running; a no-op when it runs already. */
export async function markRunning(db: Sql, id: RunId): Promise<void> {
  await db.query(
    `update runs set state = 'running', started_at = clock_timestamp() where id = $1 and state = 'confirmed'`,
    [id],
  )
}

/** The end, written once. @returns false when the run had ended before: its first outcome stands */
export async function endRun(db: Sql, id: RunId, outcome: OutcomeRow): Promise<boolean> {
  const { rowCount } = await db.query(
    `update runs set state = 'ended', outcome = $2, ended_at = clock_timestamp() where id = $1 and state <> 'ended'`,
    [id, toJson(outcome)],
  )
  return rowCount === 1
}
