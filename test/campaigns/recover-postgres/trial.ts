import { listRuns } from '../../../src/store/runs.ts'
import type { RunRow } from '../../../src/store/types.ts'
import { buttonsOf, ops, textOf, until } from '../../scenarios/support/person.ts'
import type { Stops } from '../../scenarios/support/stops.ts'
import type { World } from '../../scenarios/support/world.ts'
import { backup } from './data.ts'
import type { Moment } from './moments.ts'
import { allUp, pgRestores, strike } from './strike.ts'

/** Limits are for what hangs. */
const endSeconds = 150

export type Trial = { readonly run: RunRow; readonly struck: boolean; readonly startedAt: number }

/** A whole restore, approved as soon as it can be, and struck once. */
export async function restoreOnce(
  world: World,
  stops: Stops,
  moment: Moment | undefined,
  apps: 'keep' | 'scale',
): Promise<Trial> {
  const last = (await newest(world))?.id
  if (moment !== undefined && 'at' in moment.when) await stops.at('porttrack', moment.when.at)
  await world.as('ana').command(`/recover db porttrack from ${backup} ${apps}`)
  await until('the run', async () => (await newest(world))?.id !== last, 40)
  const startedAt = Date.now()
  let over = false
  const striking = moment === undefined ? false : struckAt(world, stops, moment, startedAt, () => over)
  if (striking !== false) striking.catch(() => undefined)
  const run = await approvedToItsEnd(world, last).finally(() => {
    over = true
  })
  if (striking === false) return { run, struck: false, startedAt }
  const struck = await striking.catch((error: unknown) => {
    throw new Error(`${run.id} ended ${JSON.stringify(run.outcome)}: ${error}`)
  })
  return { run, struck, startedAt }
}

async function struckAt(
  world: World,
  stops: Stops,
  moment: Moment,
  from: number,
  over: () => boolean,
): Promise<boolean> {
  const { when, victim, pick } = moment
  if ('at' in when) {
    await stops.reached('porttrack', when.at)
    const struck = await strike(world, victim, pick).finally(() => (victim === 'bot' ? stops.drop() : stops.goOn()))
    await allUp(world)
    return struck
  }
  let since = from
  if (victim === 'pg_restore') {
    await until('pg_restore', async () => over() || (await pgRestores(world)).length > 0, 120)
    since = Date.now()
  }
  await until('the moment', async () => Date.now() - since >= when.afterMs, 120)
  // Sessions and programs come and go: the next that is there.
  let struck = await strike(world, victim, pick)
  while (!struck && !over()) struck = await strike(world, victim, pick)
  await allUp(world)
  return struck
}

async function approvedToItsEnd(world: World, last: string | undefined): Promise<RunRow> {
  const luis = world.as('luis')
  return until(
    'the end of the run',
    async () => {
      const run = await newest(world)
      if (run === undefined || run.id === last) return undefined
      if (run.state === 'waiting') {
        const card = (await luis.messages(ops)).find(
          (message) =>
            textOf(message).includes(run.id) && buttonsOf(message).some(({ action_id }) => action_id === 'run:confirm'),
        )
        if (card !== undefined) await luis.click({ channel: ops, ts: card.ts }, 'run:confirm')
      }
      return run.state === 'ended' ? run : undefined
    },
    endSeconds,
  )
}

const newest = async (world: World): Promise<RunRow | undefined> =>
  (await listRuns(world.db, { subject: { kind: 'database', name: 'porttrack' }, limit: 1 }))[0]
