import type { Db, Sql } from './db.ts'
import { toJson } from './json.ts'
import { coalescedUpsert } from './outbox.ts'
import type { RunId, StepRow, StepState } from './types.ts'

type StepRecord = {
  run_id: RunId
  position: number
  name: string
  state: StepState
  progress: Record<string, unknown>
  started_at: Date | null
  ended_at: Date | null
}

/** Writes the steps of a run, in order, before it begins. Safe to repeat. */
export async function planSteps(db: Sql, runId: RunId, names: readonly string[]): Promise<void> {
  await db.query(
    `insert into steps (run_id, position, name)
     select $1, position, name from unnest($2::text[]) with ordinality as given (name, position) on conflict do nothing`,
    [runId, names],
  )
}

/**
 * Announcements are in one statement with the run's card, which is one round trip on the way from the click to the
 * change. They do not wait for the disk: a server that crashes within the same half second loses at most the news, never
 * a decision or an act, which are written elsewhere and wait. Not for use inside a transaction, which would not wait either.
 */
const announce = (change: string): string => `
  with quick as materialized (select set_config('synchronous_commit', 'off', true)),
  changed as (${change} returning run_id),
  put as (${coalescedUpsert(
    `select 'slack', 'run/' || run_id, 'run/' || run_id, 'run', jsonb_build_object('run', run_id) from changed, quick`,
  )})
  select pg_notify('outbox_' || current_schema(), recipient) from put`

/** The step begins; one that is not in the plan is added at the end. */
export async function beginStep(db: Db, runId: RunId, name: string): Promise<void> {
  await db.query(
    announce(`insert into steps (run_id, position, name, state, started_at)
      select $1, 1 + coalesce((select max(position) from steps where run_id = $1), 0), $2, 'running', clock_timestamp()
      on conflict (run_id, name) do update
        set state = 'running', started_at = coalesce(steps.started_at, clock_timestamp()), ended_at = null`),
    [runId, name],
  )
}

/** What people should see of a step under way; replaces what was reported before. */
export async function reportStep(
  db: Db,
  runId: RunId,
  name: string,
  progress: Readonly<Record<string, unknown>>,
): Promise<void> {
  await db.query(announce(`update steps set progress = $3 where run_id = $1 and name = $2 and state = 'running'`), [
    runId,
    name,
    toJson(progress),
  ])
}

/** The step ends; without `progress` what was last reported stays. */
export async function endStep(
  db: Db,
  runId: RunId,
  name: string,
  state: 'done' | 'failed' | 'skipped',
  progress?: Readonly<Record<string, unknown>>,
): Promise<void> {
  await db.query(
    announce(`update steps set state = $3, ended_at = clock_timestamp(), progress = coalesce($4::jsonb, progress)
      where run_id = $1 and name = $2`),
    [runId, name, state, progress === undefined ? null : toJson(progress)],
  )
}

/** At the end of a run: what was under way becomes `running`'s given state, what never began is skipped. */
export async function closeSteps(db: Sql, runId: RunId, running: 'failed' | 'skipped'): Promise<void> {
  await db.query(
    `update steps set state = case state when 'running' then $2 else 'skipped' end, ended_at = clock_timestamp()
     where run_id = $1 and state in ('running', 'pending')`,
    [runId, running],
  )
}

/**
 * The step in which a run failed is the last one that began, also where its end was a value and not an error.
 * @param name the step that failed, where others came after it
 */
export async function failLastStep(db: Sql, runId: RunId, name?: string): Promise<void> {
  await db.query(
    `update steps set state = 'failed' where run_id = $1
       and position = coalesce(
         (select position from steps where run_id = $1 and name = $2 and started_at is not null),
         (select max(position) from steps where run_id = $1 and started_at is not null))
       and not exists (select from steps where run_id = $1 and state = 'failed')`,
    [runId, name ?? null],
  )
}

export async function listSteps(db: Sql, runId: RunId): Promise<StepRow[]> {
  const { rows } = await db.query<StepRecord>(
    'select run_id, position, name, state, progress, started_at, ended_at from steps where run_id = $1 order by position',
    [runId],
  )
  return rows.map((row) => ({
    runId: row.run_id,
    position: row.position,
    name: row.name,
    state: row.state,
    progress: row.progress,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
  }))
}
