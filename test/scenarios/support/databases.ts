import pg from 'pg'
import { findTools } from '../../../src/services/postgres/tools.ts'
import { listRuns } from '../../../src/store/runs.ts'
import type { RunRow } from '../../../src/store/types.ts'
import { until } from './person.ts'
import type { World } from './world.ts'

/** Why these suites cannot run here, or undefined. @throws Error instead when RESCUE_REQUIRE_REAL=1 */
export async function toolsMissing(): Promise<string | undefined> {
  if ((await findTools()) !== undefined) return undefined
  const message = 'pg_dump and pg_restore are missing: bash scripts/install-parts.sh brings them'
  if (process.env['RESCUE_REQUIRE_REAL'] === '1') throw new Error(message)
  return message
}

/** Asks PortTrack's server as its superuser. */
export async function ask(world: World, database: string, ...statements: readonly string[]): Promise<pg.QueryResult> {
  const client = await connect(world, database)
  try {
    let last: pg.QueryResult | undefined
    for (const statement of statements) last = await client.query(statement)
    if (last === undefined) throw new Error('nothing was asked')
    return last
  } finally {
    await client.end()
  }
}

export async function connect(world: World, database: string): Promise<pg.Client> {
  const url = new URL(world.sandbox.databases.adminUrl)
  url.pathname = `/${database}`
  const client = new pg.Client({ connectionString: url.href })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** OIDs by name of everything that is or was porttrack. */
export async function databases(world: World): Promise<Readonly<Record<string, number>>> {
  const { rows } = await ask(
    world,
    'postgres',
    `select datname, oid::int8::float8 as oid from pg_database where datname like 'porttrack%' order by 1`,
  )
  return Object.fromEntries(rows.map(({ datname, oid }) => [datname, oid]))
}

/** A hash of everything in a database's tables: equal means not a byte was changed. */
export async function contents(world: World, database = 'porttrack'): Promise<string> {
  const { rows } = await ask(
    world,
    database,
    `select string_agg(t, e'\\n' order by t) as all from (
       select table_name || ' ' || (xpath('/row/h/text()', query_to_xml(format(
         'select count(*) || ''/'' || coalesce(sum(hashtextextended(x::text, 0)), 0) as h from %I.%I x', table_schema, table_name),
         false, true, '')))[1]::text as t
       from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE') tables`,
  )
  return rows[0]?.all ?? ''
}

/** The newest run about PortTrack's database in one of these states. */
export function databaseRun(world: World, state: RunRow['state'], after = 0, seconds = 60): Promise<RunRow> {
  return until(
    `a run of the database in ${state}`,
    async () => {
      const [run] = await listRuns(world.db, { subject: { kind: 'database', name: 'porttrack' }, limit: 1 })
      if (run === undefined || Number(run.id.slice(2)) <= after) return undefined
      if (run.state === 'ended' && state !== 'ended') throw new Error(`it ended: ${JSON.stringify(run.outcome)}`)
      return run.state === state ? run : undefined
    },
    seconds,
  )
}
