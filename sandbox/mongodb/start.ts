import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from 'mongodb'
import { makeMongoBackups } from './backups.ts'
import { mongoProgram, mongoPrograms } from './programs.ts'
import { databaseName, seedDocuments, writeSince } from './seed.ts'
import { type MongoServer, startMongoServer } from './server.ts'

export type Mongo = {
  /** With the database, as PortTrack and the bot connect. */
  readonly url: string
  readonly database: string
  /** Where the backups lie. */
  readonly backups: string
  readonly server: MongoServer
  stop(): Promise<void>
}

type Options = {
  readonly folder: string
  readonly onLog: (line: string) => void
}

/** PortTrack's documents with backups, good and bad; undefined where the programs are not built, and a line says how to get them. */
export async function startMongo({ folder, onLog }: Options): Promise<Mongo | undefined> {
  if (mongoPrograms.some((program) => mongoProgram(program) === undefined)) {
    onLog('there is no MongoDB here: npm run mongo:build brings it (it needs Go)')
    return undefined
  }
  const server = await startMongoServer({ folder: join(folder, 'porttrack-documents'), onLog })
  const backups = join(folder, 'mongo-backups')
  await mkdir(`${backups}-safety`, { recursive: true })
  try {
    const fresh = await withDocuments(server.url, databaseName, seedDocuments)
    if (fresh || !(await exists(backups))) {
      await withDocuments(server.url, 'billing_nosql', (db) => db.collection('invoices').insertOne({ number: 1 }))
      await makeMongoBackups(server.url, backups)
    }
    if (fresh) await withDocuments(server.url, databaseName, writeSince)
  } catch (error) {
    await server.stop()
    throw error
  }
  return { url: `${server.url}${databaseName}`, database: databaseName, backups, server, stop: server.stop }
}

/** Asks one database of the server. */
export async function withDocuments<T>(url: string, database: string, body: (db: Db) => Promise<T>): Promise<T> {
  // Loaded here: tests without MongoDB do without.
  const { MongoClient } = await import('mongodb')
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 })
  try {
    return await body(client.db(database))
  } finally {
    await client.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
