import { type Client, withClient } from '../../services/postgres/client.ts'
import { type KeptDatabase, listKept, listKeptSchemas } from '../../services/postgres/kept.ts'
import { readLive, readRights, readServer } from '../../services/postgres/live-facts.ts'
import { readSurroundings } from '../../services/postgres/surroundings.ts'
import { appsOf } from '../restoring/catalog.ts'
import { pointsOf } from '../restoring/points.ts'
import type { Services } from '../services.ts'
import { type Place, placeOf } from './place.ts'
import type { BackTo, RecoverFacts, RecoverParams } from './types.ts'

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
    const kept = backTo === undefined ? undefined : await findKept(client, place, backTo)
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
      safetyPlace: entry.backups?.safety,
    }
  })
}

/** The database that was replaced, or the schema of the live one where tables are that were replaced alone. */
async function findKept(client: Client, { url, name }: Place, backTo: BackTo): Promise<KeptDatabase | undefined> {
  const all =
    backTo.schema === undefined
      ? await listKept(client)
      : await withClient(url, { database: name, statementMs: 15_000 }, listKeptSchemas)
  return all.find(({ oid }) => oid === backTo.oid)
}
