import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, databaseRun, databases, toolsMissing } from './support/databases.ts'
import { auditVerdict, botUp, confirmRun, ended, killBot } from './support/runs.ts'
import { installStops, type Point, type Stops } from './support/stops.ts'
import { startWorld, type World } from './support/world.ts'

const missing = await toolsMissing()

let world: World
let stops: Stops
let runs = 0

beforeAll(async () => {
  if (missing !== undefined) return
  world = await startWorld()
  stops = await installStops(world.db)
}, 120_000)
afterAll(async () => {
  await stops?.close()
  await world?.stop()
}, 60_000)

const schemas = async () => {
  const { rows } = await ask(
    world,
    'porttrack',
    `select nspname as name from pg_namespace where nspname like 'rescue%' order by 1`,
  )
  return rows.map(({ name }) => name)
}

async function restoreWithKill(point: Point, table: string): Promise<string> {
  const [ana, luis] = [world.as('ana'), world.as('luis')]
  const early = point === 'result of safetyBackup'
  if (early) await stops.at('porttrack', point)
  await ana.command(`/recover db porttrack table public.${table} from nightly.dump`)
  if (!early) {
    const { id } = await databaseRun(world, 'waiting', runs)
    await stops.at('porttrack', point)
    await confirmRun(luis, id)
  }
  await stops.reached('porttrack', point)
  await killBot(world)
  await stops.drop()
  await botUp(world)
  if (early) await confirmRun(luis, (await databaseRun(world, 'waiting', runs)).id)
  const run = await ended(world, (await databaseRun(world, 'ended', runs)).id)
  runs = Number(run.id.slice(2))
  expect(run.outcome).toMatchObject({ kind: 'verified', reason: 'restored' })
  const acts = await world.db.query('select state from rescue.acts where run_id = $1', [run.id])
  expect(acts.rows, 'exchanged once').toEqual([{ state: 'done' }])
  expect(Object.keys(await databases(world)), 'no copy is left').toEqual(['porttrack'])
  return run.id
}

describe.skipIf(missing !== undefined)('kill -9 of the bot while one table is restored', () => {
  it.each(['result of safetyBackup', 'end of act replaceTables'] as const)(
    'at "%s": it ends right after the restart, exchanged once, nothing left waiting',
    { timeout: 120_000 },
    async (point) => {
      const before = await schemas()
      const { rows } = await ask(
        world,
        'porttrack',
        `update bookings set berth = 'XX'`,
        'select count(*) as n from bookings',
      )
      const id = await restoreWithKill(point, 'bookings')
      const kept = `rescue_old_${id.slice(2)}`
      expect(await schemas()).toEqual([...before, kept].toSorted())
      const now = await ask(
        world,
        'porttrack',
        `select (select count(*) from bookings) as n, (select count(*) from bookings where berth = 'XX') as bad, (select count(*) from ${kept}.bookings where berth = 'XX') as old`,
      )
      expect(now.rows).toEqual([{ n: '900', bad: '0', old: rows[0]?.n }])
      const folder = `${world.sandbox.databases.backups}-safety`
      const safety = (await readdir(folder)).filter((name) => name.includes(id))
      expect(safety, 'one safety backup, and its checksum').toHaveLength(2)
      for (const name of safety) expect((await stat(join(folder, name))).mode & 0o077, 'for the bot alone').toBe(0)
    },
  )

  it('and while one that was dropped comes back', { timeout: 120_000 }, async () => {
    await ask(world, 'porttrack', 'drop table positions cascade')
    await restoreWithKill('end of act replaceTables', 'positions')
    const { rows } = await ask(world, 'porttrack', 'select count(*) as n from positions')
    expect(rows).toEqual([{ n: '20000' }])
  })

  it('leaves the audit unbroken', async () => {
    expect(await auditVerdict(world)).toMatchObject({ kind: 'intact' })
  })
})
