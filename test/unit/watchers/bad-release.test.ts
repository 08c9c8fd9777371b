import { expect, it } from 'vitest'
import type { Signal } from '../../../src/watchers/bad-releases/types.ts'
import { type AppWords, pod } from './scene.ts'
import {
  cannotMake,
  died,
  failed,
  givenUp,
  hangs,
  killed,
  loop,
  looping,
  nowhere,
  oom,
  out,
  play,
  probed,
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

const initLoop = {
  name: 'migrate',
  restartCount: 1,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: failed },
}
const wasReady = pod('a', { runs: 2, readyAt: 4, ready: true })
const quota = cannotMake('pods "web-newhash-x" is forbidden: exceeded quota')

const rows: readonly (readonly [title: string, signal: Signal, app: AppWords, ...seen: Seen[]])[] = [
  ['a container waits in its crash loop', 'crash_loop', probed, looping],
  ['a container ends for the second time', 'crash_loop', probed, died('a', { restarts: 1 })],
  ['an init container loops', 'crash_loop', probed, waits('PodInitializing', '', { init: initLoop })],
  ['it loops while its rollout is long complete', 'crash_loop', out(), 900, looping],
  ['it runs out of memory twice', 'out_of_memory', probed, pod('a', { ...loop, last: oom })],
  ['the image is backed off from', 'image_pull', probed, waits('ImagePullBackOff')],
  ['a pull fails for 5 s', 'image_pull', probed, waits('ErrImagePull'), 5],
  ['the registry is away for 30 s', 'image_pull', probed, waits('ImagePullBackOff', 'dial tcp: i/o timeout'), 30],
  ['the image has no name', 'invalid_image', probed, waits('InvalidImageName')],
  ['a key is missing', 'config_error', probed, waits('CreateContainerConfigError')],
  ['a Secret to mount stays missing', 'config_error', probed, waits('ContainerCreating'), unmounted(4), 10],
  ['liveness fails as often as its threshold says', 'liveness_failed', probed, pod('a'), killed('liveness')],
  ['it is killed twice after the rollout', 'liveness_failed', out(), pod('a'), killed('liveness', 2)],
  ['it never starts', 'startup_failed', startup, runs({ started: false }), killed('startup')],
  ['it was ready and fails three checks', 'readiness_failed', probed, wasReady, hangs('a'), unready(3)],
  ['it answers badly for 30 s', 'readiness_failed', probed, runs(), unready(4), 30],
  ['nobody listens for 40 s', 'readiness_failed', probed, runs(), refused(5), 40],
  ['its events are lost, and it is unready for longer', 'readiness_failed', probed, runs(), 50],
  ['it has started and fails', 'readiness_failed', startup, runs({ started: false }), 300, runs(), unready(3), 30],
  [
    'two pods hang after the rollout',
    'readiness_failed',
    out(),
    hangs('a'),
    hangs('b'),
    unready(3),
    unready(3, 'b'),
    1,
  ],
  ['a quota refuses its pods for 10 s', 'quota', rolling(quota), 10],
  ['the controller gives up', 'deadline_exceeded', rolling(givenUp(601)), runs()],
  ['it asks for more than there is', 'deadline_exceeded', rolling(givenUp(601)), nowhere('3 Insufficient memory.')],
  ['its pods die together', 'unavailable_after_release', out(unavailable), died('a'), died('b'), 1.5],
]

const cases = rows.map(([title, signal, app, ...seen]) => ({ title, signal, app, seen }))

it.each(cases)('$title: $signal', ({ signal, app, seen }) => {
  expect(play(app, seen).verdict()).toMatchObject({ kind: 'bad', signal })
})

it('tells what it saw, as a person would look it up', () => {
  expect(play(probed, [looping]).verdict()).toMatchObject({
    sights: [
      { signal: 'crash_loop', pod: 'a', container: 'app', reason: 'CrashLoopBackOff', exitCode: 1, restarts: 1 },
    ],
  })
  expect(play(probed, [runs(), unready(4), 30]).verdict()).toMatchObject({
    sights: [{ reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with statuscode: 503' }],
  })
})
