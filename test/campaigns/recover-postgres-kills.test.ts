import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listSteps } from '../../src/store/steps.ts'
import { databases, toolsMissing } from '../scenarios/support/databases.ts'
import { actsOf, auditVerdict } from '../scenarios/support/runs.ts'
import { installStops, type Point, type Stops } from '../scenarios/support/stops.ts'
import { startWorld, type World } from '../scenarios/support/world.ts'
import { seedCampaign, writeOn } from './recover-postgres/data.ts'
import { type Calm, type Moment, momentsOf, randomFrom, shown, type Victim } from './recover-postgres/moments.ts'
import { aroundOf, portraitOf, sequencesOf } from './recover-postgres/portrait.ts'
import { restoreOnce, type Trial } from './recover-postgres/trial.ts'
import { type Before, type End, judgeEnd, type Measure } from './recover-postgres/verdict.ts'

const missing = await toolsMissing()
const kills = Number(process.env['RESCUE_RESTORE_KILLS'] ?? 10)
const seed = Number(process.env['RESCUE_RESTORE_SEED'] ?? 20_261)

let world: World
let stops: Stops
let measure: Measure
beforeAll(async () => {
  if (missing !== undefined) return
  world = await startWorld()
  stops = await installStops(world.db)
  await seedCampaign(world)
  measure = { portrait: await portraitOf(world, 'measure'), sequences: await sequencesOf(world, 'measure') }
}, 120_000)
afterAll(async () => {
  await stops?.close()
  await world?.stop()
}, 60_000)

async function before(): Promise<Before> {
  await writeOn(world)
  return {
    oid: (await databases(world))['porttrack'] ?? 0,
    portrait: await portraitOf(world, 'porttrack'),
    sequences: await sequencesOf(world, 'porttrack'),
    around: await aroundOf(world, 'porttrack'),
    replicas: (await world.release()).ready,
  }
}

/** A restore without a kill: what is right then, and what there is to disturb. */
async function undisturbed(apps: 'keep' | 'scale'): Promise<Calm> {
  const had = await before()
  const trial = await restoreOnce(world, stops, undefined, apps)
  expect(await judgeEnd(world, trial.run, { before: had, measure, crashed: false, about: 'undisturbed' })).toBe('new')
  return calmOf(trial)
}

/** Scaling takes longest: now and then, and where it is what is disturbed. */
const appsFor = ({ when }: Moment, index: number) =>
  index % 8 === 7 || ('at' in when && when.at.endsWith('Apps')) ? 'scale' : 'keep'

async function calmOf({ run, startedAt }: Trial): Promise<Calm> {
  const steps = (await listSteps(world.db, run.id)).filter(({ state }) => state === 'done')
  const restoring = steps.find(({ name }) => name === 'restoreBeside')
  const since = (at: Date | undefined) => (at?.getTime() ?? startedAt) - startedAt
  const acts = (await actsOf(world, run.id)).map(({ key }) => key.split('/')[1] ?? '')
  return {
    ms: since(run.endedAt),
    restoringMs: since(restoring?.endedAt) - since(restoring?.startedAt),
    points: [
      ...steps.map(({ name }): Point => `result of ${name}`),
      ...acts.flatMap((name): Point[] => [`act of ${name}`, `end of act ${name}`]),
      'result of offer',
      'outcome',
    ],
  }
}

describe.skipIf(missing !== undefined)('kill -9 while a database is restored', () => {
  it(`${kills} times, of the bot, of pg_restore, of a session and of the server: old or new, never between`, {
    timeout: 120_000 + kills * 60_000,
  }, async () => {
    const calm = { ...(await undisturbed('scale')), ms: (await undisturbed('keep')).ms }
    const counts: Record<string, Record<End | 'missed', number>> = {}
    for (const [index, moment] of momentsOf(kills, calm, randomFrom(seed)).entries()) {
      const about = `${index + 1} of seed ${seed}, ${shown(moment)}`
      const began = Date.now()
      const had = await before()
      const crashed = moment.victim === 'server' || moment.victim === 'backend'
      const { run, struck } = await restoreOnce(world, stops, moment, appsFor(moment, index))
      const end = await judgeEnd(world, run, { before: had, measure, crashed, about })
      // Whoever loses only its own process goes on where it was.
      if (moment.victim === 'bot') expect(run.outcome, about).toMatchObject({ kind: 'verified', reason: 'restored' })
      count(counts, moment.victim, struck ? end : 'missed')
      if (process.env['RESCUE_RESTORE_KILLS'] !== undefined)
        process.stdout.write(
          `${about}: ${struck ? end : 'missed'} (${run.outcome?.reason}, ${Date.now() - began} ms)\n`,
        )
    }
    expect(await auditVerdict(world)).toMatchObject({ kind: 'intact' })
    process.stdout.write(`a run takes ${calm.ms} ms; kills of seed ${seed}: ${JSON.stringify(counts)}\n`)
    for (const [victim, own] of Object.entries(counts)) expect(own.old + own.new, victim).toBeGreaterThan(0)
  })
})

function count(counts: Record<string, Record<End | 'missed', number>>, victim: Victim, end: End | 'missed'): void {
  const own = counts[victim] ?? { old: 0, new: 0, missed: 0 }
  counts[victim] = { ...own, [end]: own[end] + 1 }
}
