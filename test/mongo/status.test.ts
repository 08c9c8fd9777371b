import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mongoPartsMissing } from '../../sandbox/mongodb/programs.ts'
import { readMongo } from '../../src/status/database-mongo.ts'
import { fill, type MongoWorld, startMongoWorld } from './support.ts'

const missing = mongoPartsMissing()
let world: MongoWorld
beforeAll(async () => {
  if (missing === undefined) world = await startMongoWorld()
})
afterAll(() => world?.stop())

const sizeOf = async (database: string) =>
  (await readMongo(world.url(database), new AbortController().signal, 5_000)).size

describe.skipIf(missing !== undefined)('the size of a database', () => {
  it('counts collections of people, not what restores have put beside', async () => {
    await fill(world.url('both'), { ships: [{ _id: 1 }], __old42__ships: [{ _id: 1 }], __r43__ships: [] })
    expect(await sizeOf('both')).toMatchObject({ value: { things: 1 } })
  })

  it('is nothing where only copies and old collections are left: the database is gone', async () => {
    await fill(world.url('gone'), { __r43__ships: [{ _id: 1 }], __old42__ships: [{ _id: 1 }] })
    expect(await sizeOf('gone')).toMatchObject({ value: { things: 0, bytes: 0 } })
  })
})
