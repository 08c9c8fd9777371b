import { isSafetyBackup } from '../../backups/safety-name.ts'
import type { RestorePoint } from '../../backups/types.ts'
import type { KeptNote } from '../../services/postgres/kept.ts'

export type Due =
  /** Its time is not over. */
  | { readonly kind: 'early' }
  /** It may be the only place of some rows; `verify` is a newer backup that nobody has read yet. */
  | { readonly kind: 'no_newer_backup'; readonly verify: RestorePoint | undefined }
  /** People are told first, and have some hours. */
  | { readonly kind: 'announce'; readonly dropAt: Date; readonly backup: string }
  | { readonly kind: 'announced' }
  | { readonly kind: 'drop' }

/** Between the word in the channel and the drop. */
const noticeMs = 12 * 3_600_000

/**
 * What is to be done with what a restore has put aside; pure. It goes after its hours and when a newer backup was read whole and is
 * good, never before. What a later restore has put aside is no such backup: that the usual ones are made again is what counts.
 * @param points of the database, newest data first
 */
export function dueOf(note: KeptNote, points: readonly RestorePoint[], announcedAt: Date | undefined, now: Date): Due {
  if (Date.parse(note.dropAfter) > now.getTime()) return { kind: 'early' }
  const newer = points.filter(
    ({ name, dataAt, problem }) =>
      problem === undefined && !isSafetyBackup(name) && Date.parse(dataAt) > Date.parse(note.at),
  )
  const good = newer.find(({ verified }) => verified?.good === true)
  if (good === undefined)
    return { kind: 'no_newer_backup', verify: newer.find(({ verified }) => verified === undefined) }
  if (announcedAt === undefined)
    return { kind: 'announce', dropAt: new Date(now.getTime() + noticeMs), backup: good.id }
  return { kind: now.getTime() - announcedAt.getTime() < noticeMs ? 'announced' : 'drop' }
}
