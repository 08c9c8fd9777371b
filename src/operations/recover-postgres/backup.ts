import type { OpenedPoint } from '../../backups/deps.ts'
import { BadBackup } from '../../backups/fault.ts'
import { gate } from '../../backups/gate.ts'
import { findRestorePoint } from '../../backups/list.ts'
import { openPoint } from '../../backups/open.ts'
import type { LiveFacts } from '../../backups/types.ts'
import { withClient } from '../../services/postgres/client.ts'
import { readLive, readServer } from '../../services/postgres/live-facts.ts'
import { readSurroundings, versionOf } from '../../services/postgres/surroundings.ts'
import { databaseOf } from '../restoring/catalog.ts'
import { depsOf } from '../restoring/points.ts'
import { notJudged, refusal, remember, unreadable } from '../restoring/verdict.ts'
import type { Services } from '../services.ts'
import type { Report } from '../types.ts'
import { placeOf } from './place.ts'
import type { Judged, RecoverPlan } from './types.ts'

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
      if (verdict.kind !== 'good') return refusal(verdict, opened.point)
      const { contents, sha256, warnings } = verdict
      const serverMajor = Math.floor(live.serverVersion / 10_000)
      return { kind: 'good', contents, sha256, identity: opened.point.identity, serverMajor, warnings }
    } finally {
      await opened.close()
    }
  } catch (error) {
    return unreadable(error)
  }
}

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
