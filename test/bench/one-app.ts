import { getRun } from '../../src/store/runs.ts'
import type { RunId } from '../../src/store/types.ts'
import { ops, type Person, person, textOf } from '../scenarios/support/person.ts'
import { otherRevision } from './apps.ts'
import { exactly, type Row } from './rows.ts'
import { cardsOf, confirm } from './runs.ts'
import { atOnce } from './sizes.ts'
import { until } from './stats.ts'
import type { BenchWorld } from './world.ts'

/**
 * Twenty requests for one app at the same moment, then twenty clicks: one run changes the cluster once, and everybody else is told
 * who is at it.
 */
export async function measureOneApp(world: BenchWorld): Promise<readonly Row[]> {
  const app = world.quick[0]?.name ?? ''
  const [ana, luis, marta] = ['ana', 'luis', 'marta'].map((name) => person(world.sandbox.facts.page, name)) as [
    Person,
    Person,
    Person,
  ]
  const people = [ana, luis, marta]
  const asking = Array.from({ length: atOnce }, (_, n) => people[n % people.length] ?? ana)
  const to = await otherRevision(world.api, app)
  const since = Date.now()

  const answers = await counting(people, run)
  await Promise.all(asking.map((who) => who.command(`/rollback ${app} to ${to}`)))
  await until('an answer for each request', async () => ((await answers()) >= atOnce ? true : undefined))
  const cards = await until('a plan', async () => {
    const found = await cardsOf(ana, app)
    return found.length > 0 ? found : undefined
  })

  const learnt = await counting(people, run)
  const clicks = asking.map((who, n) => ({ who, card: cards[n % cards.length] }))
  const began = performance.now()
  await Promise.all(clicks.map(({ who, card }) => (card === undefined ? undefined : confirm(who, card))))
  await until('a word to everybody else', async () => ((await learnt()) >= atOnce - 1 ? true : undefined), {
    seconds: 10,
  }).catch(() => undefined)
  const told = await learnt()
  const verified = await verifiedOf(
    world,
    cards.map((card) => card.run),
  )
  const seconds = (performance.now() - began) / 1000
  const patches = world.cluster.requests.all.filter(
    (one) => one.at >= since && one.method === 'PATCH' && one.path.endsWith(`/deployments/${app}`),
  )
  return [
    exactly('20 requests for one app at once: changes of the cluster', patches.length, 1),
    exactly('20 requests for one app at once: runs that are verified', verified, 1),
    exactly('20 requests for one app at once: others told which run and whose', told, atOnce - 1),
    { what: '20 requests for one app at once: plan cards', measured: cards.length, unit: '' },
    { what: '20 requests for one app at once: from the clicks to the end', measured: seconds, unit: 's' },
  ]
}

/** Waits for the run that goes on, and counts those that did well; plans that nobody can confirm any more wait on. */
async function verifiedOf(world: BenchWorld, runs: readonly RunId[]): Promise<number> {
  return until('the end of the run', async () => {
    const rows = await Promise.all(runs.map((id) => getRun(world.db, id)))
    if (rows.some((row) => row?.state === 'confirmed' || row?.state === 'running')) return undefined
    const good = rows.filter((row) => row?.outcome?.kind === 'verified').length
    return good > 0 || rows.every((row) => row?.state === 'ended') ? good : undefined
  })
}

/** An answer that names a run: `R-0042`. */
const run = /R-\d{4,}/

/** Counts the private lines of this shape that came since now. */
async function counting(people: readonly Person[], shape: RegExp): Promise<() => Promise<number>> {
  const count = async (): Promise<number> => {
    const all = await Promise.all(people.map((who) => who.messages(ops)))
    return all.flat().filter((message) => message.is_ephemeral === true && shape.test(textOf(message))).length
  }
  const start = await count()
  return async () => (await count()) - start
}
