import type { BackupDeps, MongoKind, OpenedPoint } from '../../backups/deps.ts'
import { BadBackup, NotJudged } from '../../backups/fault.ts'
import { findRestorePoint, listRestorePoints } from '../../backups/list.ts'
import { gateMongo } from '../../backups/mongo/gate.ts'
import type { MongoLiveFacts, MongoVerdict } from '../../backups/mongo/types.ts'
import { openMongoPoint } from '../../backups/open.ts'
import { lastingReasons, type RestorePoint } from '../../backups/types.ts'
import { withMongo } from '../../services/mongodb/client.ts'
import { readServer } from '../../services/mongodb/server.ts'
import { findMongoTools } from '../../services/mongodb/tools.ts'
import { findBackupVerdict, rememberBackupVerdict } from '../../store/backup-verdicts.ts'
import { databaseOf } from '../recover-postgres/place.ts'
import type { Services } from '../services.ts'
import type { Report } from '../types.ts'
import { placeOf } from './place.ts'
import type { Judged, RecoverMongoPlan, Refused } from './types.ts'

export function depsOf(services: Services, database: string, signal?: AbortSignal): BackupDeps {
  const { backups } = databaseOf(services.catalog, database)
  return {
    secret: services.secret,
    scratch: services.scratch,
    timeZone: backups?.timeZone ?? services.catalog.timeZone,
    verified: (point) => findBackupVerdict(services.db, point),
    ...(signal === undefined ? {} : { signal }),
  }
}

/** What can be chosen from, newest data first; a place that is away is logged and left out. */
export async function pointsOf(services: Services, database: string): Promise<readonly RestorePoint[]> {
  const { entry, name } = await placeOf(services, database)
  const { points, away } = await listRestorePoints(entry, depsOf(services, database), { database: name })
  for (const place of away) services.log.warn({ database, ...place }, 'a place of backups cannot be read')
  return points
}

/** The backup of the plan as a local file. @throws BadBackup when it is not the one that was planned any more */
export async function openBackup(
  services: Services,
  plan: RecoverMongoPlan,
  signal: AbortSignal,
): Promise<OpenedPoint<MongoKind>> {
  const { entry, name } = await placeOf(services, plan.database)
  const deps = depsOf(services, plan.database, signal)
  const found = plan.point === undefined ? undefined : await findRestorePoint(plan.point.id, entry, deps, name)
  if (found === undefined) throw new BadBackup('changed_while_read', 'it is gone')
  return openMongoPoint(found, entry, deps)
}

/** Reads the backup from its first to its last byte and holds it against this server; nothing is restored. */
export async function judgeBackup(
  services: Services,
  plan: RecoverMongoPlan,
  signal: AbortSignal,
  report: Report,
): Promise<Judged> {
  try {
    const opened = await openBackup(services, plan, signal)
    try {
      await report({ bytes: opened.point.sizeBytes })
      const { backups } = databaseOf(services.catalog, plan.database)
      if (backups === undefined) return notJudged('place_away', 'the catalog names no place of backups')
      const live = await liveFactsOf(services, plan.database)
      const deps = depsOf(services, plan.database, signal)
      const verdict = await gateMongo(opened, backups, live, deps, { onProgress: sometimes(report) })
      await remember(services, opened.point, verdict)
      return judged(verdict, opened.point)
    } finally {
      await opened.close()
    }
  } catch (error) {
    return unreadable(error)
  }
}

function sometimes(report: Report): (bytes: number) => void {
  let told = Date.now()
  return (bytes) => {
    if (Date.now() - told < 1_000) return
    told = Date.now()
    void report({ bytes }).catch(() => undefined)
  }
}

/** What opening or reading a backup threw, as a reason. @throws what says nothing of the backup */
export function unreadable(error: unknown): Refused {
  if (error instanceof BadBackup) return bad(error.reason, error.message)
  if (error instanceof NotJudged && error.reason === 'stopped')
    return { kind: 'refused', reason: 'cancelled', detail: {} }
  if (error instanceof NotJudged) return notJudged(error.reason, error.message)
  throw error
}

/** For the next list: what lies in the bytes, or in them and their sidecar; not what the catalog or the server say to them. */
async function remember({ db }: Services, point: RestorePoint, verdict: MongoVerdict): Promise<void> {
  if (verdict.kind === 'good') await rememberBackupVerdict(db, point, { good: true, sha256: verdict.sha256 })
  if (verdict.kind === 'bad' && lastingReasons.has(verdict.reason))
    await rememberBackupVerdict(db, point, { good: false, reason: verdict.reason })
  if (verdict.kind === 'bad' && verdict.reason === 'checksum_mismatch' && point.sha256 !== undefined)
    await rememberBackupVerdict(db, point, { good: false, reason: verdict.reason }, point.sha256)
}

function judged(verdict: MongoVerdict, point: RestorePoint): Judged {
  switch (verdict.kind) {
    case 'good': {
      const { contents, sha256, warnings } = verdict
      return { kind: 'good', contents, sha256, identity: point.identity, warnings }
    }
    case 'bad':
      return bad(verdict.reason, verdict.detail)
    case 'blocked':
      return { kind: 'refused', reason: 'blocked', detail: { point: point.id, blocks: verdict.blocks } }
    case 'unknown':
      return notJudged(verdict.reason, verdict.detail)
  }
}

const bad = (why: string, says: string): Refused => ({ kind: 'refused', reason: 'bad_backup', detail: { why, says } })
const notJudged = (why: string, says: string): Refused => ({
  kind: 'refused',
  reason: 'not_judged',
  detail: { why, says },
})

export async function liveFactsOf(services: Services, database: string): Promise<MongoLiveFacts> {
  const { url, name } = await placeOf(services, database)
  const found = await findMongoTools(services.mongoTools)
  return withMongo(url, { answerMs: 15_000 }, async (connected) => ({
    database: name,
    serverVersion: (await readServer(connected)).version,
    ...(found.kind === 'found' ? { toolVersion: found.tools.version } : {}),
    // Only an administrator may ask the server for its disk; what is not known is said.
    freeBytes: undefined,
  }))
}
