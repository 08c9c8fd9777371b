import { ownName } from '../../services/mongodb/names.ts'
import { BadBackup, shown } from '../fault.ts'

/** Longest `database.collection` of any server (manual, "Limits"), in bytes. */
const longestNamespace = 255
/** mongodump brings them from old servers; they are the server's own or hold code, and cannot be swapped by a rename. */
const ofTheServer: ReadonlySet<string> = new Set(['system.js', 'system.profile', 'system.indexes'])
/** Beside collections in dumps of one database, made with --dumpDbUsersAndRoles. */
export const accountNames: ReadonlySet<string> = new Set([
  '$admin.system.users',
  '$admin.system.roles',
  '$admin.system.version',
])
const buckets = 'system.buckets.'

/**
 * Whether a collection may be restored under its name.
 * @param name without the database; of a time series its own, not that of its buckets
 * @returns `leave_out`: the server's, or put beside by this bot while the backup was made
 * @throws BadBackup `name_not_allowed`
 */
export function judgeName(database: string, name: string): 'take' | 'leave_out' {
  const refuse = (why: string): never => {
    throw new BadBackup('name_not_allowed', `a collection called "${shown(name, 60)}" ${why}`)
  }
  if (name === '') refuse('has no name')
  if (name.includes('\0') || name.includes('\uFFFD')) refuse('is no text')
  if (ofTheServer.has(name) || ownName(name) !== undefined) return 'leave_out'
  if (name.startsWith('system.')) refuse('would be one of the server itself')
  if (name.includes('$')) refuse('has a $, which no collection may have')
  if (name.startsWith('.') || name.endsWith('.') || name.includes('..')) refuse('has a dot where none may be')
  if (Buffer.byteLength(`${database}.${name}`) > longestNamespace) refuse('is longer than a server takes')
  return 'take'
}

/** @throws BadBackup `name_not_allowed` for what mongorestore would not take as a database */
export function checkDatabaseName(name: string): void {
  if (name.length === 0 || Buffer.byteLength(name) > 63 || /[/\\. "$*<>:|?\0\uFFFD]/.test(name))
    throw new BadBackup('name_not_allowed', `a database called "${shown(name, 60)}"`)
}

/** `system.buckets.speeds` → `speeds` */
export function withoutBuckets(name: string): string {
  return name.startsWith(buckets) ? name.slice(buckets.length) : name
}

/** Where the documents of a time series are. */
export function bucketsOf(name: string): string {
  return buckets + name
}
