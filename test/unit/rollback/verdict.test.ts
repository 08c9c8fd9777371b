import { beforeEach, describe, expect, test } from 'vitest'
import { hopelessness, type Watched } from '../../../src/operations/rollback/verdict.ts'
import { type ContainerView, type PodView, podView } from '../../../src/services/kubernetes/watch/projections.ts'
import { workloadOf } from '../../../src/services/kubernetes/workload/workload.ts'

const since = '2026-11-24T03:30:00Z'
const workload = workloadOf({ namespace: 'porttrack', kind: 'deployment', name: 'porttrack-app' }, {})

const container = (more: Partial<ContainerView>): ContainerView => ({
  name: 'app',
  init: false,
  ready: false,
  restarts: 0,
  state: 'waiting',
  reason: undefined,
  message: undefined,
  exitCode: undefined,
  last: undefined,
  ...more,
})
const pod = (name: string, more: Partial<ContainerView>, podHash = 'target'): PodView => ({
  ...podView({ metadata: { name, uid: name, namespace: 'porttrack' } }),
  podHash,
  ready: more.ready ?? false,
  containers: [container(more)],
})
const crashed = (restarts: number, finishedAt: string): Partial<ContainerView> => ({
  reason: 'CrashLoopBackOff',
  restarts,
  last: { reason: 'Error', message: undefined, exitCode: 1, finishedAt },
})
const after = '2026-11-24T03:30:20Z'
const before = '2026-11-20T00:00:00Z'

let watched: Watched
beforeEach(() => {
  watched = new Map()
})
const look = (pods: readonly PodView[], nowMs = 0, raw = {}) =>
  hopelessness({ workload: { ...workload, raw }, pods, targetHash: 'target', since, nowMs, graceMs: 15_000 }, watched)
    ?.reason

describe('the target fails by itself', () => {
  test('when it ended twice since it was put back', () => {
    expect(look([pod('a', crashed(1, after))])).toBeUndefined()
    expect(look([pod('a', crashed(2, after))])).toBe('CrashLoopBackOff')
  })

  test('not for crashes of days ago, nor for pods of the bad release', () => {
    expect(look([pod('a', crashed(9, before))])).toBeUndefined()
    expect(look([pod('a', crashed(9, after), 'bad')])).toBeUndefined()
  })

  test('later, when others of it are ready: one may need a moment longer', () => {
    const ready = pod('b', { ready: true, state: 'running' })
    expect(look([pod('a', crashed(3, after)), ready])).toBeUndefined()
    expect(look([pod('a', crashed(4, after)), ready])).toBe('CrashLoopBackOff')
  })

  test('when its image stays missing, but not at the first hiccup of the registry', () => {
    expect(look([pod('a', { reason: 'ErrImagePull' })], 0)).toBeUndefined()
    expect(look([pod('a', { reason: 'ImagePullBackOff' })], 14_000)).toBeUndefined()
    expect(look([pod('a', { reason: 'ErrImagePull' })], 15_000)).toBe('ImagePullBackOff')
  })

  test('with a new clock, when the trouble went away in between', () => {
    look([pod('a', { reason: 'ErrImagePull' })], 0)
    look([pod('a', { state: 'running' })], 10_000)
    expect(look([pod('a', { reason: 'ErrImagePull' })], 16_000)).toBeUndefined()
  })

  test('at once, when the name of its image is wrong', () => {
    expect(look([pod('a', { reason: 'InvalidImageName' })])).toBe('InvalidImageName')
  })

  test('when its configuration is missing', () => {
    const broken = [pod('a', { reason: 'CreateContainerConfigError' })]
    expect(look(broken, 0)).toBeUndefined()
    expect(look(broken, 15_000)).toBe('CreateContainerConfigError')
  })

  const quota = (message: string, lastUpdateTime: string) => ({
    status: {
      conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message, lastUpdateTime }],
    },
  })

  test('when its pods cannot be created at all', () => {
    expect(look([], 0, quota('exceeded quota', after))).toBeUndefined()
    expect(look([], 15_000, quota('exceeded quota', after))).toBe('FailedCreate')
  })

  test('not while the Deployment still tells that the pods of the bad release cannot be created', () => {
    const bad = quota('pods "porttrack-app-bad-x2k9p" is forbidden: exceeded quota', after)
    const old = quota('admission webhook "limits" denied the request', before)
    for (const raw of [bad, old]) {
      expect(look([], 0, raw)).toBeUndefined()
      expect(look([], 15_000, raw)).toBeUndefined()
    }
    const own = quota('pods "porttrack-app-target-x2k9p" is forbidden: exceeded quota', after)
    expect(look([], 20_000, own)).toBeUndefined()
    expect(look([], 35_000, own)).toBe('FailedCreate')
  })
})
