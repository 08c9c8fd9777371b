import { isFit, ordinary } from '../../operations/restoring/points.ts'
import type { AlarmCause } from '../../store/types.ts'

type Point = Parameters<typeof isFit>[0] & { readonly id: string; readonly dataAt: string }

export type Seen = {
  /** Newest data first. */
  readonly points: readonly Point[]
  /** Places that could not be read, also a little later. */
  readonly away: readonly string[]
  /** When a restore of it was last proved. */
  readonly provenAt: Date | undefined
  /** Since when the backups are looked at. */
  readonly since: Date
}

export type Limits = { readonly olderThanHours: number; readonly unverifiedHours: number }
export type Worry = { readonly cause: AlarmCause; readonly detail: Readonly<Record<string, unknown>> }

const hourMs = 3_600_000

/** What is wrong with the backups of a database. The bot's own safety backups are none of them. Pure. */
export function judgeBackups(seen: Seen, limits: Limits, now: Date): readonly Worry[] {
  const { away } = seen
  const own = ordinary(seen.points)
  const fit = own.filter(isFit)
  const newest = fit[0]
  const late = newest === undefined || hoursSince(new Date(newest.dataAt), now) > limits.olderThanHours
  // What lies in a place that cannot be read may be newer: then nothing is said of what is there.
  if (late && away.length > 0) return [{ cause: 'unreadable', detail: { places: away } }]
  if (newest === undefined) return [{ cause: 'none', detail: { unfit: own.length } }]
  const old: Worry = {
    cause: 'too_old',
    detail: { point: newest.id, dataAt: newest.dataAt, limit: limits.olderThanHours },
  }
  const verified = lastVerified(seen, fit)
  const unverified: Worry = {
    cause: 'unverified',
    detail: {
      point: newest.id,
      at: verified?.toISOString(),
      since: seen.since.toISOString(),
      limit: limits.unverifiedHours,
    },
  }
  return [
    ...(late ? [old] : []),
    ...(hoursSince(verified ?? seen.since, now) > limits.unverifiedHours ? [unverified] : []),
  ]
}

/** The last time that a backup was read whole and found good, or that one was restored and proved. */
function lastVerified({ provenAt }: Seen, fit: Seen['points']): Date | undefined {
  const times = fit.flatMap(({ verified }) => (verified?.good === true ? [Date.parse(verified.at)] : []))
  if (provenAt !== undefined) times.push(provenAt.getTime())
  return times.length === 0 ? undefined : new Date(Math.max(...times))
}

const hoursSince = (at: Date, now: Date): number => (now.getTime() - at.getTime()) / hourMs
