import { setTimeout as sleep } from 'node:timers/promises'
import { listAt, textAt } from '../../../src/services/kubernetes/api/json.ts'
import type { WorkloadAddress } from '../../../src/services/kubernetes/api/paths.ts'
import type { BadRelease } from '../../../src/watchers/bad-releases/types.ts'
import { app, createApp, drain, settled, uncordon } from '../../watchers/apps.ts'
import { until, type WatchedWorld, type Watcher } from '../../watchers/watched-world.ts'
import { badKinds, giveRoom, heal, healthyKinds } from './kinds.ts'

export type Soaked = {
  readonly healthy: number
  readonly bad: number
  /** Healthy releases that were judged bad, and what was said of them. */
  readonly falses: readonly string[]
  /** Bad releases that nobody noticed, or of which something else was said. */
  readonly missed: readonly string[]
}

/** The releases of a round begin within this time. */
const spreadMs = 3_000

type Bad = { readonly address: WorkloadAddress; readonly name: string }

/**
 * Releases many apps at once, again and again, until there were so many healthy and bad ones. In every round one node is drained and,
 * when `power` says so, another loses its power for a while.
 * @param perRound so many of each at once; the kinds take turns
 */
export async function soak(
  world: WatchedWorld,
  wanted: number,
  perRound: number,
  power: boolean,
  say: (line: string) => void = () => {},
): Promise<Soaked> {
  const kinds = Object.keys(healthyKinds)
  const healthy = Array.from({ length: perRound }, (_, n) =>
    app(`well-${n}`, kinds[n % kinds.length] === 'a StatefulSet' ? 'statefulset' : 'deployment'),
  )
  const names = Object.keys(badKinds)
  const bad = Array.from({ length: Math.max(perRound, names.length) }, (_, n): Bad => {
    const name = names[n % names.length] ?? ''
    const { kind, room } = badKinds[name] ?? {}
    return { name, address: app(`bad-${n}`, kind, room === undefined ? 'shop' : `room-${n}`) }
  })
  await few(healthy, (one) => createApp(world, one))
  await few(bad, (one) => createBad(world, one))
  const watcher = world.watch([...healthy, ...bad.map((one) => one.address)])
  const falses: string[] = []
  const missed: string[] = []
  let count = 0
  for (let round = 1; count < wanted; round++) {
    const before = watcher.found.length
    const some = Math.min(perRound, wanted - count)
    const number = `${round + 1}.0`
    const nodes = disturb(world, healthy, power && round % 2 === 1)
    const turn = Array.from({ length: some }, (_, n) => bad[((round - 1) * perRound + n) % bad.length]).flatMap(
      (one) => one ?? [],
    )
    const kindOf = (one: WorkloadAddress, n: number) =>
      kinds[(n + offset(one, round, kinds.length)) % kinds.length] ?? ''
    const [, found] = await Promise.all([
      Promise.all(healthy.slice(0, some).map((one, n) => healthyRelease(world, one, kindOf(one, n), number))),
      Promise.all(turn.map((one) => badRelease(world, watcher, before, one, number))),
    ])
    await nodes
    missed.push(...found.flatMap((one) => one ?? []))
    falses.push(
      ...watcher.found
        .slice(before)
        .filter((one) => one.app.startsWith('well-'))
        .map(words),
    )
    count += some
    say(`${count} of ${wanted} and ${wanted}: ${falses.length} false, ${missed.length} missed`)
    for (const words of [...falses, ...missed]) say(words)
    if (count < wanted) await few(turn, (one) => heal(world, one.address, `${number}.1`, badKinds[one.name]?.room))
  }
  await watcher.stop()
  return { healthy: count, bad: count, falses, missed }
}

/** Not all at once: what is not measured shall not overload the machine. */
async function few<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < list.length; from += 8) await Promise.all(list.slice(from, from + 8).map(work))
}

/** A Deployment has another kind of release each round; a StatefulSet stays what it is. */
function offset({ kind }: WorkloadAddress, round: number, kinds: number): number {
  return kind === 'statefulset' ? 0 : (round - 1) % (kinds - 1)
}

async function createBad(world: WatchedWorld, { address, name }: Bad): Promise<void> {
  const { spec, room } = badKinds[name] ?? {}
  await createApp(world, address, spec)
  if (room !== undefined) await giveRoom(world, address.namespace, room)
}

/** Resolves when it is out and has been so for a while. */
async function healthyRelease(world: WatchedWorld, one: WorkloadAddress, kind: string, number: string): Promise<void> {
  await sleep(Math.random() * spreadMs)
  await healthyKinds[one.kind === 'statefulset' ? 'a StatefulSet' : kind]?.(world, one, number)
  await sleep(3_000)
  await settled(world, one)
}

/** @returns what is wrong, if anything is */
async function badRelease(
  world: WatchedWorld,
  watcher: Watcher,
  before: number,
  { address, name }: Bad,
  number: string,
) {
  const kind = badKinds[name]
  await sleep(Math.random() * spreadMs)
  await kind?.release(world, address, number)
  const isIts = (one: BadRelease): boolean => one.app === address.name && one.revision > 1
  const found = await until(name, () => watcher.found.slice(before).find(isIts)).catch(() => undefined)
  if (found === undefined) return `${name}: nothing was said`
  return kind?.signals.includes(found.signal) === true && !found.oldFailing ? undefined : `${name}: ${words(found)}`
}

const words = (one: BadRelease): string =>
  `${one.app} ${one.signal}${one.oldFailing ? ' (old too)' : ''} ${JSON.stringify(one.sights[0])}`

/** A drain, and a node without power until it is known to be so. */
async function disturb(world: WatchedWorld, healthy: readonly WorkloadAddress[], power: boolean): Promise<void> {
  await sleep(2_000)
  await drain(world, 'node-b', healthy)
  await sleep(1_000)
  await uncordon(world, 'node-b')
  if (!power) return
  await world.kubelet.stopNode('node-c')
  await until('the silence of node-c is noticed', async () => (await readyNode(world)) !== 'True')
  await sleep(1_000)
  await world.kubelet.startNode('node-c')
}

async function readyNode({ client }: WatchedWorld): Promise<string | undefined> {
  const conditions = listAt(await client.get('/api/v1/nodes/node-c'), 'status', 'conditions')
  return textAt(
    conditions.find((one) => textAt(one, 'type') === 'Ready'),
    'status',
  )
}
