import { DatabaseError, type DatabaseReason } from '../postgres/errors.ts'

/** Codes of MongoDB's error_codes.yml. */
const reasons: Readonly<Record<number, DatabaseReason>> = {
  13: 'right_missing',
  18: 'database_denied',
  8000: 'database_denied',
  14031: 'disk_full',
}

/** The code that the server gave; undefined for what did not come from it. */
export function serverCode(error: unknown): number | undefined {
  const from = error instanceof DatabaseError ? error.cause : error
  return from instanceof Error && 'code' in from && typeof from.code === 'number' ? from.code : undefined
}

/** `target namespace exists` */
export const nameTaken = 48
/** `Source collection … does not exist` */
export const nameGone = 26

/** Any error of the driver as one of ours; an error that is no driver's comes back as it is. */
export function mongoError(error: unknown): unknown {
  if (error instanceof DatabaseError || !(error instanceof Error) || !error.name.startsWith('Mongo')) return error
  const code = serverCode(error)
  // Its message may quote the address, and with it the password.
  if (/^Mongo(Parse|InvalidArgument|APIError)/.test(error.name))
    return new DatabaseError('database_refused', error.name, 'the address or a setting of the database is not accepted')
  const state = code === undefined ? error.name : String(code)
  if (isAway(error)) return new DatabaseError('database_away', state, shown(error.message), error)
  return new DatabaseError(reasons[code ?? -1] ?? 'database_refused', state, shown(error.message), error)
}

function isAway(error: Error): boolean {
  return /^Mongo(Network|ServerSelection|NetworkTimeout|NotConnected|TopologyClosed|ClientClosed|PoolCleared|PoolClosed|ExpiredSession|OperationTimeout|ServerClosed|ConnectionPool)/.test(
    error.name,
  )
}

/** The server quotes values of documents in some messages: these are nobody's business. */
const shown = (message: string): string => message.replace(/dup key: .*$/s, 'dup key').slice(0, 300)
