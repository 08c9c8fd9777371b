import { ops, type Person, person } from '../scenarios/support/person.ts'
import { exactly, type Row } from './rows.ts'
import { confirm, ended, patched, planned } from './runs.ts'
import type { Size } from './sizes.ts'
import { pause, spreadOf, timed, until } from './stats.ts'
import type { BenchWorld } from './world.ts'

const commands = ['/status', '/rescue runs', '/status quick-01', '/rescue locks', '/rescue help', '/rescue audit']
const betweenMs = 100

/** Twenty runs on twenty apps at once; people go on typing meanwhile. */
export async function measureWorking(world: BenchWorld, size: Size): Promise<readonly Row[]> {
  const [ana, luis, marta] = ['ana', 'luis', 'marta'].map((name) => person(world.sandbox.facts.page, name)) as [
    Person,
    Person,
    Person,
  ]
  const cards = await Promise.all(world.slow.map(({ name }) => planned(world, ana, name)))
  const clicked = Date.now()
  const began = performance.now()
  const [patches] = await Promise.all([
    Promise.all(cards.map(async (card) => (await patched(world.cluster, card.app, clicked)).at - clicked)),
    ...cards.map((card) => confirm(ana, card)),
  ])
  let over = 0
  const runs = Promise.all(
    cards.map(async ({ run }) => {
      const row = await ended(world, run)
      over += 1
      return { row, took: performance.now() - began }
    }),
  )
  const acks: number[] = []
  const noise: number[] = []
  for (let n = 0; n < size.commands && over === 0; n++) {
    const who = [ana, luis, marta][n % 3] ?? ana
    acks.push(await timed(() => who.command(commands[n % commands.length] ?? '/status')))
    noise.push(await timed(() => who.channels()))
    await pause(betweenMs)
  }
  const forms = over === 0 ? await openForms([luis, marta], 10) : []
  const all = await runs
  const verified = all.filter(({ row }) => row.outcome?.kind === 'verified').length
  const ack = spreadOf(acks)
  return [
    { what: `slash command -> ack while 20 runs work, p50 of ${ack.count}`, measured: ack.p50, unit: 'ms' },
    {
      what: 'slash command -> ack while 20 runs work, p99',
      measured: ack.p99,
      unit: 'ms',
      limit: { kind: 'time', most: 100 },
      // What the machine does to any answer at this moment.
      peer: { name: 'the sandbox answering by itself', measured: spreadOf(noise).p99 },
    },
    { what: 'form opens while 20 runs work, p50', measured: spreadOf(forms).p50, unit: 'ms' },
    { what: '20 clicks at once -> the last PATCH', measured: spreadOf(patches).most, unit: 'ms' },
    exactly('20 runs on 20 apps at once: verified', verified, cards.length),
    {
      what: `20 runs on 20 apps at once: all over (each waits ${50 / size.speed} s for its pods)`,
      measured: Math.max(...all.map(({ took }) => took)) / 1000,
      unit: 's',
    },
  ]
}

/** Forms at rest: from typing /rollback until the form is on the screen. */
export async function measureForms(world: BenchWorld, size: Size): Promise<readonly Row[]> {
  const people = ['ana', 'luis', 'marta'].map((name) => person(world.sandbox.facts.page, name))
  const form = spreadOf(await openForms(people, size.forms))
  return [
    { what: `form opens, p50 of ${form.count}`, measured: form.p50, unit: 'ms' },
    { what: 'form opens, p99', measured: form.p99, unit: 'ms', limit: { kind: 'time', most: 300 } },
  ]
}

async function openForms(people: readonly Person[], count: number): Promise<readonly number[]> {
  const took: number[] = []
  for (let n = 0; n < count; n++) {
    const who = people[n % people.length]
    if (who === undefined) break
    const before = (await who.view())?.id
    took.push(
      await timed(async () => {
        await who.command('/rollback', ops)
        await until('the form', async () => ((await who.view())?.id !== before ? true : undefined), { everyMs: 2 })
      }),
    )
    await pause(betweenMs)
  }
  return took
}
