import { setTimeout as sleep } from 'node:timers/promises'
import type { BackupDeps } from '../../backups/deps.ts'
import { listRestorePoints } from '../../backups/list.ts'
import { isSafetyBackup } from '../../backups/safety-name.ts'
import type { DatabaseEntry } from '../../catalog/schema.ts'
import { addressOf } from '../../services/postgres/address.ts'
import { withClient } from '../../services/postgres/client.ts'
import { type MissingRight, readRights } from '../../services/postgres/live-facts.ts'
import { readSurroundings, versionOf } from '../../services/postgres/surroundings.ts'
import { findTools } from '../../services/postgres/tools.ts'

export type BackupsCheck = {
  readonly places: number
  readonly away: readonly { readonly place: string; readonly detail: string }[]
  /** When the newest fit backup was begun, ISO 8601. */
  readonly newest: string | undefined
}

export type DatabaseCheck = BackupsCheck & {
  readonly server:
    | { readonly kind: 'answers'; readonly version: string; readonly there: boolean }
    | { readonly kind: 'away'; readonly why: string }
  readonly rights:
    | { readonly user: string; readonly superuser: boolean; readonly missing: readonly MissingRight[] }
    | undefined
  /** `older`: they cannot dump or restore this server. */
  readonly tools: { readonly folder: string; readonly version: string; readonly older: boolean } | undefined
}

/** A volume that hangs, or one with very many files. */
const listMs = 10_000

/** Everything that a restore of this database would need; reads only. */
export async function checkDatabase(
  entry: DatabaseEntry,
  deps: Pick<BackupDeps, 'secret' | 'scratch' | 'postgresTools'>,
): Promise<DatabaseCheck> {
  const common = await checkBackups(entry, deps, await nameOf(entry, deps))
  try {
    const url = await deps.secret(entry.url)
    const opening = { database: entry.restore.maintenanceDatabase, statementMs: 5_000 }
    return await withClient(url, opening, async (client) => {
      const number = await versionOf(client)
      const surroundings = await readSurroundings(client, addressOf(url).database)
      const major = Math.floor(number / 10_000)
      const tools = await findTools(major, deps.postgresTools)
      return {
        ...common,
        server: { kind: 'answers', version: `${major}.${number % 10_000}`, there: surroundings !== undefined },
        rights: await readRights(client, surroundings?.owner),
        tools:
          tools === undefined
            ? undefined
            : { folder: tools.folder, version: tools.version, older: tools.major < major },
      }
    })
  } catch (error) {
    const tools = await findTools(undefined, deps.postgresTools)
    return {
      ...common,
      server: { kind: 'away', why: error instanceof Error ? error.message : String(error) },
      rights: undefined,
      tools: tools === undefined ? undefined : { folder: tools.folder, version: tools.version, older: false },
    }
  }
}

/**
 * Whether the places of a database of either engine can be read, and what the newest backup there is.
 * @param name on its server; undefined: its address cannot be read, and the backups can be listed all the same
 */
export async function checkBackups(
  entry: DatabaseEntry,
  deps: Pick<BackupDeps, 'secret' | 'scratch'>,
  name: string | undefined,
): Promise<BackupsCheck> {
  const places = Object.keys(entry.backups?.places ?? {})
  const listed = listRestorePoints(entry, deps, name === undefined ? {} : { database: name })
  listed.catch(() => undefined)
  const late = sleep(listMs, undefined, { ref: false })
  const backups = (await Promise.race([listed, late])) ?? {
    points: [],
    away: [{ place: places.join(', '), detail: `no answer within ${listMs / 1000} s` }],
  }
  const newest = backups.points.find(({ problem, name }) => problem === undefined && !isSafetyBackup(name))
  return { places: places.length, away: backups.away, newest: newest?.dataAt }
}

/** Without its address the backups can still be listed. */
async function nameOf(entry: DatabaseEntry, deps: Pick<BackupDeps, 'secret'>): Promise<string | undefined> {
  return deps.secret(entry.url).then(
    (url) => addressOf(url).database,
    () => undefined,
  )
}
