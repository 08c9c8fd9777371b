import type { Db } from '../../store/db.ts'
import type { Observation } from './types.ts'

/** What the store knows of an app's revisions: how long each was healthy, and which failed. */
export async function observationsOf(_db: Db, _app: string): Promise<readonly Observation[]> {
  return []
}
