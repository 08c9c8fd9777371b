import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RawObject } from '../../../src/services/kubernetes/api/json.ts'
import { complete, deployment, event, iso, pod, replicaSet, scene } from './scene.ts'
import { died, givenUp, hangs, killed, loop, probed, refused, rolling, runs, unready } from './words.ts'

/** One who comes when all has happened: the API's own times say how old it is. `now` is when the newest thing was written. */
function taken(now: number, ...objects: readonly RawObject[]) {
  const here = scene()
  here.see(...objects, pod('other', { of: 'old', writtenAt: now }))
  here.begin()
  return here
}
const rolled = [replicaSet('old'), replicaSet('new', probed), deployment(probed)]
const undone = { ...probed, history: '1', createdAt: -80_000 }

test('whoever takes over judges what has happened before', () => {
  expect(taken(60, ...rolled, pod('a', loop)).verdict()).toMatchObject({ kind: 'bad', signal: 'crash_loop' })
  expect(taken(60, ...rolled, hangs('a', { writtenAt: 40 }), unready(3)).verdict()).toMatchObject({ kind: 'bad' })
  expect(taken(60, ...rolled, pod('a'), killed('liveness')).verdict()).toMatchObject({ signal: 'liveness_failed' })
  const deadline = [replicaSet('old'), replicaSet('new', probed), deployment(rolling(givenUp(601)))]
  expect(taken(605, ...deadline, runs({ writtenAt: 3 })).verdict()).toMatchObject({ signal: 'readiness_failed' })
})

test('whoever takes over knows how long a slow start has been under way', () => {
  const here = taken(25, ...rolled, runs({ writtenAt: 5 }), refused(3))
  expect(here.verdict()).toEqual({ kind: 'watching', again: 20 })
})

test('whoever takes over knows when the window is over', () => {
  expect(
    taken(
      1_900,
      replicaSet('old'),
      replicaSet('new', probed),
      deployment({ ...probed, conditions: [complete] }),
      pod('a', loop),
    ).verdict(),
  ).toEqual({ kind: 'over' })
})

test('a revision that came back is as old as its return, not as its making', () => {
  const objects = [
    replicaSet('old'),
    replicaSet('new', undone),
    deployment(probed),
    pod('a', { ...loop, created: 100 }),
  ]
  const here = taken(160, ...objects)
  expect(here.verdict()?.kind).toBe('bad')
  expect(here.look()?.track.cameAt).toBe(Date.parse(iso(100)) / 1000)
})

test('a restart by hand is known as one', () => {
  const restarted = {
    generation: 7,
    image: 'registry.shop.example/app:1.0',
    container: {},
    annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' },
  }
  const here = taken(5, replicaSet('old'), replicaSet('new', restarted), deployment(restarted), pod('a', loop))
  expect(here.look()?.restartOnly).toBe(true)
  expect(taken(5, ...rolled).look()?.restartOnly).toBe(false)
})

test('a clock that is wrong on a node, or here, changes nothing', () => {
  const skewed = pod('a', { runs: 90_002, readyAt: 90_040, ready: false })
  const never = pod('a', { runs: -90_000, readyAt: -90_003, ready: false })
  const here = scene()
  here.see(replicaSet('old'))
  here.begin()
  here.see(replicaSet('new', probed), deployment(probed), skewed, unready(3))
  expect(here.verdict()).toMatchObject({ kind: 'bad', signal: 'readiness_failed' })
  here.see(never)
  expect(here.verdict()).toMatchObject({ kind: 'watching' })
})

/** Versions of one object keep their order; streams do not keep that of each other, and may repeat. */
const streams: readonly (readonly RawObject[])[] = [
  [replicaSet('old')],
  [replicaSet('new', probed)],
  [deployment({ ...probed, observed: false }), deployment(probed)],
  [pod('old-1', { of: 'old' })],
  [pod('a', { waits: { reason: 'ContainerCreating' } }), runs(), died('a'), runs({ restarts: 1 }), pod('a', loop)],
  [
    pod('b', { waits: { reason: 'ContainerCreating' } }),
    pod('b', { runs: 2 }),
    pod('b', { runs: 2, readyAt: 3, ready: true }),
    hangs('b'),
  ],
  [refused(1), refused(2), refused(3)],
  [unready(1, 'b'), unready(3, 'b'), unready(2, 'b')],
  [killed('liveness'), killed('liveness')],
  [event('uid-old-1', 'Unhealthy', 'Readiness probe failed: probe errored')],
]

test('the order of what comes does not matter, nor that it comes twice', () => {
  const whole = streams.flatMap((stream, index) => stream.map(() => index))
  const play = (order: readonly number[], repeats: boolean) => {
    const here = scene()
    here.begin()
    const next = streams.map(() => 0)
    for (const index of order) {
      const at = next[index] ?? 0
      next[index] = at + 1
      const object = streams[index]?.[at]
      if (object !== undefined) here.see(...(repeats ? [object, object] : [object]))
      here.look()
    }
    const pods = here
      .look()
      ?.view.pods.map(({ pod, state, since, evidence }) => ({ name: pod.name, state, since, evidence }))
    return { verdict: here.verdict(), pods: pods?.sort((a, b) => (a.name < b.name ? -1 : 1)) }
  }
  const wanted = play(whole, false)
  expect(wanted.verdict).toMatchObject({ kind: 'bad', signal: 'liveness_failed' })
  expect(wanted.pods?.[1]?.evidence.unready?.count).toBe(3)
  const orders = fc.shuffledSubarray(whole, { minLength: whole.length, maxLength: whole.length })
  const same = fc.property(orders, fc.boolean(), (order, repeats) => {
    expect(play(order, repeats)).toEqual(wanted)
  })
  fc.assert(same, { numRuns: 300 })
})
