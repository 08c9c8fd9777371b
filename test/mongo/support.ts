import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Document } from 'mongodb'
import { type MongoServer, startMongoServer } from '../../sandbox/mongodb/server.ts'
import { type Connected, withMongo } from '../../src/services/mongodb/client.ts'
import { createMultiset } from '../../src/services/mongodb/multiset.ts'
import { rawDocuments } from '../../src/services/mongodb/raw.ts'
import { listAll } from '../../src/services/mongodb/server.ts'

export type MongoWorld = {
  readonly server: MongoServer
  readonly folder: string
  /** With a database of this name. */
  url(database: string): string
  stop(): Promise<void>
}

export async function startMongoWorld(): Promise<MongoWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-mongo-'))
  const server = await startMongoServer({ folder, onLog: () => undefined })
  return {
    server,
    folder,
    url: (database) => `${server.url}${database}`,
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Makes collections with these documents. */
export async function fill(url: string, collections: Readonly<Record<string, readonly Document[]>>): Promise<void> {
  await withMongo(url, {}, async ({ db }) => {
    for (const [name, documents] of Object.entries(collections)) {
      await db.createCollection(name)
      if (documents.length > 0) await db.collection(name).insertMany([...documents])
    }
  })
}

export const uuidsOf = (url: string): Promise<ReadonlyMap<string, string>> =>
  withMongo(
    url,
    {},
    async (connected) => new Map((await listAll(connected)).map(({ name, uuid }) => [name, uuid ?? ''])),
  )

export async function sumOf(connected: Connected, collection: string): Promise<string> {
  const multiset = createMultiset()
  for await (const document of rawDocuments(connected, collection)) multiset.add(document)
  return JSON.stringify(multiset.sum())
}

/** Every collection by name with the sum of its documents. */
export const contentsOf = (url: string): Promise<Readonly<Record<string, string>>> =>
  withMongo(url, {}, async (connected) => {
    const found: Record<string, string> = {}
    for (const { name } of await listAll(connected)) found[name] = await sumOf(connected, name)
    return found
  })
