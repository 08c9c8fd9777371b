import { expect } from 'vitest'
import { ask, contents, databaseRun, databases } from './databases.ts'
import { botUp, confirmRun, ended, killBot } from './runs.ts'
import type { Point, Stops } from './stops.ts'
import type { World } from './world.ts'

/** Killed there, the bot had done what comes before and written nothing of it down. */
const beforeDecision: readonly Point[] = [
  'result of checkBackup',
  'progress of restoreBeside',
  'result of restoreBeside',
  'result of proveCopy',
  'result of previewLoss',
  'result of offer',
]
/**
 * A whole restore with a kill -9 of the bot at one point. Asserts that live is exactly the backup, that the replaced database
 * is exactly what it was, that they were exchanged once and that no copy is left.
 */
export async function restoreWithKill(world: World, stops: Stops, point: Point): Promise<void> {
  const [ana, luis] = [world.as('ana'), world.as('luis')]
  const last = await lastRun(world)
  await ask(world, 'porttrack', `insert into bookings (vessel_id, berth, arrives_at) values (1, 'B1', now())`)
  const old = await contents(world)
  const { porttrack: oldOid } = await databases(world)

  const early = beforeDecision.includes(point)
  if (early) await stops.at('porttrack', point)
  await ana.command('/recover db porttrack from latest')
  if (!early) {
    const run = await databaseRun(world, 'waiting', last)
    await stops.at('porttrack', point)
    await confirmRun(luis, run.id)
  }
  await stops.reached('porttrack', point)
  await killBot(world)
  await stops.drop()
  await botUp(world)
  if (early) await confirmRun(luis, (await databaseRun(world, 'waiting', last)).id)

  const run = await ended(world, (await databaseRun(world, 'ended', last)).id)
  expect(run.outcome).toMatchObject({ kind: 'verified', reason: 'restored' })
  const kept = `porttrack_old_${run.id.slice(2)}`
  const now = await databases(world)
  expect(now[kept], 'the old database is there').toBe(oldOid)
  expect(
    Object.keys(now).filter((name) => name.includes('_r_')),
    'no copy is left',
  ).toEqual([])
  const { rows } = await ask(
    world,
    'porttrack',
    'select (select count(*) from bookings) as b, (select count(*) from positions) as p',
  )
  expect(rows, 'live is the backup').toEqual([{ b: '900', p: '20000' }])
  await ask(world, 'postgres', `alter database ${kept} allow_connections true`)
  expect(await contents(world, kept), 'the old one is exactly what it was').toBe(old)
  const acts = await world.db.query('select state from rescue.acts where run_id = $1', [run.id])
  expect(acts.rows).toEqual([{ state: 'done' }])
  await ask(world, 'postgres', `drop database ${kept}`)
}

async function lastRun(world: World): Promise<number> {
  const { rows } = await world.db.query('select max(number)::int as n from rescue.runs')
  return rows[0]?.['n'] ?? 0
}
