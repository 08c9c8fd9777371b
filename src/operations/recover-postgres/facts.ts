import { withClient } from '../../services/postgres/client.ts'
import { listKept } from '../../services/postgres/kept.ts'
import { readLive, readRights, readServer } from '../../services/postgres/live-facts.ts'
import { readSurroundings } from '../../services/postgres/surroundings.ts'
import type { Services } from '../services.ts'
import { pointsOf } from './backup.ts'
import { appsOf, placeOf } from './place.ts'
import type { RecoverFacts, RecoverParams } from './types.ts'

/** @throws DatabaseError when the server is away: there is nowhere to restore to */
export async function readRecoverFacts(params: RecoverParams, services: Services): Promise<RecoverFacts> {
  const { catalog } = services
  const place = await placeOf(services, params.database)
  const { entry, url, name } = place
  const points = params.backTo === undefined ? await pointsOf(services, params.database) : []
  const live = await readLive(url, name)
  return withClient(url, { database: place.maintenance, statementMs: 15_000 }, async (client) => {
    const surroundings = await readSurroundings(client, name)
    const { preparedTransactions, replication, inactiveSlots } = await readServer(client, name)
    const { backTo } = params
    const kept = backTo === undefined ? undefined : (await listKept(client)).find(({ oid }) => oid === backTo.oid)
    return {
      database: params.database,
      environment: entry.environment,
      readAt: new Date().toISOString(),
      name,
      live: live.kind === 'there' ? { kind: 'there', bytes: live.bytes, tables: live.tables.length } : live,
      surroundings,
      server: { preparedTransactions, replication, inactiveSlots },
      rights: await readRights(client, surroundings?.owner),
      points,
      kept: kept === undefined ? undefined : { name: kept.name, oid: kept.oid, bytes: kept.bytes },
      apps: appsOf(catalog, params.database),
      appMode: params.apps ?? entry.restore.apps,
      keepHours: entry.restore.keepHours,
    }
  })
}
