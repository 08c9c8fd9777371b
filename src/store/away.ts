/** The SQLSTATE or the system's code of an error; undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/**
 * The store cannot be reached: down, restarting, out of connections. Nothing of the statement was done, or, for a commit
 * whose answer was lost, nobody knows.
 */
export class StoreAwayError extends Error {
  readonly reason = 'store_away'
  constructor(cause: unknown) {
    super('the store cannot be reached', { cause })
    this.name = 'StoreAwayError'
  }
}

/** Also true for one that came back from a replay, without its class. */
export function isStoreAway(error: unknown): boolean {
  return error instanceof Error && error.name === 'StoreAwayError'
}

const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])

/**
 * Whether PostgreSQL could not be reached, rather than refused a statement. SQLSTATE classes 08 and 57P, 53300:
 * https://www.postgresql.org/docs/15/errcodes-appendix.html
 */
export function isConnectionError(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isConnectionError)
  const code = codeOf(error)
  if (code !== undefined) return awayCodes.has(code) || /^(08|57P0|53300)/.test(code)
  // pg gives these no code.
  return error instanceof Error && pgLost.test(error.message)
}
const pgLost =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|not queryable/

function asStoreError(error: unknown): unknown {
  return isConnectionError(error) ? new StoreAwayError(error) : error
}

/** Gives connection errors of `work` their name. */
export async function reachable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw asStoreError(error)
  }
}
