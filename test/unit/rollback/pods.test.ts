import { describe, expect, test } from 'vitest'
import type { EventView } from '../../../src/services/kubernetes/pods/events.ts'
import { troubleOf, troublesOf } from '../../../src/services/kubernetes/pods/pods.ts'
import { podView } from '../../../src/services/kubernetes/watch/projections.ts'

type Status = Record<string, unknown>

const pod = (status: Status, metadata: Record<string, unknown> = {}) =>
  podView({
    metadata: { name: 'api-1', namespace: 'porttrack', uid: 'u', labels: { 'pod-template-hash': 'abc' }, ...metadata },
    spec: { nodeName: 'node-1' },
    status: { phase: 'Pending', ...status },
  })
const container = (state: Status, more: Status = {}) => ({ name: 'app', ready: false, restartCount: 0, state, ...more })
const waiting = (reason: string, message = '', more: Status = {}) => container({ waiting: { reason, message } }, more)
const event = (reason: string, message: string): EventView => ({
  uid: 'e',
  type: 'Warning',
  reason,
  message,
  count: 1,
  firstAt: '',
  lastAt: '',
  kind: 'Pod',
  name: 'api-1',
})
const told = (status: Status, events: readonly EventView[] = []) => {
  const trouble = troubleOf(pod(status), events)
  return trouble === undefined ? 'fine' : `${trouble.state} ${trouble.reason}: ${trouble.message}`
}

describe('by its own fault', () => {
  test('a crash loop is told by how the process ended', () => {
    const end = { terminated: { exitCode: 137, reason: 'OOMKilled' } }
    const status = {
      containerStatuses: [waiting('CrashLoopBackOff', 'back-off 10s', { restartCount: 4, lastState: end })],
    }
    expect(told(status)).toBe('failing CrashLoopBackOff: OOMKilled')
    expect(troubleOf(pod(status))).toMatchObject({ exitCode: 137, restarts: 4 })
  })

  test('between two crashes, while it runs and is not ready, it is the same trouble', () => {
    const running = container(
      { running: {} },
      { restartCount: 3, lastState: { terminated: { exitCode: 1, reason: 'Error' } } },
    )
    expect(told({ phase: 'Running', containerStatuses: [running] })).toBe('failing Error: Error')
  })

  test('image and configuration', () => {
    expect(told({ containerStatuses: [waiting('ErrImagePull', 'app:9 not found')] })).toBe(
      'failing ErrImagePull: app:9 not found',
    )
    expect(told({ containerStatuses: [waiting('InvalidImageName', 'bad')] })).toContain('failing InvalidImageName')
    expect(told({ containerStatuses: [waiting('CreateContainerConfigError', 'secret "s" not found')] })).toBe(
      'failing CreateContainerConfigError: secret "s" not found',
    )
  })

  test('an init container, named when there are several', () => {
    const failed = {
      ...waiting('CrashLoopBackOff', '', { lastState: { terminated: { exitCode: 2, message: 'no database' } } }),
      name: 'migrate',
    }
    const trouble = troubleOf(pod({ initContainerStatuses: [failed], containerStatuses: [waiting('PodInitializing')] }))
    expect(trouble).toMatchObject({ state: 'failing', container: 'migrate', message: 'no database', exitCode: 2 })
  })

  test('a volume that cannot be mounted, which only events tell', () => {
    expect(
      told({ containerStatuses: [waiting('ContainerCreating')] }, [event('FailedMount', 'secret "s" not found')]),
    ).toBe('failing FailedMount: secret "s" not found')
  })

  test('messages hold no password', () => {
    const status = { containerStatuses: [waiting('CreateContainerError', 'postgres://app:hunter2@db/x refused')] }
    expect(told(status)).not.toContain('hunter2')
  })
})

describe('not by its own fault', () => {
  test('no node has room', () => {
    const conditions = [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes: Insufficient memory' },
    ]
    expect(told({ conditions })).toBe('node Unschedulable: 0/3 nodes: Insufficient memory')
  })

  test('evicted, preempted or drained', () => {
    expect(told({ phase: 'Failed', reason: 'Evicted', message: 'low on memory' })).toBe('node Evicted: low on memory')
    expect(
      told({ conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }] }),
    ).toContain('node PreemptionByScheduler')
  })
})

describe('only starting', () => {
  test('a running container whose readiness has not come yet, with what the probe said', () => {
    const status = { phase: 'Running', containerStatuses: [container({ running: {} })] }
    expect(told(status)).toBe('starting NotReady: ')
    expect(told(status, [event('Unhealthy', 'Readiness probe failed: HTTP 503')])).toBe(
      'starting Unhealthy: Readiness probe failed: HTTP 503',
    )
    expect(told(status, [event('Unhealthy', 'Readiness probe errored: timeout')])).toBe('starting NotReady: ')
  })

  test('an image that is being pulled', () => {
    expect(
      told({ containerStatuses: [waiting('ContainerCreating')] }, [event('Pulling', 'Pulling image "app:2"')]),
    ).toBe('starting Pulling: Pulling image "app:2"')
  })
})

describe('no trouble', () => {
  test('ready pods, and pods on their way out, whose probes keep failing', () => {
    const ready = {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [container({ running: {} }, { ready: true })],
    }
    expect(told(ready)).toBe('fine')
    expect(troubleOf(pod({ phase: 'Running' }, { deletionTimestamp: '2026-11-24T03:00:00Z' }))).toBeUndefined()
  })

  test('a sidecar or finished init container', () => {
    const done = { ...container({ terminated: { exitCode: 0 } }), name: 'init' }
    expect(told({ initContainerStatuses: [done], containerStatuses: [waiting('PodInitializing')] })).toBe(
      'starting PodInitializing: ',
    )
  })
})

test('the worst pods come first', () => {
  const crash = (name: string, restartCount: number) =>
    pod({ containerStatuses: [waiting('CrashLoopBackOff', '', { restartCount })] }, { name })
  const starting = pod({ containerStatuses: [waiting('ContainerCreating')] }, { name: 'new' })
  expect(troublesOf([starting, crash('twice', 2), crash('often', 9)]).map((each) => each.pod)).toEqual([
    'often',
    'twice',
    'new',
  ])
})

test('what is kept of a pod is far below one KiB', () => {
  const status = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [container({ running: {} })],
  }
  expect(JSON.stringify(pod(status)).length).toBeLessThan(700)
})
