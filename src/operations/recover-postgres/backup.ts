import type { BackupDeps, OpenedPoint } from '../../backups/deps.ts'
import { BadBackup, NotJudged } from '../../backups/fault.ts'
import { gate } from '../../backups/gate.ts'
import { findRestorePoint, listRestorePoints } from '../../backups/list.ts'
import { openPoint } from '../../backups/open.ts'
import { type LiveFacts, lastingReasons, type RestorePoint, type Verdict } from '../../backups/types.ts'
import { withClient } from '../../services/postgres/client.ts'
import { readLive, readServer } from '../../services/postgres/live-facts.ts'
import { readSurroundings, versionOf } from '../../services/postgres/surroundings.ts'
import { findBackupVerdict, rememberBackupVerdict } from '../../store/backup-verdicts.ts'
import type { Services } from '../services.ts'
import type { Report } from '../types.ts'
import { databaseOf, placeOf } from './place.ts'
import type { Judged, RecoverPlan } from './types.ts'

export function depsOf(services: Services, database: string, signal?: AbortSignal): BackupDeps {
  const { backups } = databaseOf(services.catalog, database)
  return {
    secret: services.secret,
    scratch: services.scratch,
    ...(services.postgresTools === undefined ? {} : { postgresTools: services.postgresTools }),
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

type Wanted = Pick<RecoverPlan, 'database' | 'point'>

/** The backup of the plan as a local file. @throws BadBackup when it is not the one that was planned any more */
export async function openBackup(services: Services, plan: Wanted, signal: AbortSignal): Promise<OpenedPoint> {
  const { entry, name } = await placeOf(services, plan.database)
  const deps = depsOf(services, plan.database, signal)
  const found = plan.point === undefined ? undefined : await findRestorePoint(plan.point.id, entry, deps, name)
  if (found === undefined) throw new BadBackup('changed_while_read', 'it is gone')
  return openPoint(found, entry, deps)
}

/** Reads the backup from its first to its last byte and holds it against this server; nothing is restored. */
export async function judgeBackup(
  services: Services,
  plan: Wanted,
  signal: AbortSignal,
  report: Report,
): Promise<Judged> {
  try {
    const opened = await openBackup(services, plan, signal)
    try {
      await report({ bytes: opened.point.sizeBytes })
      const { backups } = databaseOf(services.catalog, plan.database)
      if (backups === undefined) return notJudged('place_away', 'the catalog names no place of backups')
      const live = await liveFactsOf(services, plan)
      const verdict = await gate(opened, backups, live, depsOf(services, plan.database, signal))
      await remember(services, opened.point, verdict)
      return judged(verdict, opened.point, Math.floor(live.serverVersion / 10_000))
    } finally {
      await opened.close()
    }
  } catch (error) {
    if (error instanceof BadBackup) return bad(error.reason, error.message)
    if (error instanceof NotJudged && error.reason === 'stopped')
      return { kind: 'refused', reason: 'cancelled', detail: {} }
    if (error instanceof NotJudged) return notJudged(error.reason, error.message)
    throw error
  }
}

/** For the next list: what lies in the bytes, or in them and their sidecar; not what the catalog or the server say to them. */
async function remember({ db }: Services, point: RestorePoint, verdict: Verdict): Promise<void> {
  if (verdict.kind === 'good') await rememberBackupVerdict(db, point, { good: true, sha256: verdict.sha256 })
  if (verdict.kind === 'bad' && lastingReasons.has(verdict.reason))
    await rememberBackupVerdict(db, point, { good: false, reason: verdict.reason })
  if (verdict.kind === 'bad' && verdict.reason === 'checksum_mismatch' && point.sha256 !== undefined)
    await rememberBackupVerdict(db, point, { good: false, reason: verdict.reason }, point.sha256)
}

function judged(verdict: Verdict, point: RestorePoint, serverMajor: number): Judged {
  switch (verdict.kind) {
    case 'good':
      return {
        kind: 'good',
        contents: verdict.contents,
        sha256: verdict.sha256,
        identity: point.identity,
        serverMajor,
        warnings: verdict.warnings,
      }
    case 'bad':
      return bad(verdict.reason, verdict.detail)
    case 'blocked':
      return { kind: 'refused', reason: 'blocked', detail: { point: point.id, blocks: verdict.blocks } }
    case 'unknown':
      return notJudged(verdict.reason, verdict.detail)
  }
}

const bad = (why: string, says: string): Judged => ({ kind: 'refused', reason: 'bad_backup', detail: { why, says } })
const notJudged = (why: string, says: string): Judged => ({
  kind: 'refused',
  reason: 'not_judged',
  detail: { why, says },
})

export async function liveFactsOf(services: Services, plan: Pick<RecoverPlan, 'database'>): Promise<LiveFacts> {
  const { url, name, maintenance } = await placeOf(services, plan.database)
  const live = await readLive(url, name)
  return withClient(url, { database: maintenance, statementMs: 15_000 }, async (client) => {
    const server = await readServer(client, name)
    const surroundings = await readSurroundings(client, name)
    return {
      database: name,
      serverVersion: await versionOf(client),
      roles: server.roles,
      extensions: server.extensions,
      tablespaces: server.tablespaces,
      // Only a superuser may ask the server for its disk; what is not known is said.
      freeBytes: undefined,
      preparedTransactions: server.preparedTransactions,
      replication: server.replication,
      inactiveSlots: server.inactiveSlots,
      ...(surroundings === undefined ? {} : { encoding: surroundings.encoding }),
      ...(live.kind === 'there' ? { tables: live.tables } : {}),
    }
  })
}
