import type { Document } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mongoPartsMissing } from '../../sandbox/mongodb/programs.ts'
import { createIndex } from '../../src/services/mongodb/beside.ts'
import { type Connected, withMongo } from '../../src/services/mongodb/client.ts'
import { createIdTable } from '../../src/services/mongodb/id-table.ts'
import { type Pair, previewLoss } from '../../src/services/mongodb/loss.ts'
import { createMultiset } from '../../src/services/mongodb/multiset.ts'
import { type Expected, type Proof, prove } from '../../src/services/mongodb/prove.ts'
import { idOf, rawDocuments, shownId } from '../../src/services/mongodb/raw.ts'
import { fill, type MongoWorld, startMongoWorld } from './support.ts'

const missing = mongoPartsMissing()
let world: MongoWorld
beforeAll(async () => {
  if (missing === undefined) world = await startMongoWorld()
})
afterAll(() => world?.stop())

const in_ = <T>(database: string, body: (connected: Connected) => Promise<T>): Promise<T> =>
  withMongo(world.url(database), {}, body)

const byVessel = '{"v":{"$numberInt":"2"},"key":{"imo":{"$numberInt":"1"},"at":{"$numberInt":"-1"}},"name":"by_vessel"}'
const idIndex = '{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"}'

/** A copy with an index, and what a backup says that it must be. */
async function copy(database: string): Promise<Expected> {
  await fill(world.url(database), {
    __r5__ships: [
      { _id: 1, imo: 'a' },
      { _id: 2, imo: 'b' },
    ] as Document[],
  })
  return in_(database, async (connected) => {
    await createIndex(connected, '__r5__ships', byVessel)
    const multiset = createMultiset()
    for await (const document of rawDocuments(connected, '__r5__ships')) multiset.add(document)
    const indexes = [
      { name: '_id_', spec: idIndex },
      { name: 'by_vessel', spec: byVessel },
    ]
    return { ...multiset.sum(), name: 'ships', options: '{}', indexes, metadata: true }
  })
}

const proofOf = (database: string, expected: Expected): Promise<Proof> =>
  in_(database, (connected) =>
    prove({
      connected,
      beside: (name) => `__r5__${name}`,
      prefix: '__r5__',
      expected: [expected],
      views: [],
      onDocuments: () => undefined,
    }),
  )

const verdicts = ({ checks }: Proof): Readonly<Record<string, string>> =>
  Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]))
const allPass = { documents: 'pass', options: 'pass', indexes: 'pass', others: 'pass' }

describe.skipIf(missing !== undefined)('a copy is proved against its backup', () => {
  it('when documents, options and indexes are the same', async () => {
    const expected = await copy('same')
    const proof = await proofOf('same', expected)
    expect(verdicts(proof)).toEqual(allPass)
    expect(proof).toMatchObject({ collections: 1, documents: 2 })
  })

  it.each<[string, keyof typeof allPass, (connected: Connected) => Promise<unknown>]>([
    [
      'a changed value',
      'documents',
      ({ db }) => db.collection('__r5__ships').updateOne({ imo: 'a' }, { $set: { imo: 'x' } }),
    ],
    ['a document too many', 'documents', ({ db }) => db.collection('__r5__ships').insertOne({ imo: 'c' })],
    ['a document too few', 'documents', ({ db }) => db.collection('__r5__ships').deleteOne({ imo: 'a' })],
    ['a missing index', 'indexes', ({ db }) => db.collection('__r5__ships').dropIndex('by_vessel')],
    ['an index too many', 'indexes', ({ db }) => db.collection('__r5__ships').createIndex({ at: 1 })],
    ['a foreign collection', 'others', ({ db }) => db.createCollection('__r5__other')],
  ])('never with %s', async (what, failing, change) => {
    const database = what.replaceAll(' ', '_')
    const expected = await copy(database)
    await in_(database, change)
    expect(verdicts(await proofOf(database, expected))).toEqual({ ...allPass, [failing]: 'fail' })
  })

  it('with an index of the same name and other keys: fail; what the backup does not tell: unknown, not green', async () => {
    const expected = await copy('others')
    const turned = byVessel.replace(
      '"imo":{"$numberInt":"1"},"at":{"$numberInt":"-1"}',
      '"at":{"$numberInt":"-1"},"imo":{"$numberInt":"1"}',
    )
    const indexes = [
      { name: '_id_', spec: idIndex },
      { name: 'by_vessel', spec: turned },
    ]
    expect(verdicts(await proofOf('others', { ...expected, indexes }))).toEqual({ ...allPass, indexes: 'fail' })
    expect(verdicts(await proofOf('others', { ...expected, metadata: false, indexes: [] }))).toEqual({
      ...allPass,
      options: 'unknown',
      indexes: 'unknown',
    })
    expect(verdicts(await proofOf('others', { ...expected, options: '{"capped":true}' }))).toMatchObject({
      options: 'fail',
    })
  })
})

