import { connect } from 'node:net'
import pg from 'pg'
import type { DatabaseEntry } from '../catalog/schema.ts'
import type { Services } from '../operations/services.ts'
import type { ComponentView } from '../texts/views.ts'
import { readDepth } from './database-depth.ts'
import { unknown } from './unknown.ts'

/** Reachable or not: PostgreSQL is asked for `select 1`, MongoDB's port is opened. Never shows the address's password. */
export async function readDatabase(
  services: Services,
  name: string,
  entry: DatabaseEntry,
  signal: AbortSignal,
  deep = false,
): Promise<ComponentView> {
  const named = { kind: 'database', name, where: entry.engine } as const
  const started = Date.now()
  const answer = (state: 'healthy' | 'down', detail: string): ComponentView => ({
    ...unknown(named, '', undefined),
    state,
    reason: state === 'healthy' ? undefined : 'unreachable',
    detail,
    health: [{ name: entry.engine, ok: state === 'healthy', detail, ms: Date.now() - started }],
  })
  const url = await services
    .secret(entry.url)
    .catch((error: unknown) => (error instanceof Error ? error : new Error('secret')))
  if (url instanceof Error) return unknown(named, 'secret_missing', url.message)
  const problem = await (entry.engine === 'postgres' ? askPostgres(url, signal) : openPort(url, signal))
  if (problem !== undefined) return answer('down', problem)
  const healthy = answer('healthy', `${Date.now() - started} ms`)
  if (!deep || entry.engine !== 'postgres') return healthy
  const database = await readDepth(services, name, entry, url, signal).catch(() => undefined)
  return database === undefined ? healthy : { ...healthy, database }
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
    return codeOf(error)
  } finally {
    end()
  }
}

async function openPort(url: string, signal: AbortSignal): Promise<string | undefined> {
  const address = URL.parse(url)
  if (address === null) return 'the address cannot be read'
  return new Promise((resolve) => {
    const socket = connect({ host: address.hostname, port: Number(address.port || 27017), signal })
    const done = (problem: string | undefined) => {
      socket.destroy()
      resolve(problem)
    }
    socket.once('connect', () => done(undefined)).once('error', (error) => done(codeOf(error)))
  })
}

/** The code (ECONNREFUSED, 28P01, ...) rather than the text, which may hold the address. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no answer'
}
