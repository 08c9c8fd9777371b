import { expect } from 'vitest'
import { listAudit } from '../../../src/store/audit.ts'
import { actsOfRun } from '../../../src/store/ledger.ts'
import type { RunRow } from '../../../src/store/types.ts'
import { ask, databases } from '../../scenarios/support/databases.ts'
import { until } from '../../scenarios/support/person.ts'
import type { World } from '../../scenarios/support/world.ts'
import { aroundOf, type Portrait, portraitOf, type Sequences, sequencesMoved, sequencesOf } from './portrait.ts'

export type Before = {
  readonly oid: number
  readonly portrait: Portrait
  readonly sequences: Sequences
  readonly around: string
  readonly replicas: number
}

/** A restore of the backup by hand: what is right. */
export type Measure = { readonly portrait: Portrait; readonly sequences: Sequences }

export type Judging = {
  readonly before: Before
  readonly measure: Measure
  /** The server was started again after a crash. */
  readonly crashed: boolean
  readonly about: string
}

export type End = 'new' | 'old'

/** What must hold after every kill. @returns which of the two databases is in use */
export async function judgeEnd(world: World, run: RunRow, judging: Judging): Promise<End> {
  const { before, measure, crashed, about } = judging
  const now = await databases(world)
  const swapped = now['porttrack'] !== before.oid
  const kept = `porttrack_old_${run.id.slice(2)}`

  await judgeContents(world, 'porttrack', swapped ? measure : before, crashed, `${about}: live`)
  expect(await aroundOf(world, 'porttrack'), `${about}: grants, settings, limit, comment`).toBe(before.around)
  expect(
    run.outcome?.detail['swapped'] ?? false,
    `${about}: the outcome tells it: ${JSON.stringify(run.outcome)}`,
  ).toBe(swapped)
  expect(run.outcome?.kind === 'verified', `${about}: ${JSON.stringify(run.outcome)}`).toBe(swapped)
  await until(
    `${about}: no copy is left`,
    async () => !Object.keys(await databases(world)).some((name) => name.includes('_r_')),
    15,
  )
  expect(now[kept], `${about}: the old database is there`).toBe(swapped ? before.oid : undefined)
  if (swapped) await judgeKept(world, kept, judging)
  await onceEach(world, run, about)
  await until(
    `${about}: the app has its ${before.replicas} replicas`,
    async () => (await world.release()).ready === before.replicas,
    40,
  )
  return swapped ? 'new' : 'old'
}

/** Exactly this, to the byte. */
async function judgeContents(world: World, database: string, wanted: Measure, crashed: boolean, about: string) {
  expect(await portraitOf(world, database), `${about} is exactly what it should be`).toEqual(wanted.portrait)
  const moved = sequencesMoved(await sequencesOf(world, database), wanted.sequences, crashed)
  expect(moved, `${about}: sequences`).toEqual([])
}

async function judgeKept(world: World, kept: string, { before, crashed, about }: Judging): Promise<void> {
  const { rows } = await ask(
    world,
    'postgres',
    `select datallowconn as open, shobj_description(oid, 'pg_database') as says from pg_database where datname = '${kept}'`,
  )
  expect(rows, `${about}: the old one is closed, and says what it is`).toEqual([
    { open: false, says: expect.stringMatching(/^kept by rescue: replaced in R-\d+ at /) },
  ])
  await ask(world, 'postgres', `alter database ${kept} allow_connections true`)
  await judgeContents(world, kept, before, crashed, `${about}: the old one`)
  await ask(world, 'postgres', `drop database ${kept} with (force)`)
}

/** No act, no step and no outcome twice, and nothing left open that would block the next run. */
async function onceEach(world: World, run: RunRow, about: string): Promise<void> {
  const audit = (await listAudit(world.db, { runId: run.id, limit: 200 })).map(({ kind, data }) =>
    kind === 'step' ? `step ${String(data['step'])}` : kind,
  )
  for (const word of ['request', 'outcome', 'started', 'decision', ...audit.filter((each) => each.startsWith('step '))])
    expect(audit.filter((each) => each === word).length, `${about}: ${word} in the audit`).toBeLessThanOrEqual(1)
  expect(audit.filter((each) => each === 'outcome')).toHaveLength(1)
  const acts = (await actsOfRun(world.db, run.id)).map(({ key, state }) => `${key} ${state}`)
  expect(
    acts.filter((act) => /started$/.test(act)),
    `${about}: open acts`,
  ).toEqual([])
  expect(acts.filter((act) => /swap done$/.test(act)).length, about).toBe(run.outcome?.kind === 'verified' ? 1 : 0)
  const holds = await world.db.query('select from rescue.holds where run_id = $1', [run.id])
  expect(holds.rowCount, `${about}: the target is free`).toBe(0)
}
