import type { DatabaseEntry } from '../catalog/schema.ts'
import { pointsOf } from '../operations/recover-postgres/backup.ts'
import type { Services } from '../operations/services.ts'
import { withClient } from '../services/postgres/client.ts'
import { listKept } from '../services/postgres/kept.ts'
import { listRuns } from '../store/runs.ts'
import type { DatabaseView } from '../texts/views.ts'

type Row = { bytes: string; connections: string; most: string; longest: string | null; lag: string | null }

/** Numbers of a PostgreSQL database, its last backup, and when a restore of it was last proved. @throws DatabaseError */
export async function readDepth(
  services: Services,
  name: string,
  entry: DatabaseEntry,
  url: string,
  signal: AbortSignal,
): Promise<DatabaseView> {
  const [numbers, points, runs] = await Promise.all([
    readNumbers(url, signal),
    entry.backups === undefined ? [] : pointsOf(services, name).catch(() => undefined),
    listRuns(services.db, { subject: { kind: 'database', name }, states: ['ended'], limit: 50 }),
  ])
  const last = points?.find((point) => point.problem === undefined && point.verified?.good !== false)
  const proven = runs.find(({ outcome }) => outcome?.reason === 'restored' || outcome?.reason === 'copied')
  return {
    ...numbers,
    backup: last === undefined ? undefined : { id: last.id, at: last.dataAt, good: last.verified?.good === true },
    backups: entry.backups === undefined ? 'none_named' : points === undefined ? 'unreadable' : 'read',
    provenAt: proven?.endedAt?.toISOString(),
  }
}

async function readNumbers(url: string, signal: AbortSignal) {
  return withClient(url, { statementMs: 1_200, signal }, async (client) => {
    const { rows } = await client.query<Row>(
      `select pg_database_size(current_database()) as bytes,
         (select count(*) from pg_stat_activity where datname = current_database()) as connections,
         current_setting('max_connections') as most,
         (select extract(epoch from max(clock_timestamp() - query_start)) from pg_stat_activity
            where datname = current_database() and state = 'active' and pid <> pg_backend_pid()) as longest,
         case when pg_is_in_recovery() then extract(epoch from now() - pg_last_xact_replay_timestamp())
           else (select extract(epoch from max(replay_lag)) from pg_stat_replication) end as lag`,
    )
    const row = rows[0]
    const seconds = (text: string | null | undefined) => (text == null ? undefined : Number(text))
    return {
      bytes: Number(row?.bytes ?? 0),
      connections: Number(row?.connections ?? 0),
      mostConnections: Number(row?.most ?? 0),
      longestQuerySeconds: seconds(row?.longest),
      replicationLagSeconds: seconds(row?.lag),
      kept: (await listKept(client)).map((each) => ({
        name: each.name,
        bytes: each.bytes,
        until: each.note.dropAfter,
      })),
    }
  })
}
