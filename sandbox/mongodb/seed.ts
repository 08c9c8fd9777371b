import { ObjectId } from 'bson'
import type { Db, Document } from 'mongodb'

/** PortTrack's documents: what ships send, what people file, what happened. The server knows neither views nor validators. */
export const databaseName = 'porttrack_nosql'

const hour = 3_600_000
const kinds = ['bill of lading', 'manifest', 'customs', 'crew list'] as const
const names = ['Nordlys', 'Estela', 'Marejada', 'Sotavento', 'Alba', 'Tramontana', 'Albatros', 'Ribera'] as const

const imo = (n: number): string => `IMO${9_000_001 + (n % 120)}`
const pick = <T>(from: readonly T[], n: number): T | undefined => from[n % from.length]

/** As a client would have made it at that moment: its seconds, a word of the client, a counter. */
const idAt = (at: Date, n: number): ObjectId => {
  const seconds = Math.floor(at.getTime() / 1000)
  return new ObjectId(`${seconds.toString(16).padStart(8, '0')}705274726b${n.toString(16).padStart(6, '0')}`)
}

/** The newest is of 3 h ago. */
const before = (now: number, minutes: number): Date => new Date(now - 3 * hour - minutes * 60_000)

function positions(now: number): Document[] {
  return Array.from({ length: 4_000 }, (_, n) => ({
    _id: idAt(before(now, n * 4), n),
    imo: imo(n),
    at: before(now, n * 4),
    place: { type: 'Point', coordinates: [-9 + (n % 1200) / 100, 36 + (n % 700) / 100] },
    knots: (n % 220) / 10,
  }))
}

function documents(now: number): Document[] {
  return Array.from({ length: 500 }, (_, n) => ({
    _id: idAt(before(now, n * 40), n),
    number: `DOC-${String(n + 1).padStart(5, '0')}`,
    imo: imo(n),
    kind: pick(kinds, n),
    vessel: `${pick(names, n)} ${1 + (n % 120)}`,
    filedAt: before(now, n * 40),
    lines: Array.from({ length: 1 + (n % 4) }, (_, line) => ({
      goods: `cargo ${(n + line) % 9}`,
      tonnes: (n % 90) + 1,
    })),
  }))
}

function events(now: number): Document[] {
  return Array.from({ length: 1_000 }, (_, n) => ({
    _id: idAt(before(now, n * 20), n),
    imo: imo(n),
    what: pick(['arrived', 'departed', 'berthed', 'delayed'], n),
    berth: `B${1 + (n % 14)}`,
    at: before(now, n * 20),
  }))
}

/** Makes the collections with their indexes where they are not there yet. @returns whether they were made now */
export async function seedDocuments(db: Db): Promise<boolean> {
  const there = await db.listCollections({}, { nameOnly: true }).toArray()
  if (there.some(({ name }) => name === 'positions')) return false
  const now = Date.now()
  const all = { documents: documents(now), events: events(now), positions: positions(now) }
  for (const [name, rows] of Object.entries(all)) await db.collection(name).insertMany(rows)
  await db.collection('positions').createIndex({ imo: 1, at: -1 }, { name: 'by_vessel' })
  await db.collection('documents').createIndex({ number: 1 }, { name: 'number', unique: true })
  await db.collection('events').createIndex({ imo: 1, at: -1 }, { name: 'by_vessel' })
  return true
}

/** What was written after the backups: a restore would lose it, and `watchlists` is in no backup at all. */
export async function writeSince(db: Db): Promise<void> {
  const now = Date.now()
  await db.collection('positions').insertMany(
    Array.from({ length: 180 }, (_, n) => ({
      imo: imo(n),
      at: new Date(now - n * 40_000),
      place: { type: 'Point', coordinates: [-3.7, 40.1] },
      knots: 11.5,
    })),
  )
  await db.collection('documents').insertMany(
    Array.from({ length: 3 }, (_, n) => ({
      number: `DOC-0100${n}`,
      imo: imo(n),
      kind: 'manifest',
      filedAt: new Date(now),
    })),
  )
  await db
    .collection('documents')
    .updateMany({ number: { $in: ['DOC-00007', 'DOC-00008'] } }, { $set: { kind: 'customs' } })
  await db.collection('watchlists').insertMany([
    { owner: 'ana', vessels: [imo(1), imo(2)] },
    { owner: 'luis', vessels: [imo(7)] },
  ])
}
