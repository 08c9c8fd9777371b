import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import type { BackupDeps } from '../../../src/backups/deps.ts'
import type { LiveFacts } from '../../../src/backups/types.ts'
import { catalogSchema, type DatabaseEntry } from '../../../src/catalog/schema.ts'
import { findTools, type PostgresTools } from '../../../src/services/postgres/tools.ts'
import { startEmbedded } from '../../../src/store/embedded/start.ts'

const run = promisify(execFile)

export type BackupWorld = {
  readonly folder: string
  readonly tools: PostgresTools
  /** As a superuser, with the password. */
  url(database: string): string
  /** pg_dump of the realistic database, or of `database`. @returns what it wrote to standard output */
  dump(args: readonly string[], database?: string): Promise<Buffer>
  /** Rows of every table by `schema.table`, asked of the server itself. */
  readonly rows: ReadonlyMap<string, number>
  readonly live: LiveFacts
  copyOf(table: string, columns: string, database?: string): Promise<Buffer>
  stop(): Promise<void>
}

/** A PostgreSQL with a realistic database, and a folder to put backups of it. */
export async function startBackupWorld(): Promise<BackupWorld> {
  const tools = await findTools()
  if (tools === undefined) throw new Error('pg_dump is missing: bash scripts/install-parts.sh brings it')
  const folder = await mkdtemp(join(tmpdir(), 'rescue-backups-'))
  // Where the tests run as root, the server runs as nobody and must be able to pass through.
  await chmod(folder, 0o711)
  const server = await startEmbedded({ folder: join(folder, 'server'), database: 'porttrack' })
  const address = (database: string) => Object.assign(new URL(server.url), { pathname: `/${database}` })
  await query(server.url, 'CREATE ROLE gate_reader', 'CREATE ROLE gate_writer', 'CREATE DATABASE another')
  await query(server.url, await readFile(new URL('schema.sql', import.meta.url), 'utf8'))
  await query(address('another').href, "CREATE TABLE crews AS SELECT 1 AS id, 'Eva' AS name")
  const connection = ({ username, password, hostname, port }: URL) => ({
    PGUSER: username,
    PGPASSWORD: decodeURIComponent(password),
    PGHOST: hostname,
    PGPORT: port,
  })
  await mkdir(join(folder, 'made'))
  return {
    folder,
    tools,
    url: (database) => address(database).href,
    live: liveFacts(),
    rows: await countRows(server.url),
    async dump(args, database = 'porttrack') {
      const env = { ...connection(new URL(server.url)), PGDATABASE: database, PATH: '/usr/bin:/bin', LC_ALL: 'C' }
      const { stdout } = await run(join(tools.folder, 'pg_dump'), [...args], {
        env,
        encoding: 'buffer',
        maxBuffer: 64e6,
      })
      return stdout
    },
    async copyOf(table, columns, database = 'porttrack') {
      const env = { ...connection(new URL(server.url)), PGDATABASE: database, PATH: '/usr/bin:/bin' }
      const args = ['-qAtX', '-c', `COPY ${table} (${columns}) TO STDOUT`]
      return (await run(join(tools.folder, 'psql'), args, { env, encoding: 'buffer', maxBuffer: 64e6 })).stdout
    },
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What the gate is told of the server; each field can be made worse by a test. */
export function liveFacts(worse: Partial<LiveFacts> = {}): LiveFacts {
  return {
    database: 'porttrack',
    serverVersion: 150018,
    encoding: 'UTF8',
    roles: ['pg_database_owner', 'rescue', 'gate_reader', 'gate_writer'],
    extensions: ['citext', 'hstore', 'pg_trgm', 'pgcrypto'],
    tablespaces: ['pg_default', 'pg_global'],
    freeBytes: 10 ** 10,
    preparedTransactions: [],
    replication: [],
    inactiveSlots: [],
    tables: ['public.ships', 'public.containers'],
    ...worse,
  }
}

export type Backups = NonNullable<DatabaseEntry['backups']>

const databaseSchema = catalogSchema.shape.databases.unwrap().valueType

export type Entry = DatabaseEntry & { readonly backups: Backups }

/** A database of the catalog with places of backups; read by the catalog's own schema, so that defaults are the real ones. */
export function entryOf(places: Backups['places'], more: Partial<Backups> = {}): Entry {
  const backups = { places, plainSql: true, ...more }
  const entry = databaseSchema.parse({ engine: 'postgres', url: { env: 'UNUSED' }, backups })
  if (entry.backups === undefined) throw new Error('no backups in the entry')
  return { ...entry, backups: entry.backups }
}

export function depsIn(folder: string, more: Partial<BackupDeps> = {}): BackupDeps {
  return { secret: async () => 'secret', scratch: join(folder, 'scratch'), ...more }
}

async function query(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

async function countRows(url: string): Promise<ReadonlyMap<string, number>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ name: string; sql: string }>(
    `select n.nspname || '.' || c.relname as name, format('select count(*) as n from only %I.%I', n.nspname, c.relname) as sql
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`,
  )
  const counts = new Map<string, number>()
  for (const { name, sql } of rows) counts.set(name, Number((await client.query<{ n: string }>(sql)).rows[0]?.n))
  await client.end()
  return counts
}