describe.skipIf(missing !== undefined)('what would be lost', () => {
  it('is told per collection, with the _id of some; what nothing takes the place of, whole', async () => {
    const same = Array.from({ length: 300 }, (_, n) => ({ _id: `k${n}`, n }))
    await fill(world.url('loss'), {
      a: [...same, { _id: 'only here' }, { _id: 'changed', v: 1 }] as Document[],
      __r5__a: [...same, { _id: 'changed', v: 2 }, { _id: 'back' }, { _id: 'back too' }] as Document[],
      b: same as Document[],
      __r5__b: same as Document[],
      gone: [{ x: 1 }, { x: 2 }],
      __r5__new: [{ x: 1 }],
    })
    const pairs: Pair[] = [
      { collection: 'a', live: 'a', next: '__r5__a' },
      { collection: 'b', live: 'b', next: '__r5__b' },
      { collection: 'gone', live: 'gone', next: undefined },
      { collection: 'new', live: undefined, next: '__r5__new' },
    ]
    const loss = await in_('loss', (connected) => previewLoss(connected, pairs))
    expect(loss).toMatchObject({
      collections: [{ collection: 'a', onlyLive: 1, changed: 1, onlyBackup: 2, examples: ['only here', 'changed'] }],
      leaving: [{ collection: 'gone', documents: 2 }],
      coming: ['new'],
      compared: 2,
      lostDocuments: 4,
      unknown: [],
    })
    await in_('loss', ({ db }) => db.collection('__r5__b').deleteOne({ n: 7 }))
    const again = await in_('loss', (connected) => previewLoss(connected, pairs))
    expect(again.coming256, 'a copy that somebody wrote into is another one').not.toBe(loss.coming256)
  })

  it('a document is found by its _id whatever its type and place', async () => {
    const { serialize, ObjectId, Long } = await import('bson')
    const id = new ObjectId('64b000000000000000000001')
    const shown = (document: Document) => shownId(idOf(serialize(document)))
    expect(shown({ before: ['x', /re/, { deep: null }], at: new Date(), big: Long.MAX_VALUE, _id: id })).toBe(
      id.toHexString(),
    )
    expect(shown({ _id: 'text' })).toBe('text')
    expect(shown({ _id: 12 })).toBe('12')
    expect(shown({ _id: { a: 1 } })).toBe('{"a":1}')
    expect(() => idOf(serialize({ a: 1 }))).toThrow(/no _id/)
  })

  it('200,000 documents fit the table that was made for them, and each is met once', () => {
    const bytes = (n: number) => Buffer.from(`id ${n}`)
    const table = createIdTable(200_000)
    for (let n = 0; n < 200_000; n++) table.put(bytes(n), bytes(n))
    let [same, other, absent] = [0, 0, 0]
    for (let n = 100_000; n < 250_000; n++) {
      const met = table.meet(bytes(n), bytes(n % 10 === 0 ? -1 : n))
      if (met === 'same') same++
      else if (met === 'other') other++
      else absent++
    }
    expect({ same, other, absent, unmet: table.unmet() }).toEqual({
      same: 90_000,
      other: 10_000,
      absent: 50_000,
      unmet: 100_000,
    })
  })
})
