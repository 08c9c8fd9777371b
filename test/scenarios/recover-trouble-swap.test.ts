import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { owner } from '../../sandbox/databases/seed.ts'
import type { RunRow } from '../../src/store/types.ts'
import { type Cuttable, startCuttable } from './support/database-trouble.ts'
import { ask, contents, databaseRun, databases, toolsMissing } from './support/databases.ts'
import { ops, textOf, until } from './support/person.ts'
import { cardOf, confirmRun, ended } from './support/runs.ts'
import { installStops, type Stops } from './support/stops.ts'
import { says, startWorld, type World } from './support/world.ts'

/** A whole restore is several people's clicks; nothing here measures time. */
vi.setConfig({ testTimeout: 150_000 })

const missing = await toolsMissing()

let world: World
let stops: Stops
let cable: Cuttable
let before: string
let last = 0
beforeAll(async () => {
  if (missing !== undefined) return
  cable = await startCuttable()
  const url = `postgres://${owner.name}:${owner.password}@127.0.0.1:${cable.port}/porttrack`
  world = await startWorld({ environment: { PORTTRACK_DATABASE_URL: url } })
  cable.to(Number(new URL(world.sandbox.databases.adminUrl).port))
  stops = await installStops(world.db)
}, 120_000)
afterAll(async () => {
  await stops?.close()
  await world?.stop()
  await cable?.stop()
}, 60_000)
beforeEach(async () => {
  if (missing === undefined) before = await contents(world)
})

async function waiting(text = '/recover db porttrack from backups/nightly.dump'): Promise<RunRow> {
  await world.as('ana').command(text)
  const run = await databaseRun(world, 'waiting', last)
  last = Number(run.id.slice(2))
  return run
}

const names = async () => Object.keys(await databases(world))
const noCopyLeft = () => until('no copy is left', async () => !(await names()).some((name) => name.includes('_r_')), 60)
const book = (count: number) =>
  ask(
    world,
    'porttrack',
    `insert into bookings (vessel_id, berth, arrives_at) select 1, 'B1', now() from generate_series(1, ${count})`,
  )

describe.skipIf(missing !== undefined)('a restore while the world moves', () => {
  it('ends when the connection is lost before anybody decided; the copy goes when it is back', async () => {
    await stops.at('porttrack', 'result of proveCopy')
    await world.as('ana').command('/recover db porttrack from backups/nightly.dump')
    await stops.reached('porttrack', 'result of proveCopy')
    cable.cut()
    await stops.goOn()
    const run = await databaseRun(world, 'ended', last)
    last = Number(run.id.slice(2))
    expect(run.outcome).toMatchObject({ kind: 'refused', reason: 'database_away' })
    await says(world.as('ana'), /servidor de bases de datos no responde/)
    cable.mend()
    await noCopyLeft()
    expect(await contents(world)).toBe(before)
  })

  it('waits for a connection that is lost at the exchange, and exchanges once', async () => {
    const run = await waiting()
    await stops.at('porttrack', 'result of previewLossAgain')
    await confirmRun(world.as('luis'), run.id)
    await stops.reached('porttrack', 'result of previewLossAgain')
    cable.cut()
    await stops.goOn()
    await until(
      'the exchange has begun',
      async () => (await world.db.query(`select from rescue.acts where run_id = $1`, [run.id])).rowCount === 1,
    )
    cable.mend()
    expect((await ended(world, run.id)).outcome).toMatchObject({ kind: 'verified', reason: 'restored' })
    const acts = await world.db.query('select state from rescue.acts where run_id = $1', [run.id])
    expect(acts.rows).toEqual([{ state: 'done' }])
    await noCopyLeft()
  })

  it('is refused when a table was created meanwhile; it is named', async () => {
    const run = await waiting()
    await ask(world, 'porttrack', 'create table invoices (id int)', 'alter table invoices owner to porttrack')
    await confirmRun(world.as('luis'), run.id)
    expect((await ended(world, run.id)).outcome).toMatchObject({
      kind: 'refused',
      reason: 'loss_grew',
      detail: { tables: ['public.invoices'] },
    })
    await ask(world, 'porttrack', 'drop table invoices')
    await noCopyLeft()
  })

  it('counts what was written until the exchange, and keeps it in the replaced database', async () => {
    await book(3)
    const run = await waiting()
    await book(4)
    await confirmRun(world.as('luis'), run.id)
    const { outcome } = await ended(world, run.id)
    expect(outcome).toMatchObject({ kind: 'verified', detail: { lostRows: 7 } })
    const kept = `porttrack_old_${run.id.slice(2)}`
    await ask(world, 'postgres', `alter database ${kept} allow_connections true`)
    expect((await ask(world, kept, `select count(*)::int as n from bookings`)).rows).toEqual([{ n: 907 }])
    await ask(world, 'postgres', `alter database ${kept} allow_connections false`)
  })

  it('shows what the way back would lose, and asks again when much more is written meanwhile', async () => {
    const [ana, luis] = [world.as('ana'), world.as('luis')]
    const done = `R-${String(last).padStart(4, '0')}`
    await book(2)
    const undo = async () => {
      const card = await cardOf(ana, done, 'run:undo')
      await ana.click({ channel: ops, ts: card.ts }, 'run:undo')
      const run = await databaseRun(world, 'waiting', last)
      last = Number(run.id.slice(2))
      return run
    }
    const first = await undo()
    expect(textOf((await cardOf(ana, first.id, 'run:confirm')).blocks)).toMatch(/Se perderían: 2 filas/)
    await book(1_500)
    before = await contents(world)
    await confirmRun(luis, first.id)
    expect((await ended(world, first.id)).outcome).toMatchObject({ kind: 'refused', reason: 'loss_grew' })
    expect(await contents(world)).toBe(before)

    const second = await undo()
    expect(textOf((await cardOf(ana, second.id, 'run:confirm')).blocks)).toMatch(/Se perderían: 1[.\s]?502 filas/)
    await confirmRun(luis, second.id)
    expect((await ended(world, second.id)).outcome).toMatchObject({ kind: 'verified', reason: 'swapped_back' })
    expect((await ask(world, 'porttrack', `select count(*)::int as n from bookings`)).rows).toEqual([{ n: 907 }])
  })
})
