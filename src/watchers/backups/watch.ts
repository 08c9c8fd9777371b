import { restorePointsOf } from '../../operations/restoring/points.ts'
import type { Services } from '../../operations/services.ts'
import { watchedSince } from '../../store/backup-alarms.ts'
import { lastRestores } from '../../store/restores.ts'
import { rest } from '../leader.ts'
import { judgeBackups } from './judge.ts'
import { settleAlarms } from './settle.ts'
import { type Watched, watchedBackups } from './watched.ts'

/** Listing reads the first bytes of the newest backups: cheap, and no reason to do it often. */
const everyMs = 15 * 60_000
/** A place that does not answer is asked once more before anybody is told. */
const againMs = 30_000

/**
 * Looks after the backups, in one replica at a time, and tells when they are too old, unverified, unreadable or none.
 * @param pace for tests
 */
export async function watchBackups(
  services: Services,
  signal: AbortSignal,
  pace: { readonly everyMs: number; readonly againMs: number } = { everyMs, againMs },
): Promise<void> {
  while (!signal.aborted) {
    for (const watched of watchedBackups(services.catalog)) {
      if (signal.aborted) return
      await look(services, watched, signal, pace.againMs).catch((error: unknown) =>
        services.log.warn(
          { database: watched.database, err: error },
          'the backups could not be looked at; the next look tries again',
        ),
      )
    }
    await settleAlarms(services, 'unwatched')
    await rest(pace.everyMs, signal)
  }
}

async function look(
  services: Services,
  { database, limits }: Watched,
  signal: AbortSignal,
  pauseMs: number,
): Promise<void> {
  let listed = await restorePointsOf(services, database, signal)
  if (listed.away.length > 0) {
    await rest(pauseMs, signal)
    listed = await restorePointsOf(services, database, signal)
  }
  if (signal.aborted) return
  const [proven] = await lastRestores(services.db, { database })
  const since = await watchedSince(services.db, database)
  const seen = { points: listed.points, away: listed.away.map(({ place }) => place), provenAt: proven?.endedAt, since }
  const worries = judgeBackups(seen, limits, new Date())
  await settleAlarms(services, { database, worries, page: limits.page })
}
