import { describe, expect, test } from 'vitest'
import { troublesOf } from '../../src/services/kubernetes/pods/pods.ts'
import { writersOf } from '../../src/services/kubernetes/workload/managed-fields.ts'
import { revisionsOf } from '../../src/services/kubernetes/workload/revisions.ts'
import { rolloutStatus } from '../../src/services/kubernetes/workload/rollout-status.ts'
import { workloadOf } from '../../src/services/kubernetes/workload/workload.ts'
import { recorded } from './recorded.ts'

describe('the history', () => {
  test('of a Deployment: its ReplicaSets by number, the current one by template', () => {
    const { revisions } = recorded('bad-release')
    expect(
      revisions.map(({ revision, images, changeCause, current }) => ({ revision, images, changeCause, current })),
    ).toEqual([
      { revision: 2, images: ['app:2.8.0-crash'], changeCause: 'release 2.8.0', current: true },
      { revision: 1, images: ['app:2.7.3'], changeCause: 'release 2.7.3', current: false },
    ])
  })

  test('after an undo: the old ReplicaSet has the next number and keeps its name', () => {
    const before = recorded('bad-release').revisions
    const after = recorded('just-undone').revisions
    expect(after.map(({ revision, earlierNumbers, current }) => ({ revision, earlierNumbers, current }))).toEqual([
      { revision: 3, earlierNumbers: [1], current: true },
      { revision: 2, earlierNumbers: [], current: false },
    ])
    expect(after[0]?.source).toBe(before[1]?.source)
  })

  test('of a StatefulSet: its ControllerRevisions, whose hashes are those of its pods', () => {
    const { revisions, pods } = recorded('bad-release', 'statefulset')
    expect(revisions.map(({ revision, images, current }) => ({ revision, images, current }))).toEqual([
      { revision: 2, images: ['mirror:2-crash'], current: true },
      { revision: 1, images: ['mirror:1'], current: false },
    ])
    expect(new Set(pods.map((pod) => pod.podHash))).toEqual(new Set(revisions.map((each) => each.podHash)))
  })

  test('leaves out what only looks like its own: another owner, or none', () => {
    const { workload } = recorded('healthy')
    const stranger = (ownerReferences: unknown) => ({
      metadata: { name: 'x', ownerReferences, annotations: { 'deployment.kubernetes.io/revision': '9' } },
      spec: { template: workload.template },
    })
    expect(
      revisionsOf(workload, [
        stranger([{ uid: 'other', controller: true }]),
        stranger([{ uid: workload.uid }]),
        stranger(undefined),
      ]),
    ).toEqual([])
  })

  test('holds nothing that is current while a changed template waits in a paused Deployment', () => {
    expect(recorded('paused').revisions.every((revision) => !revision.current)).toBe(true)
  })
})

describe('the state of a rollout', () => {
  const kindOf = (...given: Parameters<typeof recorded>) => {
    const status = rolloutStatus(recorded(...given).workload)
    return status.kind === 'waiting' ? status.wait : status.kind
  }

  test('of a Deployment', () => {
    expect(kindOf('healthy')).toBe('done')
    expect(kindOf('bad-release')).toBe('updating')
    expect(kindOf('deadline-exceeded')).toBe('failed')
    expect(kindOf('just-undone')).toBe('done')
    expect(kindOf('paused')).toBe('paused')
  })

  test('of a StatefulSet: after an undo it still waits for the broken pod', () => {
    expect(kindOf('healthy', 'statefulset')).toBe('done')
    expect(kindOf('bad-release', 'statefulset')).toBe('unavailable')
    expect(kindOf('undone', 'statefulset')).toBe('unavailable')
  })

  test('is not known before the controller has seen the change', () => {
    const { workload } = recorded('healthy')
    expect(rolloutStatus({ ...workload, generation: workload.generation + 1 })).toMatchObject({ wait: 'not_observed' })
  })

  test('is not done while old pods still exist', () => {
    const { raw, address } = recorded('healthy').workload
    const stillOld = workloadOf(address, { ...raw, status: { ...(raw['status'] as object), replicas: 4 } })
    expect(rolloutStatus(stillOld)).toMatchObject({ kind: 'waiting', wait: 'old_pods', counts: { old: 1 } })
  })

  test('a deadline that passed before our own write does not count: the condition stays', () => {
    const { workload } = recorded('deadline-exceeded')
    expect(rolloutStatus(workload, '2026-11-24T11:31:08Z').kind).toBe('failed')
    expect(rolloutStatus(workload, '2026-11-24T11:31:09Z').kind).toBe('waiting')
  })

  test('of a Deployment that is scaled to zero is done, with no pods', () => {
    const { raw, address } = recorded('healthy').workload
    const none = workloadOf(address, {
      ...raw,
      spec: { ...(raw['spec'] as object), replicas: 0 },
      status: { observedGeneration: 9 },
    })
    expect(rolloutStatus(none)).toMatchObject({ kind: 'done', counts: { desired: 0, ready: 0 } })
  })
})

test('why a pod is not ready, in words that lead to the cause', () => {
  expect(troublesOf(recorded('bad-release').pods)).toMatchObject([
    { state: 'failing', reason: 'CrashLoopBackOff', message: 'DATABASE_URL is not set', exitCode: 1, node: 'n1' },
  ])
  expect(troublesOf(recorded('healthy').pods)).toEqual([])
})

test('who changed what, and when, by the record of the API server', () => {
  const { raw } = recorded('paused').workload
  expect(writersOf(raw, 'spec', 'template')[0]).toMatchObject({ manager: 'kubectl-set' })
  expect(writersOf(raw, 'spec', 'paused')[0]).toMatchObject({ manager: 'kubectl-rollout' })
  expect(writersOf(raw, 'spec', 'replicas')[0]).toMatchObject({ manager: 'kubectl-client-side-apply' })
  expect(writersOf(raw, 'spec', 'nothing')).toEqual([])
})
