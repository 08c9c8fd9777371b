import pg from 'pg'
import { addressOf, urlOfDatabase } from './address.ts'
import { databaseError } from './errors.ts'

export type Client = pg.Client

export type Opening = {
  /** Another database of the same server. */
  readonly database?: string
  /** Limit of one statement in ms; the server ends it. 0: none. */
  readonly statementMs?: number
  readonly signal?: AbortSignal
}

const connectMs = 5_000
const wasCancelled = 'the work was cancelled'

/**
 * A connection for the time of `body`.
 * @throws DatabaseError with a reason: away, gone, denied, right_missing, ...
 */
export async function withClient<T>(url: string, opening: Opening, body: (client: Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: urlOfDatabase(url, opening.database ?? addressOf(url).database),
    connectionTimeoutMillis: connectMs,
    application_name: 'rescue',
    ...(opening.statementMs === undefined ? {} : { statement_timeout: opening.statementMs }),
  })
  // Without a listener a backend that dies would end the process.
  client.on('error', () => undefined)
  // A client that is ended while it connects never settles its promise, so the wait itself is ended too.
  const cancelled = Promise.withResolvers<never>()
  cancelled.promise.catch(() => undefined)
  const cut = () => {
    client.end().catch(() => undefined)
    cancelled.reject(new Error(wasCancelled))
  }
  opening.signal?.addEventListener('abort', cut, { once: true })
  try {
    if (opening.signal?.aborted === true) throw new Error(wasCancelled)
    return await Promise.race([cancelled.promise, client.connect().then(() => body(client))])
  } catch (error) {
    throw databaseError(error)
  } finally {
    opening.signal?.removeEventListener('abort', cut)
    await client.end().catch(() => undefined)
  }
}

/** `"schema"."table"` */
export function qualified(schema: string, name: string): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`
}

export const identifier = (name: string): string => pg.escapeIdentifier(name)
export const literal = (text: string): string => pg.escapeLiteral(text)
