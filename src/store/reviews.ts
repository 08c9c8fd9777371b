import type { Sql } from './db.ts'
import { toJson } from './json.ts'
import type { Actor, ReviewRow, RunId } from './types.ts'

type ReviewRecord = {
  run_id: RunId
  actors: string[]
  requested_at: Date
  remind_at: Date
  reminded_at: Date | null
  verdict: 'right' | 'not_right' | null
  remark: string | null
  reviewed_by: Actor | null
  reviewed_at: Date | null
}

const columns = 'run_id, actors, requested_at, remind_at, reminded_at, verdict, remark, reviewed_by, reviewed_at'

/** Asks for a second person's look at a run; asking again changes nothing. @returns false when it was asked for before */
export async function requestReview(
  db: Sql,
  wanted: { readonly runId: RunId; readonly actors: readonly string[]; readonly remindAfterSeconds: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into reviews (run_id, actors, remind_at) values ($1, $2, clock_timestamp() + make_interval(secs => $3))
     on conflict (run_id) do nothing`,
    [wanted.runId, toJson(wanted.actors), wanted.remindAfterSeconds],
  )
  return rowCount === 1
}

export async function findReview(db: Sql, runId: RunId): Promise<ReviewRow | undefined> {
  const { rows } = await db.query<ReviewRecord>(`select ${columns} from reviews where run_id = $1`, [runId])
  return rows[0] && toReview(rows[0])
}

/** Those that nobody has done yet, the oldest first; 20 unless told. */
export async function openReviews(db: Sql, limit = 20): Promise<ReviewRow[]> {
  const { rows } = await db.query<ReviewRecord>(
    `select ${columns} from reviews where reviewed_at is null order by requested_at, run_id limit $1`,
    [limit],
  )
  return rows.map(toReview)
}

/** The second person's word; the first one stands. @returns undefined when it was done before or was never asked for */
export async function completeReview(
  db: Sql,
  runId: RunId,
  done: { readonly verdict: 'right' | 'not_right'; readonly remark: string | undefined; readonly by: Actor },
): Promise<ReviewRow | undefined> {
  const { rows } = await db.query<ReviewRecord>(
    `update reviews set verdict = $2, remark = $3, reviewed_by = $4, reviewed_at = clock_timestamp()
     where run_id = $1 and reviewed_at is null returning ${columns}`,
    [runId, done.verdict, done.remark?.toWellFormed().replaceAll('\0', '\ufffd') ?? null, toJson(done.by)],
  )
  return rows[0] && toReview(rows[0])
}

/** Marks those that are due for their one reminder, and gives them; each is given once, whoever asks. */
export async function takeDueReminders(db: Sql): Promise<RunId[]> {
  const { rows } = await db.query<{ run_id: RunId }>(
    `update reviews set reminded_at = clock_timestamp()
     where reviewed_at is null and reminded_at is null and remind_at <= clock_timestamp() returning run_id`,
  )
  return rows.map((row) => row.run_id)
}

function toReview(row: ReviewRecord): ReviewRow {
  return {
    runId: row.run_id,
    actors: row.actors,
    requestedAt: row.requested_at,
    remindAt: row.remind_at,
    remindedAt: row.reminded_at ?? undefined,
    verdict: row.verdict ?? undefined,
    remark: row.remark ?? undefined,
    reviewedBy: row.reviewed_by ?? undefined,
    reviewedAt: row.reviewed_at ?? undefined,
  }
}
