import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mongoPartsMissing } from '../../sandbox/mongodb/programs.ts'
import { readCatalog } from '../../src/catalog/read.ts'
import { clearDocuments } from '../../src/operations/recover-mongo/clear.ts'
import { listSteps } from '../../src/store/steps.ts'
import type { RunRow } from '../../src/store/types.ts'
import { randomFrom } from '../backups/support/random.ts'
import { besideOf, collections, inDocuments, inUseOf } from '../scenarios/support/documents.ts'
import { actsOf, auditVerdict } from '../scenarios/support/runs.ts'
import { installStops, type Stops } from '../scenarios/support/stops.ts'
import { startWorld, type World } from '../scenarios/support/world.ts'
import { momentsOf, shown } from './recover-mongo/moments.ts'
import { dropBesides, restoreOnce } from './recover-mongo/trial.ts'

const missing = mongoPartsMissing()
/** `RESCUE_MONGO_KILLS=200` is the long form. */
const kills = Number(process.env['RESCUE_MONGO_KILLS'] ?? 4)
const seed = Number(process.env['RESCUE_MONGO_SEED'] ?? 20_262)

type State = Readonly<Record<string, string>>

let world: World
let stops: Stops
let fresh: State
beforeAll(async () => {
  if (missing !== undefined) return
  world = await startWorld({ mongo: true })
  stops = await installStops(world.db)
}, 120_000)
afterAll(async () => {
  await stops?.close()
  await world?.stop()
}, 60_000)

/** What is in use, after somebody has written on. */
async function written(): Promise<State> {
  await dropBesides(world)
  await inDocuments(world, (db) =>
    db.collection('positions').insertMany([{ imo: 'IMO9', at: new Date() }, { imo: 'x' }]),
  )
  return inUseOf(await collections(world))
}

/** What the sandbox's own bot does every ten minutes, now. */
async function sweep(): Promise<void> {
  await clearDocuments({
    db: world.db,
    catalog: await readCatalog(world.sandbox.facts.catalog),
    log: pino({ level: 'silent' }),
    scratch: '/nowhere',
    secret: async () => world.sandbox.facts.mongo ?? '',
    cluster: () => {
      throw new Error('no cluster is needed')
    },
  })
}

/** @returns which of the two stands there; anything else fails */
async function judge(run: RunRow, before: State, about: string): Promise<'old' | 'new'> {
  const swapped = run.outcome?.detail['swapped'] === true
  const all = await collections(world)
  expect(inUseOf(all), `${about}: ${JSON.stringify(run.outcome)}`).toEqual(swapped ? { ...before, ...fresh } : before)
  if (swapped) {
    const replaced = Object.fromEntries(Object.entries(before).filter(([name]) => name in fresh))
    expect(besideOf(all, 'old', run.id), `${about}: the old ones are what they were`).toEqual(replaced)
  } else expect(besideOf(all, 'old', run.id), about).toEqual({})
  await sweep()
  expect(besideOf(await collections(world), 'r'), `${about}: no copy is left`).toEqual({})
  expect(
    (await actsOf(world, run.id)).filter(({ state }) => state !== 'done'),
    about,
  ).toEqual([])
  const names = (await listSteps(world.db, run.id)).map(({ name }) => name)
  expect(names.length, `${about}: no step twice`).toBe(new Set(names).size)
  return swapped ? 'new' : 'old'
}

describe.skipIf(missing !== undefined)('somebody is killed while MongoDB is restored', () => {
  it('what is in use is exactly the old or exactly the new, and the run ends', {
    timeout: 60_000 + kills * 90_000,
  }, async () => {
    const had = await written()
    const calm = await restoreOnce(world, stops, undefined)
    const { watchlists: _, ...found } = inUseOf(await collections(world))
    fresh = found
    expect(await judge(calm, had, 'undisturbed')).toBe('new')
    const ends = { old: 0, new: 0 }
    for (const moment of momentsOf(kills, randomFrom(seed))) {
      const before = await written()
      const about = `${shown(moment)} (seed ${seed})`
      ends[await judge(await restoreOnce(world, stops, moment), before, about)]++
    }
    process.stdout.write(`MongoDB: ${kills} kills (seed ${seed}), ${ends.new} ended new, ${ends.old} old, 0 between\n`)
    expect(await auditVerdict(world)).toMatchObject({ kind: 'intact' })
  })
})
