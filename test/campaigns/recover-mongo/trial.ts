import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { listRuns } from '../../../src/store/runs.ts'
import type { RunRow } from '../../../src/store/types.ts'
import { documentsName, inDocuments } from '../../scenarios/support/documents.ts'
import { until } from '../../scenarios/support/person.ts'
import { botUp, confirmRun, ended, killBot } from '../../scenarios/support/runs.ts'
import type { Stops } from '../../scenarios/support/stops.ts'
import type { World } from '../../scenarios/support/world.ts'
import type { Moment } from './moments.ts'

/** A whole restore in which somebody is killed once; the run as it ended. */
export async function restoreOnce(world: World, stops: Stops, moment: Moment | undefined): Promise<RunRow> {
  const last = Number((await newest(world))?.id.slice(2) ?? 0)
  const early = moment?.phase === 'preparing'
  if (early) await hold(stops, moment)
  await world.as('ana').command(`/recover mongo ${documentsName} from nightly.archive`)
  if (early) await kill(world, stops, moment)
  const run = await until(
    'a plan, or its end',
    async () => {
      const found = await newest(world)
      const mine = found !== undefined && Number(found.id.slice(2)) > last
      return mine && ['waiting', 'ended'].includes(found.state) ? found : undefined
    },
    90,
  )
  if (run.state === 'ended') return run
  if (moment?.phase === 'executing') await hold(stops, moment)
  await confirmRun(world.as('luis'), run.id)
  if (moment?.phase === 'executing') await kill(world, stops, moment)
  return ended(world, run.id, 120)
}

async function newest(world: World): Promise<RunRow | undefined> {
  const [run] = await listRuns(world.db, { subject: { kind: 'database', name: documentsName }, limit: 1 })
  return run
}

async function hold(stops: Stops, { at }: Moment): Promise<void> {
  if (typeof at === 'string') await stops.at(documentsName, at)
}

async function kill(world: World, stops: Stops, { victim, at }: Moment): Promise<void> {
  if (typeof at === 'string') await stops.reached(documentsName, at)
  else await sleep(at)
  if (victim === 'server') return world.sandbox.databases.mongo?.server.kill()
  if (victim === 'mongorestore') return killRestores(world)
  await killBot(world)
  if (typeof at === 'string') await stops.drop()
  await botUp(world)
}

/** Those of this world, by the settings file that they were given. */
async function killRestores(world: World): Promise<void> {
  const bot = world.sandbox.bots[0]?.pid() ?? 0
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command.split('\0')[0]?.endsWith('/mongorestore') && (await isChildOf(Number(pid), bot)))
      process.kill(Number(pid), 'SIGKILL')
  }
}

async function isChildOf(pid: number, ancestor: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0)
  return parent === ancestor || (parent > 1 && isChildOf(parent, ancestor))
}

/** Nothing of earlier trials stays beside, so that each is as quick as the first. */
export async function dropBesides(world: World): Promise<void> {
  await inDocuments(world, async (db) => {
    for (const { name } of await db.listCollections().toArray())
      if (/^__(old|late|back)\d+__/.test(name)) await db.collection(name).drop()
  })
}
