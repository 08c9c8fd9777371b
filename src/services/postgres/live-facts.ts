import { type Client, withClient } from './client.ts'
import { DatabaseError } from './errors.ts'
import { listTables, nameOf } from './tables.ts'

export type LiveState =
  /** It answers. */
  | { readonly kind: 'there'; readonly tables: readonly string[]; readonly bytes: number }
  | { readonly kind: 'gone' }
  /** The server has it, and it cannot be read: the sentence says why. */
  | { readonly kind: 'unreadable'; readonly why: string }

const statementMs = 20_000

/** @throws DatabaseError when the server itself is away */
export async function readLive(url: string, database: string): Promise<LiveState> {
  try {
    return await withClient(url, { database, statementMs }, async (client) => {
      const tables = await listTables(client)
      return { kind: 'there', tables: tables.map(nameOf), bytes: await sizeOf(client, database) }
    })
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    if (error.reason === 'database_gone') return { kind: 'gone' }
    if (error.reason === 'database_denied') throw error
    return { kind: 'unreadable', why: error.message.slice(0, 300) }
  }
}

export async function sizeOf(client: Client, database: string): Promise<number> {
  const { rows } = await client.query<{ size: string }>('select pg_database_size($1) as size', [database])
  return Number(rows[0]?.size ?? 0)
}

export type ServerFacts = {
  readonly roles: readonly string[]
  readonly extensions: readonly string[]
  readonly tablespaces: readonly string[]
  readonly preparedTransactions: readonly string[]
  readonly replication: readonly string[]
  readonly inactiveSlots: readonly string[]
  readonly timeZone: string
}

/** What a backup may ask of the server, and what would keep the database from being renamed. */
export async function readServer(client: Client, database: string): Promise<ServerFacts> {
  const list = async (sql: string, values: readonly string[] = []) =>
    (await client.query<{ name: string }>(sql, [...values])).rows.map(({ name }) => name)
  const timeZone = await list('select current_setting($1) as name', ['TimeZone'])
  return {
    roles: await list('select rolname as name from pg_roles'),
    extensions: await list('select name from pg_available_extensions'),
    tablespaces: await list('select spcname as name from pg_tablespace'),
    preparedTransactions: await list('select gid as name from pg_prepared_xacts where database = $1', [database]),
    replication: await list(
      `select coalesce(nullif(application_name, ''), backend_type) as name from pg_stat_activity
       where datname = $1 and backend_type in ('walsender', 'logical replication worker')`,
      [database],
    ),
    inactiveSlots: await list('select slot_name as name from pg_replication_slots where database = $1 and not active', [
      database,
    ]),
    timeZone: timeZone[0] ?? 'UTC',
  }
}

/** A right that the account lacks, with the statement that gives it. */
export type MissingRight = { readonly right: string; readonly grant: string }

/**
 * What a restore needs without being a superuser: to own the database, CREATEDB, and pg_signal_backend.
 * @param owner undefined when the database is gone: then the account itself becomes the owner
 */
export async function readRights(
  client: Client,
  owner: string | undefined,
): Promise<{ readonly user: string; readonly superuser: boolean; readonly missing: readonly MissingRight[] }> {
  const { rows } = await client.query<{
    me: string
    super: boolean
    createdb: boolean
    signal: boolean
    owns: boolean
  }>(
    `select current_user as me, r.rolsuper as super, r.rolcreatedb as createdb,
       pg_has_role('pg_signal_backend', 'usage') as signal,
       case when $1::text is null then true else pg_has_role($1, 'usage') end as owns
     from pg_roles r where r.rolname = current_user`,
    [owner ?? null],
  )
  const row = rows[0]
  const me = row?.me ?? ''
  const missing: MissingRight[] = []
  if (row?.owns !== true)
    missing.push({ right: `member of ${owner ?? ''}`, grant: `GRANT "${owner ?? ''}" TO "${me}"` })
  if (row?.createdb !== true) missing.push({ right: 'CREATEDB', grant: `ALTER ROLE "${me}" CREATEDB` })
  if (row?.signal !== true) missing.push({ right: 'pg_signal_backend', grant: `GRANT pg_signal_backend TO "${me}"` })
  return { user: me, superuser: row?.super === true, missing }
}
