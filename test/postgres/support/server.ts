import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../../../src/store/embedded/start.ts'

export type Server = {
  readonly adminUrl: string
  /** Of an account that owns its databases and is no superuser. */
  url(database?: string): string
  admin(...statements: readonly string[]): Promise<pg.QueryResult[]>
  in(database: string, ...statements: readonly string[]): Promise<pg.QueryResult[]>
  /** A connection of the superuser that stays: nobody but a superuser may end it. */
  stay(database: string): Promise<pg.Client>
  /** `name` to `oid` of the databases that begin with a prefix. */
  databases(prefix: string): Promise<Readonly<Record<string, number>>>
  stop(): Promise<void>
}

/** A PostgreSQL of its own with the role `keeper`: CREATEDB and pg_signal_backend, as docs/recover-db.md asks. */
export async function startServer(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-postgres-'))
  await chmod(folder, 0o711)
  const server = await startEmbedded({ folder, database: 'start' })
  const at = (database: string, user?: string) => {
    const url = new URL(server.url)
    url.pathname = `/${database}`
    if (user !== undefined) [url.username, url.password] = [user, 'a-password']
    return url.href
  }
  const run = async (url: string, statements: readonly string[]) => {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    await client.connect()
    try {
      const results: pg.QueryResult[] = []
      for (const statement of statements) results.push(await client.query(statement))
      return results
    } finally {
      await client.end()
    }
  }
  await run(at('postgres'), [
    `create role keeper login createdb password 'a-password'`,
    'grant pg_signal_backend to keeper',
    `create role clerk login password 'a-password'`,
  ])
  return {
    adminUrl: at('postgres'),
    url: (database = 'postgres') => at(database, 'keeper'),
    admin: (...statements) => run(at('postgres'), statements),
    in: (database, ...statements) => run(at(database, 'keeper'), statements),
    stay: async (database) => {
      const client = new pg.Client({ connectionString: at(database) })
      client.on('error', () => undefined)
      await client.connect()
      return client
    },
    databases: async (prefix) => {
      const [result] = await run(at('postgres'), [
        `select datname, oid::int8::float8 as oid from pg_database where starts_with(datname, '${prefix}')`,
      ])
      return Object.fromEntries((result?.rows ?? []).map((row) => [row.datname, row.oid]))
    },
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
