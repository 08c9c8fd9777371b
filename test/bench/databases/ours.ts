import { listRuns } from '../../../src/store/runs.ts'
import { listSteps } from '../../../src/store/steps.ts'
import type { RunRow } from '../../../src/store/types.ts'
import { buttonsOf, ops, person, textOf } from '../../scenarios/support/person.ts'
import { memoryOf } from '../memory.ts'
import { timed, until } from '../stats.ts'
import { type Asked, startClient } from './client.ts'
import { type DatabaseWorld, database } from './world.ts'

export type Ours = {
  /** Seconds of each step, by name. */
  readonly steps: Readonly<Record<string, number>>
  /** From the request to the end, without what people took to decide. */
  readonly seconds: number
  readonly direct: Asked
  readonly pooled: Asked | undefined
  /** Of the bot's process at its highest, in MB. */
  readonly peak: number
}

/** A whole restore as people do it, with two applications that ask all the while: one connected to the server, one to PgBouncer. */
export async function restoreOnce(world: DatabaseWorld): Promise<Ours> {
  const [ana, luis] = ['ana', 'luis'].map((name) => person(world.sandbox.facts.page, name))
  if (ana === undefined || luis === undefined) throw new Error('nobody is there')
  const last = (await newest(world))?.id
  const direct = startClient(world.server.url(database))
  const pooled = world.bouncer === undefined ? undefined : startClient(`${world.bouncer.url}/${database}`)
  let deciding = 0
  let run: RunRow | undefined
  const all = await timed(async () => {
    await ana.command(`/recover db ${database} from latest`)
    const waiting = await until('the question', () => inState(world, 'waiting', last), { seconds: 600, everyMs: 10 })
    deciding = await timed(async () => {
      const card = await until(
        'its card',
        async () =>
          (await luis.messages(ops)).find(
            (message) =>
              textOf(message).includes(waiting.id) &&
              buttonsOf(message).some((button) => button.action_id === 'run:confirm'),
          ),
        { everyMs: 20 },
      )
      direct.begin()
      pooled?.begin()
      await luis.click({ channel: ops, ts: card.ts }, 'run:confirm')
      await until('the decision', async () => ((await newest(world))?.confirmedAt === undefined ? undefined : true), {
        everyMs: 5,
      })
    })
    run = await until('the end', () => inState(world, 'ended', last), { seconds: 600, everyMs: 10 })
  })
  const asked = { direct: await direct.stop(), pooled: await pooled?.stop() }
  if (run?.outcome?.kind !== 'verified') throw new Error(`the restore ended otherwise: ${JSON.stringify(run?.outcome)}`)
  return {
    ...asked,
    steps: await secondsOf(world, run),
    seconds: (all - deciding) / 1000,
    peak: (await memoryOf(world.sandbox.bots[0]?.pid() ?? 0)).peak,
  }
}

const newest = async (world: DatabaseWorld): Promise<RunRow | undefined> =>
  (await listRuns(world.db, { subject: { kind: 'database', name: database }, limit: 1 }))[0]

async function inState(world: DatabaseWorld, state: RunRow['state'], after: string | undefined) {
  const run = await newest(world)
  if (run === undefined || run.id === after) return undefined
  if (run.state === 'ended' && state !== 'ended') throw new Error(`it ended: ${JSON.stringify(run.outcome)}`)
  return run.state === state ? run : undefined
}

async function secondsOf(world: DatabaseWorld, run: RunRow): Promise<Record<string, number>> {
  const steps = await listSteps(world.db, run.id)
  return Object.fromEntries(
    steps.flatMap(({ name, startedAt, endedAt }) =>
      startedAt === undefined || endedAt === undefined
        ? []
        : [[name, (endedAt.getTime() - startedAt.getTime()) / 1000]],
    ),
  )
}
