import { person } from '../scenarios/support/person.ts'
import { findKubectl, undo } from './kubectl.ts'
import type { Row } from './rows.ts'
import { confirm, ended, patched, planned, type Waiting } from './runs.ts'
import { pause, spreadOf } from './stats.ts'
import type { BenchWorld } from './world.ts'

/** Set where all real programs are installed: a comparison that is missing is then a failure. */
const mustCompare = process.env['RESCUE_REQUIRE_REAL'] !== undefined

/** Between rounds, so that neither measures the other's rollout. */
const quietMs = 700

/**
 * From the confirming click to the PATCH at the API server, and from the start of `kubectl rollout undo` to its own, taking turns on
 * twins in one cluster. Both times end when the server has read the request.
 */
export async function measureConfirm(world: BenchWorld): Promise<readonly Row[]> {
  const ana = person(world.sandbox.facts.page, 'ana')
  const kubectl = await findKubectl()
  const cards: Waiting[] = []
  for (const { name } of world.quick) cards.push(await planned(world, ana, name))
  // Its first call fills the discovery cache, as on a machine where it is used.
  const [warm, ...twins] = world.twins
  if (kubectl !== undefined && warm !== undefined) await undo(world, kubectl, warm.name)

  const ours: number[] = []
  const theirs: number[] = []
  const calls: number[] = []
  const theirCalls: number[] = []
  for (const [index, card] of cards.entries()) {
    await pause(quietMs)
    const clicked = Date.now()
    const [patch] = await Promise.all([patched(world.cluster, card.app, clicked), confirm(ana, card)])
    ours.push(patch.at - clicked)
    calls.push(patch.calls.length)
    const twin = twins[index]
    if (kubectl === undefined || twin === undefined) continue
    await pause(quietMs)
    const began = Date.now()
    const [other] = await Promise.all([patched(world.cluster, twin.name, began), undo(world, kubectl, twin.name)])
    theirs.push(other.at - began)
    theirCalls.push(other.calls.length)
  }
  for (const card of cards) await ended(world, card.run)
  return rowsOf({ ours, theirs, calls, theirCalls })
}

type Found = Readonly<Record<'ours' | 'theirs' | 'calls' | 'theirCalls', readonly number[]>>

function rowsOf({ ours, theirs, calls, theirCalls }: Found): readonly Row[] {
  const own = spreadOf(ours)
  const peer = spreadOf(theirs)
  const name = 'kubectl rollout undo'
  const than = (measured: number) => (theirs.length === 0 ? {} : { peer: { name, measured } })
  return [
    {
      // The median: the watcher that observes releases reads the app now and then as well.
      what: 'confirm click -> PATCH: Kubernetes API calls, p50',
      measured: spreadOf(calls).p50,
      unit: '',
      limit: { kind: 'count', most: 2 },
      ...than(spreadOf(theirCalls).p50),
    },
    { what: 'confirm click -> PATCH, the first of the process', measured: ours[0] ?? Number.NaN, unit: 'ms' },
    { what: 'confirm click -> PATCH, p50', measured: own.p50, unit: 'ms', ...than(peer.p50) },
    { what: 'confirm click -> PATCH, p90', measured: own.p90, unit: 'ms', ...than(peer.p90) },
    {
      what: `confirm click -> PATCH against ${name}, medians of ${own.count}`,
      measured: own.p50 / peer.p50,
      unit: 'x',
      ...(theirs.length > 0 || mustCompare ? { limit: { kind: 'ratio', most: 1 } } : {}),
    },
  ]
}
