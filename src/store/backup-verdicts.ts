import type { Sql } from './db.ts'

export type BackupVerdict = {
  readonly at: string
  readonly good: boolean
  /** Why it is bad, a word of the gate. */
  readonly reason: string | undefined
}

type Bytes = { readonly id: string; readonly identity: string }
type Finding = { readonly good: true; readonly sha256: string } | { readonly good: false; readonly reason: string }

/** Bytes held against one sidecar: with another one they may be right. */
const pairOf = ({ identity }: Bytes, sidecar: string): string => `${identity} ${sidecar}`

/**
 * Keeps what was found in these bytes; a newer finding replaces an older one.
 * @param sidecar the sum of the sidecar that they are not like: the finding is then told only while it says the same
 */
export async function rememberBackupVerdict(db: Sql, point: Bytes, found: Finding, sidecar?: string): Promise<void> {
  const identity = sidecar === undefined ? point.identity : pairOf(point, sidecar)
  await db.query(
    `insert into backup_verdicts (point, identity, good, reason, sha256) values ($1, $2, $3, $4, $5)
     on conflict (point, identity) do update
       set good = excluded.good, reason = excluded.reason, sha256 = excluded.sha256, judged_at = clock_timestamp()`,
    [point.id, identity, found.good, found.good ? null : found.reason, found.good ? found.sha256 : null],
  )
}

/**
 * What was found in the same bytes. A bad verdict is forgotten after a day: a newer pg_restore or program may know better,
 * and nothing should hide a backup for ever. @param point `sha256`: what its sidecar says now
 */
export async function findBackupVerdict(
  db: Sql,
  point: Bytes & { readonly sha256?: string | undefined },
): Promise<BackupVerdict | undefined> {
  const { rows } = await db.query<{ good: boolean; reason: string | null; judged_at: Date }>(
    `select good, reason, judged_at from backup_verdicts
     where point = $1 and identity = any ($2) and (good or judged_at > clock_timestamp() - interval '1 day')
     order by good limit 1`,
    [point.id, point.sha256 === undefined ? [point.identity] : [point.identity, pairOf(point, point.sha256)]],
  )
  const [row] = rows
  return row && { at: row.judged_at.toISOString(), good: row.good, reason: row.reason ?? undefined }
}
