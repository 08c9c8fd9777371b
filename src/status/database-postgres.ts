import type pg from 'pg'
import { withClient } from '../services/postgres/client.ts'
import { listKept } from '../services/postgres/kept.ts'
import type { DatabaseNumbers, UnknownWhy } from '../texts/views.ts'
import { part, unknownPart } from './database-part.ts'

/** One question may take so long. */
const questionMs = 1_200

/**
 * Numbers of a PostgreSQL database, each with its own time limit. Two connections: the size of a large database takes long, and
 * must not hold up who is at work in it.
 */
export async function readPostgres(url: string, signal: AbortSignal, limitMs: number): Promise<DatabaseNumbers> {
  const connected = <T>(body: (client: pg.Client) => Promise<T>): Promise<T> =>
    withClient(url, { statementMs: questionMs, signal }, body)
  const heavy = connected(async (client) => ({
    size: await settled(sizeOf(client)),
    kept: await settled(keptIn(client)),
  }))
  const light = connected(async (client) => ({
    connections: await settled(connectionsOf(client)),
    longest: await settled(longestOf(client)),
    lag: await settled(lagOf(client)),
  }))
  // Each part asks them again; nobody may ask them in vain.
  for (const asked of [heavy, light]) asked.catch(() => undefined)
  const [size, kept, connections, longestSeconds, lagSeconds] = await Promise.all([
    part(limitMs, async () => (await heavy).size()),
    part(limitMs, async () => (await heavy).kept()),
    part(limitMs, async () => (await light).connections()),
    part(limitMs, async () => (await light).longest()),
    part(limitMs, async () => (await light).lag()),
  ])
  // No function of PostgreSQL tells the room on its disk, not even to a superuser.
  return { size, connections, longestSeconds, lagSeconds, disk: unknownPart('not_told'), kept }
}

/** Waits for an answer without failing: a statement that was ended leaves the connection good for the next. */
async function settled<T>(asked: Promise<T>): Promise<() => T> {
  try {
    const value = await asked
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

async function sizeOf(client: pg.Client) {
  const { rows } = await client.query<{ bytes: string; tables: string }>(
    `select pg_database_size(current_database()) as bytes,
       (select count(*) from pg_stat_user_tables) as tables`,
  )
  return { bytes: Number(rows[0]?.bytes ?? 0), things: Number(rows[0]?.tables ?? 0) }
}

async function keptIn(client: pg.Client) {
  return (await listKept(client)).map(({ name, bytes }) => ({ name, bytes }))
}

async function connectionsOf(client: pg.Client) {
  const { rows } = await client.query<{ now: string; most: string }>(
    `select (select count(*) from pg_stat_activity where datname = current_database()) as now,
       current_setting('max_connections') as most`,
  )
  return { now: Number(rows[0]?.now ?? 0), most: Number(rows[0]?.most ?? 0) }
}

/** Sessions of other roles show no query to who is no member of pg_read_all_stats. */
async function longestOf(client: pg.Client): Promise<number | undefined | { readonly unknown: UnknownWhy }> {
  const { rows } = await client.query<{ seconds: string | null; hidden: string }>(
    `select extract(epoch from max(clock_timestamp() - query_start) filter (where state = 'active')) as seconds,
       count(*) filter (where query = '<insufficient privilege>') as hidden
     from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  )
  const row = rows[0]
  if (row === undefined || row.seconds === null)
    return Number(row?.hidden ?? 0) > 0 ? unknownPart('not_allowed') : undefined
  return Number(row.seconds)
}

/** Of a standby behind its primary, or of the slowest standby of a primary; undefined: there is none. */
async function lagOf(client: pg.Client): Promise<number | undefined | { readonly unknown: UnknownWhy }> {
  const { rows } = await client.query<{
    standby: boolean
    behind: string | null
    standbys: string
    seen: string
    slowest: string | null
  }>(
    `select pg_is_in_recovery() as standby,
       case when pg_is_in_recovery() then extract(epoch from now() - pg_last_xact_replay_timestamp()) end as behind,
       count(*) as standbys, count(replay_lsn) as seen, extract(epoch from max(replay_lag)) as slowest
     from pg_stat_replication`,
  )
  const row = rows[0]
  if (row?.standby === true) return row.behind === null ? unknownPart('not_told') : Number(row.behind)
  if (row === undefined || Number(row.standbys) === 0) return undefined
  if (Number(row.seen) === 0) return unknownPart('not_allowed')
  // A standby that has everything reports no lag after a while.
  return Number(row.slowest ?? 0)
}
