import type { DatabaseEntry } from '../catalog/schema.ts'
import type { Services } from '../operations/services.ts'
import type { DatabaseNumbers, DatabaseView, UnknownWhy } from '../texts/views.ts'
import { readBackups } from './database-backups.ts'
import { readMongo } from './database-mongo.ts'
import { unknownPart } from './database-part.ts'
import { readPostgres } from './database-postgres.ts'

/** Every part of a look in depth gets this long; what is not there by then is told as unknown. */
const partMs = 2_200

/**
 * Numbers of a database, its last backup, and when a restore of it was last proved. Of one that does not answer the backups are
 * told all the same: that is when people ask for them.
 * @param url undefined: the server does not answer
 */
export async function readDepth(
  services: Services,
  name: string,
  entry: DatabaseEntry,
  url: string | undefined,
  signal: AbortSignal,
): Promise<DatabaseView> {
  const read = entry.engine === 'postgres' ? readPostgres : readMongo
  const [numbers, backups] = await Promise.all([
    url === undefined ? noNumbers('away') : read(url, signal, partMs).catch(() => noNumbers('away')),
    readBackups(services, name, entry, { signal, ms: partMs }),
  ])
  return { engine: entry.engine, ...numbers, ...backups }
}

function noNumbers(why: UnknownWhy): DatabaseNumbers {
  const none = unknownPart(why)
  return { size: none, connections: none, longestSeconds: none, lagSeconds: none, disk: none, kept: none }
}
