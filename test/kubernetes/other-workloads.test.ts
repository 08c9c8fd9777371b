import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createApp, failing, imageOf, read, release, settled } from './apps.ts'
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
