import type { Sql } from './db.ts'
import { toJson } from './json.ts'
import type { Actor, AutomaticRow, OverrideRow, RunId } from './types.ts'

type ReleaseKey = Pick<AutomaticRow, 'app' | 'uid' | 'templateKey'>
type Json = Readonly<Record<string, unknown>>

type DecisionRecord = {
  id: string
  app: string
  uid: string
  template_key: string
  release: Json
  decision: AutomaticRow['decision']
  reason: string | null
  detail: Json
  run_id: RunId | null
  incident_id: string | null
  seen_at: Date
  decided_at: Date | null
  escalate_at: Date | null
  escalated_at: Date | null
}

/** The row of a bad release, made at the first sight of it; `release` is kept as it was seen last. */
export async function claimRelease(db: Sql, key: ReleaseKey, release: Json): Promise<AutomaticRow> {
  const { rows } = await db.query<DecisionRecord>(
    `insert into automatic_decisions (app, uid, template_key, release) values ($1, $2, $3, $4)
     on conflict (app, uid, template_key) do update set
       release = case when automatic_decisions.decision in ('open', 'leave') then excluded.release else automatic_decisions.release end
     returning *`,
    [key.app, key.uid, key.templateKey, toJson(release)],
  )
  const row = rows[0]
  if (row === undefined) throw new Error('the row of a bad release was neither made nor found')
  return toRow(row)
}

export type Decided = {
  readonly decision: 'act' | 'ask' | 'leave'
  readonly reason: string | undefined
  readonly detail: Json
  readonly runId?: RunId
  readonly incidentId?: string
  /** When an asked question that nobody answers pages. */
  readonly escalateAt?: Date
}

/** Writes a decision down, once: what was acted on or asked stays so. @returns false when it was written before */
export async function decideRelease(db: Sql, id: string, decided: Decided): Promise<boolean> {
  const { rowCount } = await db.query(
    `update automatic_decisions set decision = $2, reason = $3, detail = $4, run_id = coalesce($5, run_id),
       incident_id = coalesce($6, incident_id), escalate_at = $7, decided_at = clock_timestamp()
     where id = $1 and decision in ('open', 'leave')`,
    [
      id,
      decided.decision,
      decided.reason ?? null,
      toJson(decided.detail),
      decided.runId ?? null,
      decided.incidentId ?? null,
      decided.escalateAt ?? null,
    ],
  )
  return rowCount === 1
}

/** The run that is being made for it, before its plan stands. */
export async function attachRun(db: Sql, id: string, run: RunId): Promise<void> {
  await db.query('update automatic_decisions set run_id = $2 where id = $1 and run_id is null', [id, run])
}

/** Marks a question as escalated, once. @returns false when it was before */
export async function markEscalated(db: Sql, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update automatic_decisions set escalated_at = clock_timestamp() where id = $1 and escalated_at is null`,
    [id],
  )
  return rowCount === 1
}

export async function getDecision(db: Sql, id: string): Promise<AutomaticRow | undefined> {
  const { rows } = await db.query<DecisionRecord>('select * from automatic_decisions where id = $1', [id])
  return rows[0] && toRow(rows[0])
}

/** The bad release that a run is about. */
export async function decisionOfRun(db: Sql, run: RunId): Promise<AutomaticRow | undefined> {
  const { rows } = await db.query<DecisionRecord>('select * from automatic_decisions where run_id = $1', [run])
  return rows[0] && toRow(rows[0])
}

/** The last decisions about an app, newest first. */
export async function decisionsOf(db: Sql, app: string, limit = 20): Promise<AutomaticRow[]> {
  const { rows } = await db.query<DecisionRecord>(
    `select * from automatic_decisions where app = $1 and decided_at is not null order by decided_at desc limit $2`,
    [app, limit],
  )
  return rows.map(toRow)
}

/**
 * Seen and not decided for seconds: a watcher died, or the store was away. And those that were left to somebody at work whose
 * run is over without having mended anything.
 */
export async function unfinishedReleases(db: Sql): Promise<AutomaticRow[]> {
  const { rows } = await db.query<DecisionRecord>(
    `select * from automatic_decisions d where seen_at > clock_timestamp() - interval '1 hour' and (
       (decision = 'open' and seen_at < clock_timestamp() - interval '3 seconds')
       or (decision = 'leave' and reason = 'person_at_work' and exists (
         select from runs where id = d.detail ->> 'run' and state = 'ended' and outcome ->> 'kind' <> 'verified'))
     ) order by d.id`,
  )
  return rows.map(toRow)
}

/** Questions whose run still waits for people. */
export async function openQuestions(db: Sql): Promise<AutomaticRow[]> {
  const { rows } = await db.query<DecisionRecord>(
    `select d.* from automatic_decisions d join runs r on r.id = d.run_id
     where d.decision = 'ask' and r.state in ('planning', 'waiting') order by d.id`,
  )
  return rows.map(toRow)
}

/** Questions that nobody answered in time, and that called nobody yet; also those whose plan expired before. */
export async function unansweredQuestions(db: Sql): Promise<AutomaticRow[]> {
  const { rows } = await db.query<DecisionRecord>(
    `select d.* from automatic_decisions d join runs r on r.id = d.run_id
     where d.decision = 'ask' and d.escalated_at is null
       and ((r.state in ('planning', 'waiting') and d.escalate_at <= clock_timestamp())
         or (r.state = 'ended' and r.outcome ->> 'reason' = 'expired')) order by d.id`,
  )
  return rows.map(toRow)
}

/** Sets what an app may do by itself until a moment, or until somebody sets it back (`mode` undefined: back now). */
export async function setOverride(
  db: Sql,
  override: Pick<OverrideRow, 'app' | 'mode' | 'until' | 'actor'>,
): Promise<void> {
  await db.query(
    `insert into automatic_overrides (app, mode, until, actor) values ($1, $2, $3, $4)
     on conflict (app) do update set mode = excluded.mode, until = excluded.until, actor = excluded.actor, at = clock_timestamp()`,
    [override.app, override.mode ?? null, override.until ?? null, toJson(override.actor)],
  )
}

export async function listOverrides(db: Sql): Promise<OverrideRow[]> {
  const { rows } = await db.query<{
    app: string
    mode: OverrideRow['mode'] | null
    until: Date | null
    actor: Actor
    at: Date
  }>('select app, mode, until, actor, at from automatic_overrides order by app')
  return rows.map(({ mode, until, ...row }) => ({ ...row, mode: mode ?? undefined, until: until ?? undefined }))
}

function toRow(row: DecisionRecord): AutomaticRow {
  return {
    id: row.id,
    app: row.app,
    uid: row.uid,
    templateKey: row.template_key,
    release: row.release,
    decision: row.decision,
    reason: row.reason ?? undefined,
    detail: row.detail,
    runId: row.run_id ?? undefined,
    incidentId: row.incident_id ?? undefined,
    seenAt: row.seen_at,
    decidedAt: row.decided_at ?? undefined,
    escalateAt: row.escalate_at ?? undefined,
    escalatedAt: row.escalated_at ?? undefined,
  }
}
