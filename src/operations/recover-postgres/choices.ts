import type { RestorePoint } from '../../backups/types.ts'
import type { Services } from '../services.ts'
import { pointsOf } from './backup.ts'
import { databaseOf } from './place.ts'
import type { AppMode } from './types.ts'

export type Choices = {
  /** Those that can be chosen, newest data first. */
  readonly points: readonly RestorePoint[]
  /** How many lie there that can never be restored here. */
  readonly unfit: number
  readonly apps: AppMode
}

/** What a form offers for a database: never what would be refused at sight. */
export async function readRestorePoints(services: Services, database: string): Promise<Choices> {
  const all = await pointsOf(services, database)
  const points = all.filter((point) => point.problem === undefined && point.verified?.good !== false)
  return { points, unfit: all.length - points.length, apps: databaseOf(services.catalog, database).restore.apps }
}
