import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Double, Int32, Long, type ObjectId } from 'bson'
import { MongoClient } from 'mongodb'
import { mongoProgram } from '../../../sandbox/mongodb/programs.ts'
import { startMongoServer } from '../../../sandbox/mongodb/server.ts'
import { createMultiset, type MultisetSum } from '../../../src/services/mongodb/multiset.ts'

const run = promisify(execFile)

export type MongoWorld = {
  readonly folder: string
  /** mongodump with these arguments, one collection at a time as the server wants it. */
  dump(...args: readonly string[]): Promise<void>
  /** An archive of mongodump as bytes. */
  archive(...args: readonly string[]): Promise<Buffer>
  /** What the server itself holds, by collection of `porttrack`. */
  readonly sums: ReadonlyMap<string, MultisetSum>
  stop(): Promise<void>
}

/** A wire server with a database of many kinds of documents and indexes beside another, smaller one. */
export async function startMongoWorld(): Promise<MongoWorld> {
  const program = mongoProgram('mongodump')
  if (program === undefined) throw new Error('mongodump is not built: npm run mongo:build')
  const folder = await mkdtemp(join(tmpdir(), 'rescue-mongo-backups-'))
  const server = await startMongoServer({ folder: join(folder, 'server'), onLog: () => undefined })
  const client = new MongoClient(server.url, { serverSelectionTimeoutMS: 20_000 })
  const dump = async (...args: readonly string[]) => {
    const always = [`--uri=${server.url}`, '--numParallelCollections=1', '--quiet']
    await run(program, [...always, ...args], { env: { PATH: '/usr/bin:/bin' }, timeout: 60_000 })
  }
  try {
    await seed(client)
    const sums = await sumsOf(client)
    return {
      folder,
      dump,
      async archive(...args) {
        const path = join(folder, `archive-${Math.random()}`)
        await dump(`--archive=${path}`, ...args)
        return readFile(path)
      },
      sums,
      async stop() {
        await server.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await server.stop()
    throw error
  } finally {
    await client.close()
  }
}

async function seed(client: MongoClient): Promise<void> {
  const db = client.db('porttrack')
  const ships = db.collection('ships')
  await ships.insertMany(
    Array.from({ length: 400 }, (_, n) => ({
      name: `Barco ñandú ${n}`,
      draught: new Double(n / 3),
      berth: new Int32(n),
      imo: Long.fromNumber(9_000_000_000 + n),
      seen: new Date(1_700_000_000_000 + n),
      route: ['Vigo', { port: 'Bilbao', eta: null, sure: n % 2 === 0 }],
      seal: Buffer.alloc(n % 40, n),
    })),
  )
  await ships.createIndex({ imo: 1 }, { unique: true })
  await ships.createIndex({ name: 1, seen: -1 })
  const events = db.collection<{ _id: string | ObjectId; body: string }>('events')
  await events.insertMany(Array.from({ length: 2_000 }, (_, n) => ({ _id: `e-${n}`, body: 'x'.repeat(n % 250) })))
  await db.createCollection('nothing')
  await db.createCollection('latest', { capped: true, size: 1_000_000 })
  await db.collection('latest').insertOne({ at: new Date(1_700_000_000_000) })
  await db.collection('with space/and ü').insertOne({ one: 1 })
  await client.db('billing').collection('invoices').insertOne({ number: 1 })
}

async function sumsOf(client: MongoClient): Promise<ReadonlyMap<string, MultisetSum>> {
  const db = client.db('porttrack')
  const sums = new Map<string, MultisetSum>()
  for (const { name } of await db.listCollections().toArray()) {
    const multiset = createMultiset()
    for await (const document of db.collection(name).find({}, { raw: true }))
      if (document instanceof Uint8Array) multiset.add(document)
    sums.set(name, multiset.sum())
  }
  return sums
}
