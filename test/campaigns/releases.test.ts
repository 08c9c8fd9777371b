import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWatchedWorld, type WatchedWorld } from '../watchers/watched-world.ts'
import { soak } from './releases/soak.ts'

const wanted = Number(process.env['CAMPAIGN_RELEASES'] ?? 20)

/** Nodes that lose their power make it longer. */
const power = wanted > 20

let world: WatchedWorld
beforeAll(async () => {
  world = await startWatchedWorld()
})
afterAll(() => world?.stop())

it(`${wanted} healthy releases are left alone and ${wanted} bad ones are noticed, while nodes are drained`, async () => {
  const found = await soak(world, wanted, 10, power)
  expect(found).toEqual({ healthy: wanted, bad: wanted, falses: [], missed: [] })
}, 900_000)
