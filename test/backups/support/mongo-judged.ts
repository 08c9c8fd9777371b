import { BadBackup, NotJudged } from '../../../src/backups/fault.ts'
import { findRestorePoint } from '../../../src/backups/list.ts'
import { gateMongo } from '../../../src/backups/mongo/gate.ts'
import type { MongoLiveFacts, MongoVerdict } from '../../../src/backups/mongo/types.ts'
import { openMongoPoint } from '../../../src/backups/open.ts'
import { catalogSchema } from '../../../src/catalog/schema.ts'
import type { Backups, Entry } from './world.ts'
import { depsIn } from './world.ts'

export const mongoLive: MongoLiveFacts = {
  database: 'porttrack',
  serverVersion: '7.0.42',
  toolVersion: '100.10.0',
  freeBytes: 10 ** 10,
}

const databaseSchema = catalogSchema.shape.databases.unwrap().valueType

/** A MongoDB database of the catalog with places of backups, read by the catalog's own schema. */
export function mongoEntry(places: Backups['places'], more: Partial<Backups> = {}): Entry {
  const backups = { places, ...more }
  const entry = databaseSchema.parse({ engine: 'mongodb', url: { env: 'UNUSED' }, backups })
  if (entry.backups === undefined) throw new Error('no backups in the entry')
  return { ...entry, backups: entry.backups }
}

type More = Partial<Backups> & {
  readonly live?: Partial<MongoLiveFacts>
  readonly limitMs?: number
  readonly signal?: AbortSignal
}

/** The whole way of a restore point of MongoDB: found, opened, judged, closed. */
export async function judgeMongo(folder: string, name: string, more: More = {}): Promise<MongoVerdict> {
  const { live, limitMs, signal, ...backups } = more
  const facts = { ...mongoLive, ...live }
  const deps = depsIn(folder, signal === undefined ? {} : { signal })
  const entry = mongoEntry({ here: { kind: 'folder', path: folder } }, backups)
  const point = await findRestorePoint(`here/${name}`, entry, deps, facts.database)
  if (point === undefined) return { kind: 'bad', reason: 'foreign', detail: 'not in the list' }
  try {
    const opened = await openMongoPoint(point, entry, deps)
    try {
      return await gateMongo(opened, entry.backups, facts, deps, limitMs === undefined ? {} : { limitMs })
    } finally {
      await opened.close()
    }
  } catch (error) {
    if (error instanceof BadBackup) return { kind: 'bad', reason: error.reason, detail: error.message }
    if (error instanceof NotJudged) return { kind: 'unknown', reason: error.reason, detail: error.message }
    throw error
  }
}

/** `good`, or the reason word. */
export function mongoWordOf(verdict: MongoVerdict): string {
  if (verdict.kind === 'good') return 'good'
  return verdict.kind === 'blocked' ? verdict.blocks.map(({ reason }) => reason).join(' ') : verdict.reason
}
