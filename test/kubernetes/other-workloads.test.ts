import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { change, createApp, failing, imageOf, read, release, restartOnePod, settled } from './apps.ts'
import { execute, plan, type Scenario, type Surround, startScenario, startSurround } from './scenario.ts'

let surround: Surround
let world: Scenario

beforeAll(async () => {
  surround = await startSurround()
})
afterAll(() => surround.stop())
afterEach(() => world.stop())

test('a StatefulSet that is stuck on its broken pod comes back: the pod is replaced after the template', async () => {
  world = await startScenario(surround, 'stateful', { workload: 'statefulset/porttrack-mirror' })
  await createApp(world, '1.0')
  await release(world, '1.1-crash')
  await failing(world, 'CrashLoopBackOff')
  const seen = await plan(world)
  expect(seen).toMatchObject({ from: { revision: 2 }, to: { revision: 1, images: ['app:1.0'] } })
  const { outcome, steps } = await execute(world, seen)
  expect(outcome).toMatchObject({
    kind: 'verified',
    detail: { revision: 3, counts: { desired: 2, ready: 2, updated: 2 } },
  })
  expect(steps).toContain('replaceStuckPods')
  expect(imageOf(await read(world))).toBe('app:1.0')
})

test('also when its readiness just never comes', async () => {
  world = await startScenario(surround, 'stateful-unready', { workload: 'statefulset/porttrack-mirror' })
  await createApp(world, '1.0')
  await release(world, '1.1-unready')
  await failing(world, 'NotReady')
  const { outcome } = await execute(world, await plan(world))
  expect(outcome).toMatchObject({ kind: 'verified', reason: 'rolled_back' })
})

test('the right to delete the broken pod is missing: the template is back, and the outcome says what stands in its way', async () => {
  const kubeconfig = await surround.cluster.kubeconfigOf({
    user: 'no-deleter',
    groups: [],
    rules: [{ verbs: ['get', 'list', 'patch'], apiGroups: ['', 'apps'], resources: ['*'] }],
  })
  world = await startScenario(surround, 'stateful-rights', { workload: 'statefulset/porttrack-mirror', kubeconfig })
  await createApp(world, '1.0')
  await release(world, '1.1-crash')
  await failing(world, 'CrashLoopBackOff')
  const { outcome } = await execute(world, await plan(world))
  expect(outcome).toMatchObject({ kind: 'failed', reason: 'forbidden', detail: { restored: true } })
  expect(outcome.detail['message']).toContain('cannot delete resource "pods"')
})

test('where pods change only when they are deleted, broken ones are, and the healthy old ones are said to be left', async () => {
  world = await startScenario(surround, 'on-delete', { workload: 'daemonset/porttrack-agent' })
  await createApp(world, '1.0')
  await change(world, { spec: { updateStrategy: { $retainKeys: ['type'], type: 'OnDelete', rollingUpdate: null } } })
  await release(world, '1.1')
  const seen = await plan(world, { toRevision: 1 })
  expect(seen.warnings.map((warning) => warning.code)).toContain('on_delete')
  const { outcome } = await execute(world, seen)
  expect(outcome).toMatchObject({ kind: 'verified' })
  await release(world, '1.2')
  await restartOnePod(world)
  const { outcome: half } = await execute(world, await plan(world, { toRevision: 2 }))
  expect(half).toMatchObject({ reason: 'rollout_timed_out', detail: { restored: true, waitingFor: 'on_delete' } })
})

test('a DaemonSet goes back node by node', async () => {
  world = await startScenario(surround, 'daemons', { workload: 'daemonset/porttrack-agent' })
  await createApp(world, '1.0')
  await release(world, '1.1-missing')
  await failing(world, 'ImagePullBackOff')
  const seen = await plan(world)
  expect(seen.replicas).toBeUndefined()
  const { outcome } = await execute(world, seen)
  expect(outcome).toMatchObject({ kind: 'verified', detail: { revision: 3, counts: { desired: 2, ready: 2 } } })
  await settled(world)
})
