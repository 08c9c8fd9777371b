import type { Sql } from './db.ts'
import { toJson } from './json.ts'
import type { Actor, ApprovalRow, RunId } from './types.ts'

type ApprovalRecord = { run_id: RunId; plan_hash: string; actor: Actor; decision: 'approve' | 'reject'; at: Date }

/** How many different people have said what about this plan, the new word included. */
export type ApprovalCounts = { readonly approvals: number; readonly rejections: number; readonly repeated: boolean }

/** Writes a person's word on a plan; one per person and plan, the first one stands. */
export async function recordApproval(
  db: Sql,
  approval: {
    readonly runId: RunId
    readonly planHash: string
    readonly actor: Actor
    readonly decision: 'approve' | 'reject'
  },
): Promise<ApprovalCounts> {
  const { rowCount } = await db.query(
    `insert into approvals (run_id, plan_hash, actor_name, actor, decision) values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [approval.runId, approval.planHash, approval.actor.name, toJson(approval.actor), approval.decision],
  )
  const all = await listApprovals(db, approval.runId, approval.planHash)
  const count = (decision: string) => all.filter((row) => row.decision === decision).length
  return { approvals: count('approve'), rejections: count('reject'), repeated: rowCount === 0 }
}

/** Words on a run, or on one plan of it, in the order given. */
export async function listApprovals(db: Sql, runId: RunId, planHash?: string): Promise<ApprovalRow[]> {
  const { rows } = await db.query<ApprovalRecord>(
    `select run_id, plan_hash, actor, decision, at from approvals
     where run_id = $1 and ($2::text is null or plan_hash = $2) order by at`,
    [runId, planHash ?? null],
  )
  return rows.map((row) => ({
    runId: row.run_id,
    planHash: row.plan_hash,
    actor: row.actor,
    decision: row.decision,
    at: row.at,
  }))
}
