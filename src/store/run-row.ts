import type { Actor, Origin, OutcomeRow, RunId, RunRow, RunState } from './types.ts'

/** A row of `runs` as PostgreSQL gives it. */
export type RunRecord = {
  id: RunId
  operation: string
  risk: string
  target: string
  subject: { kind: string; name: string }
  params: unknown
  actor: Actor
  origin: Origin
  state: RunState
  plan: unknown
  plan_hash: string | null
  plan_expires_at: Date | null
  outcome: OutcomeRow | null
  undo_of: RunId | null
  undone_by: RunId | null
  incident_id: string | null
  stop_requested_by: Actor | null
  confirmed_by: Actor | null
  created_at: Date
  confirmed_at: Date | null
  started_at: Date | null
  ended_at: Date | null
}

/** Without `facts`, which may be large and which nobody asks for again. */
export const runColumns = `id, operation, risk, target, subject, params, actor, origin, state, plan, plan_hash, plan_expires_at, outcome,
  undo_of, undone_by, incident_id, stop_requested_by, confirmed_by, created_at, confirmed_at, started_at, ended_at`

export function toRun(row: RunRecord): RunRow {
  return {
    id: row.id,
    operation: row.operation,
    risk: row.risk,
    target: row.target,
    subject: row.subject,
    params: row.params,
    actor: row.actor,
    origin: row.origin,
    state: row.state,
    plan: row.plan ?? undefined,
    planHash: row.plan_hash ?? undefined,
    planExpiresAt: row.plan_expires_at ?? undefined,
    outcome: row.outcome ?? undefined,
    undoOf: row.undo_of ?? undefined,
    undoneBy: row.undone_by ?? undefined,
    incidentId: row.incident_id ?? undefined,
    stopRequestedBy: row.stop_requested_by ?? undefined,
    confirmedBy: row.confirmed_by ?? undefined,
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at ?? undefined,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
  }
}
