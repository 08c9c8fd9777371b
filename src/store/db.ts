import pg from 'pg'
import type { Logger } from 'pino'
import { codeOf, reachable } from './away.ts'

/** What a store function needs: the pool, or a transaction under way. */
export type Sql = {
  query<Row extends pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: Row[]; readonly rowCount: number | null }>
}

/** A transaction under way; it ends with the function that got it. */
export type Tx = Sql & { readonly kind: 'tx' }

/** The store. Built once, handed down, never a global. */
export type Db = Sql & {
  readonly kind: 'db'
  readonly url: string
  readonly schema: string
  readonly log: Logger
  /** A connection of its own, for session locks and LISTEN; the caller ends it. */
  connect(extra?: pg.ClientConfig): Promise<pg.Client>
  /** A connection of the pool; the caller releases it. */
  checkOut(): Promise<pg.PoolClient>
  close(): Promise<void>
}

export type DbOptions = {
  readonly log: Logger
  /** Connections at most. */
  readonly max?: number
  /** Where the tables live; tests give each its own. */
  readonly schema?: string
}

const connectMs = 2_000
const statementMs = 15_000

/** Opens a pool; connects at the first query. Does not migrate: see `migrate`. */
export function openDb(url: string, options: DbOptions): Db {
  const schema = options.schema ?? 'rescue'
  const settings: pg.ClientConfig = {
    connectionString: url,
    application_name: 'rescue',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    options: `-c search_path=${schema} -c statement_timeout=${statementMs} -c idle_in_transaction_session_timeout=60000`,
  }
  const pool = new pg.Pool({ ...settings, max: options.max ?? 8, idleTimeoutMillis: 30_000 })
  // Without a listener a backend that dies while idle would end the process.
  pool.on('error', (error) => options.log.warn({ err: error }, 'an idle connection to the store was lost'))
  return {
    kind: 'db',
    url,
    schema,
    log: options.log,
    query: (text, values) => reachable(pool.query(text, values === undefined ? [] : [...values])),
    checkOut: () => reachable(pool.connect()),
    close: () => pool.end(),
    async connect(extra = {}) {
      const client = new pg.Client({ ...settings, options: `-c search_path=${schema}`, ...extra })
      client.on('error', () => undefined)
      await client.connect()
      return client
    },
  }
}

/** How often a transaction is tried again when PostgreSQL chose it to break a deadlock. */
const tries = 4

/**
 * Runs `body` in one transaction; given a transaction, joins it. Deadlocks and serialization failures are tried again,
 * so `body` must do nothing but SQL.
 */
export async function transaction<T>(db: Db | Tx, body: (tx: Tx) => Promise<T>): Promise<T> {
  if (db.kind === 'tx') return body(db)
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(db, body)
    } catch (error) {
      if (attempt === tries || !isConflict(error)) throw error
    }
  }
}

async function once<T>(db: Db, body: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await db.checkOut()
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    await reachable(client.query('begin'))
    const result = await body({
      kind: 'tx',
      query: (text, values) => reachable(client.query(text, values === undefined ? [] : [...values])),
    })
    await reachable(client.query('commit'))
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

function isConflict(error: unknown): boolean {
  return ['40P01', '40001'].includes(codeOf(error) ?? '')
}
