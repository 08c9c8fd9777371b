import type { Document } from 'mongodb'
import { type Connected, withMongo } from '../services/mongodb/client.ts'
import { ownName } from '../services/mongodb/names.ts'
import type { DatabaseNumbers, UnknownWhy } from '../texts/views.ts'
import { part, unknownPart } from './database-part.ts'

const questionMs = 1_200

type Told<T> = Promise<T | { readonly unknown: UnknownWhy }>

/** Numbers of a MongoDB database, each with its own time limit. @throws DatabaseError when the server does not answer at all */
export async function readMongo(url: string, signal: AbortSignal, limitMs: number): Promise<DatabaseNumbers> {
  return withMongo(url, { signal, answerMs: limitMs }, async (connected) => {
    const stats = connected.db.command({ dbStats: 1, maxTimeMS: questionMs })
    const listed = connected.db.listCollections({}, { nameOnly: true }).toArray()
    for (const asked of [stats, listed]) asked.catch(() => undefined)
    const [size, connections, longestSeconds, lagSeconds, disk, kept] = await Promise.all([
      part(limitMs, async () => sizeIn(await stats, await listed)),
      part(limitMs, () => connectionsOf(connected)),
      part(limitMs, () => longestOf(connected)),
      part(limitMs, () => lagOf(connected)),
      part(limitMs, async () => diskIn(await stats)),
      part(limitMs, async () => keptIn(await listed)),
    ])
    return { size, connections, longestSeconds, lagSeconds, disk, kept }
  })
}

const numberIn = (from: unknown, name: string): number | undefined => {
  const value = typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined
  return value === undefined || value === null || Number.isNaN(Number(value)) ? undefined : Number(value)
}

type Listed = readonly { readonly name: string; readonly type?: string }[]

/** What the bot has put beside is no sign of life: only collections of people count. */
function sizeIn(stats: Document, listed: Listed) {
  const things = listed.filter(
    ({ name, type }) => type !== 'view' && !name.startsWith('system.') && ownName(name) === undefined,
  ).length
  const bytes = (numberIn(stats, 'storageSize') ?? 0) + (numberIn(stats, 'indexSize') ?? 0)
  return { bytes: things === 0 ? 0 : bytes, things }
}

/** mongod tells its file system's room with dbStats; others that speak the protocol may not. */
function diskIn(stats: Document) {
  const [total, used] = [numberIn(stats, 'fsTotalSize'), numberIn(stats, 'fsUsedSize')]
  if (total === undefined || used === undefined) return unknownPart('not_told')
  return { freeBytes: Math.max(0, total - used), totalBytes: total }
}

async function connectionsOf({ client }: Connected): Told<{ readonly now: number; readonly most: number | undefined }> {
  const { connections } = await client.db('admin').command({ serverStatus: 1, maxTimeMS: questionMs })
  const now = numberIn(connections, 'current')
  if (now === undefined) return unknownPart('not_told')
  const free = numberIn(connections, 'available')
  return { now, most: free === undefined ? undefined : now + free }
}

/** A server that knows currentOp lists at least the question itself. */
async function longestOf({ client, db }: Connected): Told<number | undefined> {
  const answer = await client.db('admin').command({ currentOp: 1, active: true, maxTimeMS: questionMs })
  const all: readonly Document[] = Array.isArray(answer['inprog']) ? answer['inprog'] : []
  if (all.length === 0) return unknownPart('not_told')
  const own = all.filter(({ ns }) => typeof ns === 'string' && ns.startsWith(`${db.databaseName}.`))
  const seconds = own.map((each) => numberIn(each, 'microsecs_running') ?? 0).map((micro) => micro / 1e6)
  return seconds.length === 0 ? undefined : Math.max(...seconds)
}

/** How far the slowest secondary is behind the primary; undefined: no replica set, or a single member. */
async function lagOf({ client }: Connected): Told<number | undefined> {
  const admin = client.db('admin')
  const hello = await admin.command({ hello: 1 })
  if (typeof hello['setName'] !== 'string') return undefined
  const { members } = await admin.command({ replSetGetStatus: 1, maxTimeMS: questionMs })
  const all: readonly Document[] = Array.isArray(members) ? members : []
  const at = (state: string) =>
    all.flatMap(({ stateStr, optimeDate }) =>
      stateStr === state && optimeDate instanceof Date ? [optimeDate.getTime()] : [],
    )
  const [primary] = at('PRIMARY')
  const behind = at('SECONDARY')
  if (primary === undefined) return unknownPart('not_told')
  return behind.length === 0 ? undefined : Math.max(0, (primary - Math.min(...behind)) / 1000)
}

/** Collections that restores have replaced and that still stand, by the run that did it. */
function keptIn(listed: Listed) {
  const own = listed.map(({ name }) => ownName(name))
  const old = own.flatMap((one) => (one?.kind === 'old' ? [one.run] : []))
  return [...Map.groupBy(old, (run) => run)].map(([run, all]) => ({ name: run, things: all.length }))
}
