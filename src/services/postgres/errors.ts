export type DatabaseReason =
  | 'database_away'
  | 'database_gone'
  | 'database_denied'
  | 'right_missing'
  | 'disk_full'
  | 'database_busy'
  | 'database_refused'

/** What PostgreSQL or the way to it said, with a reason word. The message is the server's own and holds no password. */
export class DatabaseError extends Error {
  readonly reason: DatabaseReason
  /** SQLSTATE, or the system's word (ECONNREFUSED). Not named `code`: it must not be taken for an error of the bot's own store. */
  readonly state: string
  constructor(reason: DatabaseReason, code: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'DatabaseError'
    this.reason = reason
    this.state = code
  }
}

/** PostgreSQL's SQLSTATE or the system's code; empty for anything else. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Sessions, prepared transactions or replication hold the database: "is being accessed by other users". */
const inUse = '55006'

const reasons: Readonly<Record<string, DatabaseReason>> = {
  '3D000': 'database_gone',
  '28P01': 'database_denied',
  '28000': 'database_denied',
  '42501': 'right_missing',
  '53100': 'disk_full',
  [inUse]: 'database_busy',
}

/** Any error of a client as one of ours; an error that is no client's comes back as it is. */
export function databaseError(error: unknown): unknown {
  if (error instanceof DatabaseError || !(error instanceof Error)) return error
  const code = codeOf(error)
  const full = /No space left on device/i.test(error.message) ? 'disk_full' : undefined
  const reason = reasons[code] ?? full ?? (isAway(error, code) ? 'database_away' : undefined)
  if (reason !== undefined) return new DatabaseError(reason, code, error.message, error)
  return /^[0-9A-Z]{5}$/.test(code) ? new DatabaseError('database_refused', code, error.message, error) : error
}

function isAway(error: Error, code: string): boolean {
  return (
    /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENETUN|EPIPE|57P0|08)/.test(code) ||
    /connection terminated|timeout expired|client was closed|not queryable/i.test(error.message)
  )
}
