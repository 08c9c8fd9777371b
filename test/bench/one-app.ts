import { ops, type Person, person, textOf } from '../scenarios/support/person.ts'
import { otherRevision } from './apps.ts'
import { exactly, type Row } from './rows.ts'
import { cardsOf, confirm, ended } from './runs.ts'
import { atOnce } from './sizes.ts'
import { pause, timed, until } from './stats.ts'
import type { BenchWorld } from './world.ts'

/**
 * Twenty requests for one app at the same moment, then twenty clicks: one run changes the cluster once, and everybody else is told
 * who is at it.
 */
export async function measureOneApp(world: BenchWorld): Promise<readonly Row[]> {
  const app = world.quick[0]?.name ?? ''
  const people = ['ana', 'luis', 'marta'].map((name) => person(world.sandbox.facts.page, name))
  const asking = Array.from({ length: atOnce }, (_, n) => people[n % people.length] as Person)
  const to = await otherRevision(world.api, app)
  const told = await counting(people)
  const since = Date.now()
  await Promise.all(asking.map((who) => who.command(`/rollback ${app} to ${to}`)))
  const cards = await until('a plan', async () => {
    const found = await cardsOf(asking[0] as Person, app)
    return found.length > 0 ? found : undefined
  })
  await until('an answer for everybody', async () => ((await told(/R-\d{4}/)) >= atOnce ? true : undefined))
  const before = await told(/R-\d{4}/)
  const card = cards[0]
  if (card === undefined) throw new Error('no plan was shown')
  let run = card.run
  const seconds =
    (await timed(async () => {
      await Promise.all(asking.map((who, n) => confirm(who, cards[n % cards.length] ?? card)))
      run = (await holder(world)) ?? run
      await ended(world, run)
    })) / 1000
  await pause(500)
  const learnt = (await told(/R-\d{4}/)) - before
  const patches = world.cluster.requests.all.filter(
    (one) => one.at >= since && one.method === 'PATCH' && one.path.endsWith(`/deployments/${app}`),
  )
  return [
    exactly('20 requests for one app at once: changes of the cluster', patches.length, 1),
    exactly('20 requests for one app at once: others told who holds it', learnt, atOnce - 1),
    { what: `20 requests for one app at once: plan cards`, measured: cards.length, unit: '' },
    { what: '20 clicks for one app at once: the run is over', measured: seconds, unit: 's' },
  ]
}

async function holder(world: BenchWorld): Promise<undefined> {
  void world
  return undefined
}

/** Counts the private lines that came since now and say something. */
async function counting(people: readonly Person[]): Promise<(pattern: RegExp) => Promise<number>> {
  const count = async (pattern: RegExp): Promise<number> => {
    const all = await Promise.all(people.map((who) => who.messages(ops)))
    return all.flat().filter((message) => message.is_ephemeral === true && pattern.test(textOf(message))).length
  }
  const start = await count(/./)
  return async (pattern) => (await count(pattern)) - start
}
