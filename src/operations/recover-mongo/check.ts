import type { BackupDeps } from '../../backups/deps.ts'
import type { DatabaseEntry } from '../../catalog/schema.ts'
import { databaseIn } from '../../services/mongodb/address.ts'
import { withMongo } from '../../services/mongodb/client.ts'
import { inUse, listAll, readServer } from '../../services/mongodb/server.ts'
import { type FoundTools, findMongoTools } from '../../services/mongodb/tools.ts'
import type { ToolFolders } from '../../services/postgres/tools.ts'
import { type BackupsCheck, checkBackups } from '../recover-postgres/check.ts'

export type MongoCheck = BackupsCheck & {
  readonly server:
    | { readonly kind: 'answers'; readonly version: string; readonly there: boolean }
    | { readonly kind: 'away'; readonly why: string }
  readonly tools: FoundTools
}

const answerMs = 5_000

/** Everything that a restore of this MongoDB database would need; reads only. */
export async function checkMongo(
  entry: DatabaseEntry,
  deps: Pick<BackupDeps, 'secret' | 'scratch'>,
  folders: ToolFolders,
): Promise<MongoCheck> {
  const url = await deps.secret(entry.url).catch((error: unknown) => failed(error))
  const [backups, server, tools] = await Promise.all([
    checkBackups(entry, deps, url instanceof Error ? undefined : nameIn(url)),
    url instanceof Error ? away(url) : askServer(url),
    findMongoTools(folders),
  ])
  return { ...backups, server, tools }
}

/** MongoDB answers for a database that is not there as for one without collections. */
async function askServer(url: string): Promise<MongoCheck['server']> {
  try {
    return await withMongo(url, { answerMs }, async (connected) => {
      const { version } = await readServer(connected)
      return { kind: 'answers', version, there: inUse(await listAll(connected)).length > 0 }
    })
  } catch (error) {
    return away(failed(error))
  }
}

/** Undefined for an address that cannot be read; the server's line tells it. */
function nameIn(url: string): string | undefined {
  try {
    return databaseIn(url)
  } catch {
    return undefined
  }
}

const away = ({ message }: Error): MongoCheck['server'] => ({ kind: 'away', why: message })
const failed = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
