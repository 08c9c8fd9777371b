import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { mongoPartsMissing } from '../../sandbox/mongodb/programs.ts'
import { besideOf, collections, documentsRun, inDocuments, inUseOf } from './support/documents.ts'
import { ops, type Person, textOf, until } from './support/person.ts'
import { cardOf, confirmRun, ended } from './support/runs.ts'
import { says, startWorld, type World } from './support/world.ts'

/** A whole restore is several people's clicks; nothing here measures time. */
vi.setConfig({ testTimeout: 150_000 })

const missing = mongoPartsMissing()

let world: World
let ana: Person
let luis: Person
let runs = 0

beforeAll(async () => {
  if (missing === undefined) world = await startWorld({ mongo: true })
}, 120_000)
afterAll(() => world?.stop(), 60_000)
beforeEach(() => {
  if (missing === undefined) [ana, luis] = [world.as('ana'), world.as('luis')]
})

/** Asks for a restore and waits until people can decide. */
async function prepared(text: string) {
  await ana.command(text)
  const run = await documentsRun(world, 'waiting', runs)
  runs = Number(run.id.slice(2))
  return run
}

async function over(id: string) {
  const run = await ended(world, id)
  runs = Math.max(runs, Number(id.slice(2)))
  return run
}

describe.skipIf(missing !== undefined)('a damaged MongoDB database is restored', () => {
  it('beside and proved, approved by a second person, exchanged by renames, and brought back again', async () => {
    await world.scenario('mongo-damaged')
    const damaged = await collections(world)

    const run = await prepared('/recover mongo porttrack_nosql desde ultimo')
    const card = textOf((await cardOf(ana, run.id, 'run:confirm')).blocks)
    expect(card).toMatch(/iguales al backup byte a byte/)
    expect(card).toMatch(/Vuelven: [\d.]+ documentos/)
    expect(card).toMatch(/Colecciones que vuelven enteras: `events`/)
    expect(card).toMatch(/se volcó y se leyó entero como `safety\/safety-R-/)
    expect(card).toMatch(/No están en el backup y siguen en uso: `watchlists`/)
    expect(inUseOf(await collections(world)), 'nothing in use is touched before the click').toEqual(inUseOf(damaged))

    await confirmRun(ana, run.id)
    await says(ana, /necesita a una segunda persona/)
    await confirmRun(luis, run.id)
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'verified', reason: 'restored' })
    const restored = await collections(world)
    expect(besideOf(restored, 'r'), 'no copy is left').toEqual({})
    expect(Object.keys(inUseOf(restored))).toEqual(['documents', 'events', 'positions', 'watchlists'])
    const count = (name: string) => inDocuments(world, (db) => db.collection(name).countDocuments())
    expect([await count('positions'), await count('events'), await count('documents')]).toEqual([4000, 1000, 500])
    const { watchlists, ...replaced } = inUseOf(damaged)
    expect(besideOf(restored, 'old', run.id), 'the old ones are exactly what they were').toEqual(replaced)
    expect(inUseOf(restored)['watchlists'], 'what only the live database has stays').toBe(watchlists)

    const done = await cardOf(ana, run.id, 'run:undo')
    await ana.click({ channel: ops, ts: done.ts }, 'run:undo')
    const back = await documentsRun(world, 'waiting', runs)
    runs = Number(back.id.slice(2))
    expect(textOf((await cardOf(ana, back.id, 'run:confirm')).blocks)).toMatch(/la colección entera, 1\.000 documentos/)
    await confirmRun(luis, back.id)
    expect((await over(back.id)).outcome).toMatchObject({ kind: 'verified', reason: 'swapped_back' })
    const again = await collections(world)
    expect(inUseOf(again), 'not a byte of what was replaced was lost').toEqual(inUseOf(damaged))
    expect(again['positions']?.uuid).toBe(damaged['positions']?.uuid)
    expect(besideOf(again, 'old', back.id)['events'], 'what the restore had brought is beside now').toBe(
      inUseOf(restored)['events'],
    )
  })

  it('when it is gone altogether', async () => {
    await world.scenario('mongo-gone')
    const run = await prepared('/recover mongo porttrack_nosql from latest')
    expect(textOf((await cardOf(ana, run.id, 'run:confirm')).blocks)).toMatch(/ya no tiene ninguna colección/)
    await confirmRun(luis, run.id)
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'verified', reason: 'restored' })
    expect(Object.keys(inUseOf(await collections(world)))).toEqual(['documents', 'events', 'positions'])
  })
})

describe.skipIf(missing !== undefined)('nothing in use is touched', () => {
  it('when somebody cancels the plan that waits; the copy is taken away', async () => {
    const before = inUseOf(await collections(world))
    const run = await prepared('/recover mongo porttrack_nosql from latest')
    const card = await cardOf(ana, run.id, 'run:cancel')
    await ana.click({ channel: ops, ts: card.ts }, 'run:cancel')
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'not_approved', reason: 'cancelled' })
    await until('no copy is left', async () => Object.keys(besideOf(await collections(world), 'r')).length === 0)
    expect(inUseOf(await collections(world))).toEqual(before)
  })

  it('by the second of two restores, once the first was exchanged', async () => {
    const first = await prepared('/recover mongo porttrack_nosql from latest')
    const second = await prepared('/recover mongo porttrack_nosql from before-release.archive.gz')
    await confirmRun(luis, first.id)
    expect((await over(first.id)).outcome).toMatchObject({ kind: 'verified', reason: 'restored' })
    const before = inUseOf(await collections(world))
    await confirmRun(luis, second.id)
    expect((await over(second.id)).outcome).toMatchObject({ kind: 'refused', reason: 'moved' })
    const after = await collections(world)
    expect(inUseOf(after)).toEqual(before)
    expect(besideOf(after, 'r'), 'its copy was dropped').toEqual({})
  })

  it('when by now much more would be lost than people approved', async () => {
    const run = await prepared('/recover mongo porttrack_nosql from latest')
    await inDocuments(world, (db) =>
      db.collection('positions').insertMany(Array.from({ length: 1500 }, (_, n) => ({ imo: `IMO${n}` }))),
    )
    const before = inUseOf(await collections(world))
    await confirmRun(luis, run.id)
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'refused', reason: 'loss_grew' })
    expect(inUseOf(await collections(world))).toEqual(before)
  })
})

describe.skipIf(missing !== undefined)('what people choose', () => {
  it('a copy to look at replaces nothing, and one operator is enough', async () => {
    const before = inUseOf(await collections(world))
    const run = await prepared('/recover mongo porttrack_nosql from latest copy')
    await confirmRun(ana, run.id)
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'verified', reason: 'copied' })
    expect(inUseOf(await collections(world))).toEqual(before)
  })

  it('collections that the backup does not have are set aside when somebody asks for it, and come back by undo', async () => {
    await inDocuments(world, (db) => db.collection('notes').insertOne({ text: 'only here' }))
    const before = inUseOf(await collections(world))
    const run = await prepared('/recover mongo porttrack_nosql from latest only-live aside')
    expect(textOf((await cardOf(ana, run.id, 'run:confirm')).blocks)).toMatch(/se apartan con las demás: `notes` \(1\)/)
    await confirmRun(luis, run.id)
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'verified', reason: 'restored' })
    const after = await collections(world)
    expect(Object.keys(inUseOf(after))).toEqual(['documents', 'events', 'positions'])
    expect(besideOf(after, 'old', run.id)).toEqual(before)
  })

  it('nothing of the address was told to people, the audit or the log', async () => {
    const { rows } =
      await world.db.query(`select data::text from rescue.audit union all select plan::text from rescue.runs
      union all select outcome::text from rescue.runs union all select intent::text from rescue.acts`)
    expect(JSON.stringify(rows)).not.toContain('mongodb://')
    expect(world.log.join('\n')).not.toContain('mongodb://')
  })
})
