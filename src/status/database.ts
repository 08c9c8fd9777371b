import pg from 'pg'
import type { DatabaseEntry } from '../catalog/schema.ts'
import type { Services } from '../operations/services.ts'
import { codeOf } from '../services/postgres/errors.ts'
import type { ComponentView, DatabaseView } from '../texts/views.ts'
import { readChecks } from './database-checks.ts'
import { readDepth } from './database-depth.ts'
import { openPort } from './mongo-port.ts'
import { unknown } from './unknown.ts'

/** For all the catalog's checks of one database. */
const checksMs = 2_200

/**
 * Reachable or not: PostgreSQL is asked for `select 1`, MongoDB's port is opened; in depth also what its server, the catalog's
 * checks and the backups tell. Never shows the address's password.
 */
export async function readDatabase(
  services: Services,
  name: string,
  entry: DatabaseEntry,
  signal: AbortSignal,
  deep = false,
): Promise<ComponentView> {
  const named = { kind: 'database', name, where: entry.engine } as const
  const started = Date.now()
  const url = await services
    .secret(entry.url)
    .catch((error: unknown) => (error instanceof Error ? error : new Error('secret')))
  if (url instanceof Error) return unknown(named, 'secret_missing', url.message)
  const problem = await (entry.engine === 'postgres' ? askPostgres(url, signal) : openPort(url, signal))
  const ms = Date.now() - started
  const there = problem === undefined ? url : undefined
  const [database, checked] = deep
    ? await Promise.all([
        readDepth(services, name, entry, there, signal),
        there === undefined ? undefined : readChecks(entry, there, signal, checksMs),
      ])
    : []
  const reason = problem === undefined ? emptiness(database) : (reasons[problem] ?? 'unreachable')
  const detail = problem ?? `${ms} ms`
  return {
    ...unknown(named, reason ?? '', detail),
    state: reason === undefined ? 'healthy' : 'down',
    reason,
    ...(reason === undefined ? checked : {}),
    health: [{ name: entry.engine, ok: problem === undefined, detail, ms }],
    ...(database === undefined ? {} : { database }),
  }
}

/** PostgreSQL's codes: invalid_catalog_name, invalid_password, invalid_authorization, too_many_connections, cannot_connect_now. */
const reasons: Readonly<Record<string, string>> = {
  '3D000': 'database_gone',
  '28P01': 'account_refused',
  '28000': 'account_refused',
  '53300': 'too_many_connections',
  '57P03': 'starting_up',
}

/** MongoDB answers for a database that is not there as for one without collections. */
function emptiness(database: DatabaseView | undefined): string | undefined {
  if (database?.engine !== 'mongodb' || 'unknown' in database.size) return undefined
  return database.size.value.things === 0 ? 'database_gone' : undefined
}

async function askPostgres(url: string, signal: AbortSignal): Promise<string | undefined> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 1_200,
    query_timeout: 1_200,
    application_name: 'rescue status',
  })
  // Without a listener a backend that dies would end the process.
  client.on('error', () => undefined)
  const end = () => void client.end().catch(() => undefined)
  signal.addEventListener('abort', end, { once: true })
  try {
    await client.connect()
    await client.query('select 1')
    return undefined
  } catch (error) {
    // The code (ECONNREFUSED, 28P01, ...) rather than the text, which may hold the address.
    return codeOf(error) || 'no answer'
  } finally {
    end()
  }
}
