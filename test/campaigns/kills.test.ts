import { afterAll, beforeAll, expect, it } from 'vitest'
import { getRun } from '../../src/store/runs.ts'
import { textOf, until } from '../scenarios/support/person.ts'
import {
  actsOf,
  auditOf,
  auditVerdict,
  botUp,
  cardOf,
  confirmRun,
  ended,
  killBot,
  patchesOf,
  waitingRun,
  wholeAudit,
} from '../scenarios/support/runs.ts'
import { shopPath } from '../scenarios/support/shop.ts'
import { toldOnce } from '../scenarios/support/told.ts'
import { startWorld, type World } from '../scenarios/support/world.ts'

const rounds = Number(process.env['CAMPAIGN_ROUNDS'] ?? 12)
const perRound = 6
const seed = Number(process.env['CAMPAIGN_SEED'] ?? 20_260)
/** A run takes about so long; kills fall anywhere in it. */
const runMs = 9_000

let world: World
beforeAll(async () => {
  world = await startWorld({ shop: perRound + 2, replicas: 2, catalog: { approvals: { expireMinutes: 1 } } })
}, 180_000)
afterAll(() => world?.stop(), 60_000)

/** mulberry32: the same kills for the same seed, as far as time allows. */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

it(`kill -9 at any moment, ${rounds} rounds of ${perRound} runs`, { timeout: 180_000 + rounds * 90_000 }, async () => {
  const random = randomFrom(seed)
  const ana = world.as('ana')
  const apps = world.shop.slice(0, perRound)
  let [kills, runs] = [0, 0]
  for (let round = 1; round <= rounds; round++) {
    const before = new Map(apps.map((app) => [app, patchesOf(world, app)]))
    for (const app of apps) {
      const text = `/rollback ${app} to ${(await world.release(app)).revision - 1}`
      expect(await ana.command(text), text).toMatchObject({ ok: true })
    }
    const waiting = await Promise.all(apps.map((app) => waitingRun(world, app)))
    await Promise.all(waiting.map((run) => confirmRun(ana, run.id)))
    // Slack is answered before a click is written down: one that dies in between is pressed again by a person.
    for (const { id } of waiting)
      await until('the decision', async () => (await getRun(world.db, id))?.confirmedAt !== undefined)
    const count = 1 + Math.floor(random() * 3)
    for (let kill = 0; kill < count; kill++) {
      const wait = random() * (runMs / count)
      const begun = Date.now()
      await until('the moment of the kill', async () => Date.now() - begun >= wait)
      await killBot(world, random() < 0.5 ? 0 : 1)
      kills += 1
    }
    for (const [index, app] of apps.entries()) {
      const about = `${app} in round ${round} of seed ${seed}`
      const run = await ended(world, waiting[index]?.id ?? '', 120)
      expect(run.outcome, about).toMatchObject({ kind: 'verified', reason: 'rolled_back' })
      expect(patchesOf(world, app) - (before.get(app) ?? 0), `changes of ${about}`).toBe(1)
      expect(await auditOf(world, run.id), about).toEqual(wholeAudit)
      expect(
        (await actsOf(world, run.id)).map(({ state }) => state),
        about,
      ).toEqual(['done'])
      await toldOnce(world, ana, run, about)
      runs += 1
    }
    await Promise.all([botUp(world, 0), botUp(world, 1)])
  }
  expect(await auditVerdict(world)).toMatchObject({ kind: 'intact' })
  process.stdout.write(`kills ${kills}, runs ${runs}, all verified by one change each, audit unbroken (seed ${seed})\n`)
})

it('a plan that nobody answers expires, across a kill, and blocks nobody', { timeout: 150_000 }, async () => {
  const ana = world.as('ana')
  const app = world.shop[perRound] ?? ''
  await ana.command(`/rollback ${app} to 1`)
  const run = await waitingRun(world, app)
  await Promise.all([killBot(world, 0), killBot(world, 1)])
  const over = await ended(world, run.id, 120)
  expect(over.outcome).toMatchObject({ kind: 'not_approved', reason: 'expired' })
  await until('the card that says so', async () =>
    (await ana.messages('C0OPS')).some(
      (message) => textOf(message).includes(run.id) && !JSON.stringify(message.blocks).includes('run:confirm'),
    ),
  )
  await ana.command(`/rollback ${app} to 1`)
  const next = await waitingRun(world, app)
  await cardOf(ana, next.id, 'run:confirm')
  expect(await until('both runs', async () => getRun(world.db, next.id))).toMatchObject({ state: 'waiting' })
  expect(patchesOf(world, app)).toBe(0)
})

it('an API server that stays away ends the run before anything was changed, and says so', {
  timeout: 150_000,
}, async () => {
  const ana = world.as('ana')
  const app = world.shop[perRound + 1] ?? ''
  await ana.command(`/rollback ${app} to 1`)
  const run = await waitingRun(world, app)
  await until('the evidence', async () => (await auditOf(world, run.id)).includes('evidence'))
  world.cluster.faults.add({ match: { path: `^${shopPath(app)}(\\?|$)` }, answer: 'reset', times: 500 })
  await confirmRun(ana, run.id)
  const over = await ended(world, run.id, 120)
  world.cluster.faults.clear()
  expect(over.outcome).toMatchObject({ kind: 'failed', reason: 'cluster_away', detail: { restored: false } })
  expect(patchesOf(world, app)).toBe(0)
  await toldOnce(world, ana, over, app)
})
