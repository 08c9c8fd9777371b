import type { Sql } from './db.ts'
import type { ReleaseRow } from './types.ts'

type ReleaseKey = Pick<ReleaseRow, 'app' | 'uid' | 'templateHash'>
type ReleaseRecord = {
  app: string
  uid: string
  revision: string
  template_hash: string
  image: string
  first_seen_at: Date
  healthy_seconds: number
  last_healthy_at: Date | null
  failed_reason: string | null
  failed_at: Date | null
}

/** A revision was seen. A rollback gives an old template a new number: the template is the release. */
export async function noteRelease(
  db: Sql,
  release: ReleaseKey & Pick<ReleaseRow, 'revision' | 'image'>,
): Promise<void> {
  await db.query(
    `insert into releases (app, uid, template_hash, revision, image) values ($1, $2, $3, $4, $5)
     on conflict (app, uid, template_hash) do update set revision = excluded.revision, image = excluded.image
     where (releases.revision, releases.image) is distinct from (excluded.revision, excluded.image)`,
    [release.app, release.uid, release.templateHash, release.revision, release.image],
  )
}

/** It served healthily for so many more seconds. */
export async function noteHealthy(db: Sql, release: ReleaseKey, seconds: number): Promise<void> {
  await db.query(
    `update releases set healthy_seconds = healthy_seconds + $4, last_healthy_at = clock_timestamp()
     where app = $1 and uid = $2 and template_hash = $3`,
    [release.app, release.uid, release.templateHash, seconds],
  )
}

/** It failed, or people went back from it; the newest reason stands. */
export async function noteFailed(db: Sql, release: ReleaseKey, reason: string): Promise<void> {
  await db.query(
    `update releases set failed_reason = $4, failed_at = clock_timestamp()
     where app = $1 and uid = $2 and template_hash = $3`,
    [release.app, release.uid, release.templateHash, reason],
  )
}

/** What was observed of an app, newest revision first; of one workload where `uid` is given. */
export async function releasesOf(db: Sql, app: string, uid?: string): Promise<ReleaseRow[]> {
  const { rows } = await db.query<ReleaseRecord>(
    `select app, uid, revision, template_hash, image, first_seen_at, healthy_seconds, last_healthy_at, failed_reason, failed_at
     from releases where app = $1 and ($2::text is null or uid = $2) order by revision desc, first_seen_at desc`,
    [app, uid ?? null],
  )
  return rows.map((row) => ({
    app: row.app,
    uid: row.uid,
    revision: Number(row.revision),
    templateHash: row.template_hash,
    image: row.image,
    firstSeenAt: row.first_seen_at,
    healthySeconds: row.healthy_seconds,
    lastHealthyAt: row.last_healthy_at ?? undefined,
    failedReason: row.failed_reason ?? undefined,
    failedAt: row.failed_at ?? undefined,
  }))
}
