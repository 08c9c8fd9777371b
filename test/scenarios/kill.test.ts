import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from './support/person.ts'
import {
  actsOf,
  auditOf,
  auditVerdict,
  botUp,
  confirmRun,
  ended,
  killBot,
  patchesOf,
  waitingRun,
  wholeAudit,
} from './support/runs.ts'
import { firstImage, needsReadyFor, shopPath } from './support/shop.ts'
import { installStops, type Point, type Stops } from './support/stops.ts'
import { toldOnce } from './support/told.ts'
import { startWorld, type World } from './support/world.ts'

/** Before a decision there is a plan; after it the run goes by itself. */
type Where = Point | 'the PATCH is under way' | 'waiting'

/** Each group is one kill: all its runs are held at their places at the same moment. */
const groups: readonly { readonly name: string; readonly before: boolean; readonly places: readonly Where[] }[] = [
  {
    name: 'while it is planned and people read',
    before: true,
    places: ['result of plan', 'result of keepEvidence', 'waiting', 'message card'],
  },
  {
    name: 'between the decision and the change',
    before: false,
    places: [
      'result of settleWait',
      'result of begin',
      'start of compareWithPlan',
      'result of compareWithPlan',
      'act of restoreTemplate',
      'the PATCH is under way',
      'message progress',
    ],
  },
  {
    name: 'around the change and while pods start',
    before: false,
    places: [
      'end of act restoreTemplate',
      'result of restoreTemplate',
      'start of awaitRollout',
      'progress of awaitRollout',
      'result of awaitRollout',
    ],
  },
  {
    name: 'after the pods are there',
    before: false,
    places: ['start of checkHealth', 'result of checkHealth', 'start of watchFlipBack', 'result of watchFlipBack'],
  },
  {
    name: 'as it ends',
    before: false,
    places: ['outcome', 'result of close', 'message log'],
  },
]

let world: World
let stops: Stops
const apps = () => world.shop

beforeAll(async () => {
  world = await startWorld({ shop: groups.reduce((sum, group) => sum + group.places.length, 0) })
  stops = await installStops(world.db)
}, 120_000)
afterAll(async () => {
  await stops?.close()
  await world?.stop()
}, 60_000)

describe('kill -9 at every step: after the restart the run ends right, with one change and each step once', () => {
  let first = 0
  for (const group of groups) {
    const offset = first
    first += group.places.length
    it(group.name, { timeout: 150_000 }, async () => {
      const ana = world.as('ana')
      const held = group.places.map((place, index) => ({ place, app: apps()[offset + index] ?? '' }))
      for (const { place, app } of held)
        if (place === 'progress of awaitRollout') await needsReadyFor(world.cluster.kubeconfig, app, 10)
      if (group.before) for (const one of held) await stopAt(one)
      await Promise.all(held.map(({ app }) => ana.command(`/rollback ${app} to 1`)))
      if (!group.before) {
        const runs = await Promise.all(held.map(({ app }) => waitingRun(world, app)))
        for (const one of held) await stopAt(one)
        await Promise.all(runs.map((run) => confirmRun(ana, run.id)))
      }
      await Promise.all(held.map(reached))
      await killBot(world)
      await stops.drop()
      world.cluster.faults.clear()
      await botUp(world)
      if (group.before)
        await Promise.all(held.map(async ({ app }) => confirmRun(ana, (await waitingRun(world, app)).id)))
      for (const one of held) await endedRight(one)
    })
  }

  it('leaves the audit unbroken', async () => {
    expect(await auditVerdict(world)).toMatchObject({ kind: 'intact' })
  })
})

async function stopAt({ place, app }: { place: Where; app: string }): Promise<void> {
  if (place === 'waiting') return
  if (place === 'the PATCH is under way')
    world.cluster.faults.add({ match: { method: 'PATCH', path: `^${shopPath(app)}` }, answer: 'hang' })
  else await stops.at(app, place)
}

async function reached({ place, app }: { place: Where; app: string }): Promise<void> {
  if (place === 'waiting') await waitingRun(world, app)
  else if (place === 'the PATCH is under way')
    await until('the PATCH of the run', async () => world.cluster.faults.unused().length === 0)
  else await stops.reached(app, place)
}

async function endedRight({ place, app }: { place: Where; app: string }): Promise<void> {
  const ana = world.as('ana')
  const about = `${app}, killed at "${place}"`
  const run = await ended(
    world,
    await until(
      'its run',
      async () =>
        (await world.db.query<{ id: string }>(`select id from rescue.runs where subject ->> 'name' = $1`, [app]))
          .rows[0]?.id,
    ),
  )
  expect(run.outcome, about).toMatchObject({ kind: 'verified', reason: 'rolled_back' })
  expect((await world.release(app)).image, about).toBe(firstImage)
  expect(patchesOf(world, app), `changes of ${about}`).toBe(1)
  expect(await auditOf(world, run.id), `audit of ${about}`).toEqual(wholeAudit)
  expect(
    (await actsOf(world, run.id)).map(({ key, state }) => ({ key, state })),
    about,
  ).toEqual([{ key: `${run.id}/restoreTemplate`, state: 'done' }])
  await toldOnce(world, ana, run, about)
}
