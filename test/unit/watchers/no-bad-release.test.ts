import { expect, it, test } from 'vitest'
import { type AppWords, deployment, iso, pod, type Scene } from './scene.ts'
import {
  cannotMake,
  died,
  givenUp,
  hangs,
  killed,
  loop,
  looping,
  nowhere,
  oom,
  out,
  play,
  preempted,
  probed,
  quick,
  refused,
  rolling,
  runs,
  type Seen,
  startup,
  unavailable,
  unmounted,
  unready,
  waits,
} from './words.ts'

const node = (ready: boolean) => (here: Scene) => here.node('node-b', ready)
const onB = { node: 'node-b' }
const slowOld = pod('old-1', { of: 'old', runs: -500, readyAt: -410, ready: true })
const byReboot = runs({ restarts: 2, last: { exitCode: 255, reason: 'Unknown' } })
/** The controller of nodes marks its pods, before the node itself is seen to be silent. */
const silent = {
  ...hangs('a'),
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: iso(40) }],
    containerStatuses: [
      { name: 'app', ready: true, started: true, restartCount: 0, state: { running: { startedAt: iso(2) } } },
    ],
  },
}
const single: AppWords = { ...out(unavailable), replicas: 1, updated: 1, total: 1, available: 0 }
const more: AppWords = { ...out(cannotMake('exceeded quota')), replicas: 9 }

type Kind = 'watching' | 'healthy' | 'node_fault' | 'over'
const rows: readonly (readonly [title: string, kind: Kind, app: AppWords, ...seen: Seen[]])[] = [
  ["one end is one pod's misfortune", 'watching', probed, died('a')],
  ['one lack of memory that does not repeat', 'watching', probed, runs({ restarts: 1, last: oom }), 5],
  ['a pull that fails once', 'watching', probed, waits('ErrImagePull'), 4],
  ['a registry away for a moment', 'watching', probed, waits('ImagePullBackOff', 'dial tcp: i/o timeout'), 20],
  ['a pull that fails where siblings run', 'node_fault', probed, pod('b'), waits('ImagePullBackOff'), 90],
  ['a slow start', 'watching', probed, runs(), refused(4), 35],
  ['a start of which events tell nothing', 'watching', probed, runs(), 45],
  ['a start as slow as that of the version before', 'watching', probed, slowOld, runs(), refused(9), 100],
  ['a start that its startup probe allows', 'watching', startup, runs({ started: false }), 500],
  ['probes that fail on the way out', 'watching', probed, pod('a', { deleting: true, ...loop }), killed('liveness', 3)],
  ['a Secret that comes a moment later', 'watching', probed, waits('ContainerCreating'), unmounted(2), 60],
  ['a quick probe that fails for a moment', 'watching', quick, pod('a', { runs: 2 }), hangs('a'), unready(1), 4],
  ['an eviction', 'node_fault', probed, pod('a', { phase: 'Failed', reason: 'Evicted' })],
  ['a preemption', 'node_fault', probed, preempted],
  ['a node that is NotReady', 'node_fault', probed, hangs('a', onB), node(false), 300],
  ['a node just back', 'node_fault', probed, node(false), node(true), pod('a', { ...loop, ...onB }), 20],
  ["ends that came with the node's", 'watching', probed, byReboot],
  ['the silence of a node, told by its pods first', 'watching', probed, silent, 300],
  ['a deadline of the release before', 'watching', rolling(givenUp(-30)), runs()],
  ['no place because of cordons', 'node_fault', rolling(givenUp(601)), nowhere('3 node(s) were unschedulable.')],
  ['a refusal of pods that lasts a moment', 'watching', rolling(cannotMake('exceeded quota')), 9],
  ['a refusal of old pods', 'watching', rolling(cannotMake('pods "web-oldhash-x" is forbidden')), 99],
  ['a scale-up that a quota refuses', 'healthy', more, pod('a'), 99],
  ['one of many that hangs after the rollout', 'watching', out(), pod('b'), pod('c'), hangs('a'), unready(9), 300],
  ['one kill after the rollout', 'watching', out(), pod('b'), pod('a'), killed('liveness')],
  ['one end of the only pod after the rollout', 'watching', single, died('a'), 9],
  ['availability that a node took', 'node_fault', out(unavailable), hangs('a', onB), node(false), 9],
  ['all is well', 'healthy', out(), pod('a'), pod('b'), pod('c')],
  ['a loop long after the release', 'over', out(), 1801, looping],
]

const cases = rows.map(([title, kind, app, ...seen]) => ({ title, kind, app, seen }))

it.each(cases)('$title: $kind', ({ kind, app, seen }) => {
  expect(play(app, seen).verdict()?.kind).toBe(kind)
})

test('the old version fails too: going back cannot help', () => {
  const old = { of: 'old' } as const
  const here = play(probed, [looping, pod('old-1', { ...old, ...loop }), hangs('old-2', old)])
  expect(here.verdict()).toMatchObject({ kind: 'old_failing_too', signal: 'crash_loop' })
  here.see(pod('old-2', old), pod('old-3', old))
  expect(here.verdict(), 'one of three is one').toMatchObject({ kind: 'bad' })
  // Those on their way out, and those of a failing node, say nothing.
  here.see(pod('old-1', { ...old, ...loop, deleting: true }), pod('old-2', { ...old, ...loop, ...onB }))
  here.gone('uid-old-3')
  here.node('node-b', false)
  expect(here.verdict()).toMatchObject({ kind: 'bad', signal: 'crash_loop' })
})

test('before the controller has seen the new template nothing is judged', () => {
  const here = play(probed, [looping, deployment({ ...probed, observed: false })])
  expect(here.verdict()).toBeUndefined()
  here.see(deployment({ ...probed, revision: 3 }))
  expect(here.verdict(), 'the ReplicaSet has not got its new number yet').toBeUndefined()
})

test('a verdict says when to look again', () => {
  expect(play(probed, [runs(), refused(3), 10]).verdict()).toEqual({ kind: 'watching', again: 30 })
})
