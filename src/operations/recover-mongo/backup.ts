import type { MongoKind, OpenedPoint } from '../../backups/deps.ts'
import { BadBackup } from '../../backups/fault.ts'
import { findRestorePoint } from '../../backups/list.ts'
import { gateMongo } from '../../backups/mongo/gate.ts'
import type { MongoLiveFacts } from '../../backups/mongo/types.ts'
import { openMongoPoint } from '../../backups/open.ts'
import { withMongo } from '../../services/mongodb/client.ts'
import { readServer } from '../../services/mongodb/server.ts'
import { findMongoTools } from '../../services/mongodb/tools.ts'
import { databaseOf } from '../restoring/catalog.ts'
import { depsOf } from '../restoring/points.ts'
import { notJudged, refusal, remember, unreadable } from '../restoring/verdict.ts'
import type { Services } from '../services.ts'
import type { Report } from '../types.ts'
import { placeOf } from './place.ts'
import type { Judged, RecoverMongoPlan } from './types.ts'

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
      if (verdict.kind !== 'good') return refusal(verdict, opened.point)
      const { contents, sha256, warnings } = verdict
      return { kind: 'good', contents, sha256, identity: opened.point.identity, warnings }
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
