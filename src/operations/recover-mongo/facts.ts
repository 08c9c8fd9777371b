import { type Connected, withMongo } from '../../services/mongodb/client.ts'
import { mongoError } from '../../services/mongodb/errors.ts'
import { ownName } from '../../services/mongodb/names.ts'
import { readRights } from '../../services/mongodb/rights.ts'
import { inUse, type LiveCollection, listAll, readServer, sizeOf } from '../../services/mongodb/server.ts'
import { findMongoTools } from '../../services/mongodb/tools.ts'
import { DatabaseError } from '../../services/postgres/errors.ts'
import { appsOf } from '../restoring/catalog.ts'
import { pointsOf } from '../restoring/points.ts'
import type { Services } from '../services.ts'
import { keptBy } from './kept.ts'
import { placeOf } from './place.ts'
import type { LiveNow, RecoverMongoFacts, RecoverMongoParams } from './types.ts'

/** @throws DatabaseError when the server is away: there is nowhere to restore to */
export async function readRecoverMongoFacts(
  params: RecoverMongoParams,
  services: Services,
): Promise<RecoverMongoFacts> {
  const { entry, url, name } = await placeOf(services, params.database)
  const [points, tools, kept] = await Promise.all([
    params.backTo === undefined ? pointsOf(services, params.database) : [],
    findMongoTools(services.mongoTools),
    params.backTo === undefined ? undefined : keptBy(services.db, params.backTo.run, params.database),
  ])
  return withMongo(url, { answerMs: 15_000 }, async (connected) => {
    const [server, rights, all] = await Promise.all([readServer(connected), readRights(connected), listAll(connected)])
    const collections = inUse(all)
    return {
      database: params.database,
      environment: entry.environment,
      readAt: new Date().toISOString(),
      name,
      server,
      rights,
      tools,
      live: await readLive(connected, collections),
      collections,
      beside: all.filter((each) => ownName(each.name) !== undefined),
      points,
      kept,
      apps: appsOf(services.catalog, params.database),
      appMode: params.apps ?? entry.restore.apps,
      keepHours: entry.restore.keepHours,
      safety: entry.backups?.safety !== undefined,
    }
  })
}

/** A database whose collections are all gone is restored like any other: there is then nothing to keep. */
async function readLive(connected: Connected, collections: readonly LiveCollection[]): Promise<LiveNow> {
  const stored = collections.filter(({ type }) => type === 'collection')
  if (stored.length === 0) return { kind: 'empty' }
  try {
    let [bytes, documents] = [0, 0]
    for (const { name } of stored) {
      const size = await sizeOf(connected, name)
      bytes += size.bytes
      documents += size.documents
    }
    return { kind: 'there', bytes, documents, collections: stored.length }
  } catch (error) {
    const known = mongoError(error)
    if (!(known instanceof DatabaseError) || known.reason === 'database_away') throw error
    return { kind: 'unreadable', why: known.message }
  }
}
