import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mongoPartsMissing } from '../../sandbox/mongodb/programs.ts'
import { withMongo } from '../../src/services/mongodb/client.ts'
import { mergeLate } from '../../src/services/mongodb/late.ts'
import type { Rename } from '../../src/services/mongodb/rename.ts'
import { lookAtSwap, type SwapPlan, swapCollections } from '../../src/services/mongodb/swap.ts'
import { contentsOf, fill, type MongoWorld, startMongoWorld, uuidsOf } from './support.ts'

const missing = mongoPartsMissing()
let world: MongoWorld
beforeAll(async () => {
  if (missing === undefined) world = await startMongoWorld()
})
afterAll(() => world?.stop())

const names = ['a', 'b', 'c']

/** Three collections in use and three that take their place. */
async function ready(database: string): Promise<SwapPlan & { readonly before: Readonly<Record<string, string>> }> {
  const url = world.url(database)
  await fill(url, Object.fromEntries(names.map((name) => [name, [{ _id: 1, old: name }]])))
  await fill(url, Object.fromEntries(names.map((name) => [`__r7__${name}`, [{ _id: 2, fresh: name }]])))
  const uuids = await uuidsOf(url)
  const of = (name: string) => uuids.get(name) ?? ''
  const renames: Rename[] = names.flatMap((name) => [
    { uuid: of(name), from: name, to: `__old7__${name}` },
    { uuid: of(`__r7__${name}`), from: `__r7__${name}`, to: name },
  ])
  return { url, run: 'R-0007', renames, patienceMs: 20_000, before: await contentsOf(url) }
}

const rename = (url: string, from: string, to: string) =>
  withMongo(url, {}, ({ client, db }) =>
    client.db('admin').command({ renameCollection: `${db.databaseName}.${from}`, to: `${db.databaseName}.${to}` }),
  )

function exchanged(before: Readonly<Record<string, string>>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    names.flatMap((name) => [
      [`__old7__${name}`, before[name]],
      [name, before[`__r7__${name}`]],
    ]),
  )
}

describe.skipIf(missing !== undefined)('collections are exchanged by renames', () => {
  it('each, once; a repetition does nothing', async () => {
    const plan = await ready('once')
    expect(await lookAtSwap(plan)).toBe('before')
    expect(await swapCollections(plan)).toMatchObject({ kind: 'swapped', late: [] })
    expect(await lookAtSwap(plan)).toBe('after')
    expect(await contentsOf(plan.url)).toEqual(exchanged(plan.before))
    expect(await swapCollections(plan)).toMatchObject({ kind: 'swapped' })
    expect(await contentsOf(plan.url)).toEqual(exchanged(plan.before))
  })

  it.each([1, 2, 3, 4, 5])('and go on where a crash came after rename %i', async (done) => {
    const plan = await ready(`crash${done}`)
    for (const { from, to } of plan.renames.slice(0, done)) await rename(plan.url, from, to)
    expect(await lookAtSwap(plan)).toBe('between')
    expect(await swapCollections(plan)).toMatchObject({ kind: 'swapped' })
    expect(await contentsOf(plan.url)).toEqual(exchanged(plan.before))
  })

  it('what a writer makes under a free name is moved beside, and comes into the new collection', async () => {
    const plan = await ready('late')
    await rename(plan.url, 'a', '__old7__a')
    await fill(plan.url, {
      a: [
        { _id: 2, fresh: 'other' },
        { _id: 3, late: true },
      ],
    })
    expect(await swapCollections(plan)).toMatchObject({ kind: 'swapped', late: ['__late7__a'] })
    const merged = await withMongo(plan.url, {}, (connected) => mergeLate(connected, '__late7__a', 'a'))
    expect(merged).toEqual({ collection: 'a', inUse: 1, onlyBeside: 1 })
    const again = await withMongo(plan.url, {}, (connected) => mergeLate(connected, '__late7__a', 'a'))
    expect(again, 'a repetition finds it done').toEqual(merged)
    const documents = await withMongo(plan.url, {}, ({ db }) => db.collection('a').find().sort({ _id: 1 }).toArray())
    expect(documents).toEqual([
      { _id: 2, fresh: 'a' },
      { _id: 3, late: true },
    ])
  })

  it('nothing is changed when a collection is another one than was approved', async () => {
    const plan = await ready('moved')
    await withMongo(plan.url, {}, async ({ db }) => {
      await db.collection('b').drop()
      await db.collection('b').insertOne({ made: 'anew' })
    })
    const before = await contentsOf(plan.url)
    expect(await swapCollections(plan)).toMatchObject({ kind: 'moved' })
    expect(await contentsOf(plan.url)).toEqual(before)
  })

  it('what the server refuses in the middle is taken back; what was in use for a moment is kept under a name of its own', async () => {
    const plan = await ready('refused')
    const renames = plan.renames.map((each) => (each.from === '__r7__b' ? { ...each, to: 'b'.repeat(300) } : each))
    const end = await swapCollections({ ...plan, renames })
    expect(end).toMatchObject({ kind: 'taken_back', back: ['__back7__a'] })
    expect(await contentsOf(plan.url)).toEqual({
      a: plan.before['a'],
      b: plan.before['b'],
      c: plan.before['c'],
      __back7__a: plan.before['__r7__a'],
      __r7__b: plan.before['__r7__b'],
      __r7__c: plan.before['__r7__c'],
    })
  })

  it('while the server is killed and comes back', async () => {
    const plan = await ready('killed')
    world.server.kill()
    expect(await swapCollections(plan)).toMatchObject({ kind: 'swapped' })
    expect(await contentsOf(plan.url)).toEqual(exchanged(plan.before))
  })

  it('every write of a session that goes on meanwhile is in the old or in the new', async () => {
    const plan = await ready('writing')
    let [written, over] = [0, false]
    const writing = withMongo(plan.url, {}, async ({ db }) => {
      for (let n = 100; !over; n++) {
        await db.collection<{ _id: number }>('a').insertOne({ _id: n })
        written++
        await sleep(1)
      }
    })
    await expect.poll(() => written).toBeGreaterThan(5)
    const swapped = await swapCollections(plan)
    over = true
    await writing
    const late = swapped.kind === 'swapped' ? swapped.late : []
    const total = await withMongo(plan.url, {}, async (connected) => {
      for (const beside of late) await mergeLate(connected, beside, 'a')
      const ids = new Set<unknown>()
      for (const name of ['a', '__old7__a'])
        for (const { _id } of await connected.db.collection(name).find().toArray()) ids.add(_id)
      return ids.size
    })
    expect(total).toBe(written + 2)
  })
})
