import type { DatabaseEntry } from '../catalog/schema.ts'
import { isFit, ordinary, restorePointsOf } from '../operations/restoring/points.ts'
import type { Services } from '../operations/services.ts'
import { lastRestores } from '../store/restores.ts'
import type { BackupView, DatabaseView, UnknownWhy } from '../texts/views.ts'
import { part, unknownPart } from './database-part.ts'

/** The newest backup that could be restored, and when a restore of the database was last proved; the server is not asked. */
export async function readBackups(
  services: Services,
  name: string,
  entry: DatabaseEntry,
  limits: { readonly signal: AbortSignal; readonly ms: number },
): Promise<Pick<DatabaseView, 'backup' | 'proven'>> {
  const [backup, proven] = await Promise.all([
    entry.backups === undefined
      ? ('none_named' as const)
      : part<BackupView | undefined>(limits.ms, () => lastBackup(services, name, limits.signal)),
    part(limits.ms, async () => {
      const [last] = await lastRestores(services.db, { database: name })
      return last === undefined ? undefined : { at: last.endedAt.toISOString(), run: last.run }
    }),
  ])
  return { backup, proven }
}

async function lastBackup(
  services: Services,
  name: string,
  signal: AbortSignal,
): Promise<BackupView | undefined | { readonly unknown: UnknownWhy }> {
  const { points, away } = await restorePointsOf(services, name, signal)
  const last = ordinary(points).find(isFit)
  // What lies in a place that cannot be read may be newer.
  if (last === undefined) return away.length > 0 ? unknownPart('away') : undefined
  return { id: last.id, at: last.dataAt, verifiedAt: last.verified?.good === true ? last.verified.at : undefined }
}
