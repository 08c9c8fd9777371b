import type { BackupPlace, BackupsEntry } from '../../catalog/schema.ts'
import type { BackupDeps } from '../deps.ts'
import { NotJudged } from '../fault.ts'
import { folderPlace } from './folder.ts'
import { bucketPlace } from './s3.ts'
import type { Place } from './types.ts'

export function placeOf(place: BackupPlace, deps: Pick<BackupDeps, 'secret' | 'signal'>): Place {
  return place.kind === 'folder' ? folderPlace(place.path) : bucketPlace(place, deps)
}

/** @throws NotJudged `place_away` where the catalog has no place of that name */
export function placeNamed(backups: BackupsEntry | undefined, name: string, deps: BackupDeps): Place {
  const place = backups?.places[name]
  if (place === undefined) throw new NotJudged('place_away', `the catalog has no place called "${name}"`)
  return placeOf(place, deps)
}
