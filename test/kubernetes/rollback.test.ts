import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { PodProblem } from '../../src/operations/rollback/types.ts'
import { sameTemplate } from '../../src/services/kubernetes/workload/template-equality.ts'
import { releasesOf } from '../../src/store/releases.ts'
import { change, createApp, failing, generationOf, imageOf, read, readyPods, release, settled } from './apps.ts'
import {
  captureEvidence,
  decide,
  execute,
  plan,
  type Scenario,
  type Surround,
  startScenario,
  startSurround,
  undo,
  until,
} from './scenario.ts'

let surround: Surround
let world: Scenario
let count = 0

beforeAll(async () => {
  surround = await startSurround()
})
afterAll(() => surround.stop())
afterEach(() => world.stop())

const workloadPath = /deployments\/porttrack-app/

async function start(more: Parameters<typeof startScenario>[2] = {}): Promise<void> {
  world = await startScenario(surround, `rollback-${++count}`, more)
}

/** 2.7.3 is healthy, 2.8.0 has just been released and does not work. */
async function badRelease(tag: string, reason: string, more: Parameters<typeof startScenario>[2] = {}): Promise<void> {
  await start(more)
  await createApp(world, '2.7.3')
  await release(world, tag)
  await failing(world, reason)
}

test('a crash-looping release is undone: the plan says why, the pods come back, the template is the old one', async () => {
  await start()
  await createApp(world, '2.7.3')
  const before = await read(world)
  await release(world, '2.8.0-crash')
  await failing(world, 'CrashLoopBackOff')

  const seen = await plan(world)
  expect(seen).toMatchObject({
    from: { revision: 2, images: ['app:2.8.0-crash'], changeCause: 'release 2.8.0-crash' },
    to: { revision: 1, images: ['app:2.7.3'], changeCause: 'release 2.7.3' },
    readiness: { desired: 3, ready: 0, oldReady: 3, oldRevisions: [1] },
    problems: [{ revision: 2, reason: 'CrashLoopBackOff', exitCode: 1, state: 'failing' }],
    changes: [{ path: 'image (app)', before: 'app:2.8.0-crash', after: 'app:2.7.3' }],
  })

  const { outcome, steps } = await execute(world, seen)
  expect(outcome).toMatchObject({
    kind: 'verified',
    reason: 'rolled_back',
    detail: { restored: true, revision: 3, counts: { desired: 3, ready: 3, updated: 3, old: 0 } },
  })
  expect(steps).toEqual(['compareWithPlan', 'restoreTemplate', 'awaitRollout', 'checkHealth', 'watchFlipBack'])
  const after = await read(world)
  expect(sameTemplate(after.template, before.template)).toBe(true)
  expect(after.annotations['kubernetes.io/change-cause']).toBe('release 2.7.3')
  expect(await readyPods(world)).toBe(3)
})

test('from the confirming click to the accepted PATCH there are two calls', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff')
  const seen = await plan(world)
  world.cluster.requests.clear()
  await execute(world, seen)
  const ours = world.cluster.requests.all.filter(
    (request) => request.userAgent === 'rescue' && !request.path.includes('/events'),
  )
  const patchAt = ours.findIndex((request) => request.method === 'PATCH')
  expect(ours.slice(0, patchAt + 1).map((request) => `${request.verb} ${request.status}`)).toEqual([
    'get 200',
    'patch 200',
  ])
  expect(ours.filter((request) => request.method === 'PATCH')).toHaveLength(1)
})

test('a second person, a retry or a double click does not go forward to the bad release', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff')
  const seen = await plan(world)
  await execute(world, seen)
  expect(await decide(world)).toMatchObject({
    kind: 'refuse',
    reason: 'just_rolled_back',
    detail: { current: { revision: 3 }, wentBackFrom: { revision: 2 } },
  })
  expect((await execute(world, seen)).outcome).toMatchObject({ kind: 'nothing_to_do', reason: 'already_there' })
  expect(imageOf(await read(world))).toBe('app:2.7.3')
})

test('the revision that was left is remembered as failed, with its reason', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff')
  await execute(world, await plan(world))
  expect(await releasesOf(world.services.db, 'porttrack-app')).toMatchObject([
    { image: 'app:2.8.0-crash', failedReason: 'CrashLoopBackOff' },
  ])
  await release(world, '2.9.0')
  await settled(world)
  const seen = await plan(world)
  expect(seen.to.revision).toBe(3)
  expect((await plan(world, { toRevision: 2 })).warnings).toContainEqual({
    code: 'failed_before',
    data: { revision: 2, reason: 'CrashLoopBackOff' },
  })
})

test('undo of the run goes to the very ReplicaSet that was left, though its neighbours were renumbered', async () => {
  await badRelease('2.8.0-unready', 'NotReady')
  const seen = await plan(world)
  const { outcome } = await execute(world, seen)
  const request = undo?.({ app: 'porttrack-app' }, seen, outcome)
  const was = { revision: seen.from.revision, images: seen.from.images }
  expect(request).toEqual({ operation: 'rollback', params: { app: 'porttrack-app', toSource: seen.from.source, was } })
  const back = await plan(world, { toSource: seen.from.source })
  expect(back.to).toMatchObject({ revision: 2, images: ['app:2.8.0-unready'] })
})

test('somebody scaled it after the plan was shown: refused, with who and what, and nothing is changed', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff')
  const seen = await plan(world)
  await change(world, { spec: { replicas: 5 } })
  const before = await read(world)
  const { outcome, steps } = await execute(world, seen)
  expect(outcome).toMatchObject({
    kind: 'refused',
    reason: 'world_moved',
    detail: { restored: false, moved: [{ field: 'replicas', before: '3', after: '5', by: 'rescue' }] },
  })
  expect(steps).toEqual(['compareWithPlan'])
  expect(generationOf(await read(world))).toBe(generationOf(before))
})

test('somebody releases in the moment between the look and the write: the write does not apply', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff')
  const seen = await plan(world)
  const meanwhile: Scenario = {
    ...world,
    services: {
      ...world.services,
      cluster: () => ({
        ...world.bot,
        patch: async (...given) => {
          await release(world, '2.8.1')
          return world.bot.patch(...given)
        },
      }),
    },
  }
  const { outcome } = await execute(meanwhile, seen)
  expect(outcome).toMatchObject({
    kind: 'refused',
    reason: 'world_moved',
    detail: { restored: false, moved: [{ field: 'template', changes: [{ path: 'image (app)', after: 'app:2.8.1' }] }] },
  })
  expect(imageOf(await read(world))).toBe('app:2.8.1')
})

test('a paused Deployment is refused with who paused it; an emergency restores and resumes in one write', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff')
  await change(world, { spec: { paused: true } })
  expect(await decide(world)).toMatchObject({
    kind: 'refuse',
    reason: 'paused',
    detail: { pausedBy: { manager: 'rescue' } },
  })
  const generation = generationOf(await read(world))
  const { outcome } = await execute(world, await plan(world, { emergency: true }))
  expect(outcome.reason).toBe('rolled_back')
  const after = await read(world)
  expect([after.paused, imageOf(after), generationOf(after)]).toEqual([false, 'app:2.7.3', generation + 1])
})

test('when the target does not work either, it ends early and says which pod, why, and what still serves', async () => {
  await start()
  await createApp(world, '2.7.3')
  await release(world, '2.7.4-missing')
  await failing(world, 'ImagePullBackOff')
  await release(world, '2.8.0')
  await settled(world)
  const { outcome } = await execute(world, await plan(world, { toRevision: 2 }))
  expect(outcome).toMatchObject({
    kind: 'failed',
    reason: 'rollout_failed',
    detail: { restored: true, why: 'ImagePullBackOff', oldReady: 3 },
  })
  const problems = outcome.detail['problems'] as PodProblem[]
  expect(problems[0]).toMatchObject({ revision: 2, state: 'failing' })
  expect(outcome.detail['alternatives']).toBeDefined()
  expect(await releasesOf(world.services.db, 'porttrack-app')).toMatchObject([{ image: 'app:2.7.4-missing' }])
})

test('a stop while pods start leaves the workload as it is and says how it is', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff')
  await change(world, { spec: { minReadySeconds: 60 } })
  await release(world, '2.8.1-crash')
  await failing(world, 'CrashLoopBackOff')
  const seen = await plan(world, { toRevision: 2 })
  let asked = false
  const { outcome } = await execute(world, seen, {
    stopRequested: () => asked,
    onProgress: async () => {
      asked = true
    },
  })
  expect(outcome).toMatchObject({
    kind: 'failed',
    reason: 'stopped',
    detail: { restored: true, counts: { desired: 3 } },
  })
  expect(imageOf(await read(world))).toBe('app:2.8.0-crash')
})

test('a tool that puts the release back while we wait is found out, with its name', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff')
  const seen = await plan(world)
  let flipped = false
  const { outcome } = await execute(world, seen, {
    onProgress: async () => {
      if (flipped) return
      flipped = true
      await release(world, '2.8.0-crash')
    },
  })
  expect(outcome).toMatchObject({ kind: 'failed', reason: 'flipped_back', detail: { restored: false } })
})

test('an unanswered write is found done and not repeated', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff')
  const seen = await plan(world)
  const generation = generationOf(await read(world))
  world.cluster.faults.add({ match: { method: 'PATCH', path: workloadPath }, answer: 'lost' })
  const { outcome } = await execute(world, seen)
  expect(outcome).toMatchObject({ kind: 'verified', reason: 'rolled_back' })
  expect(generationOf(await read(world))).toBe(generation + 1)
  expect(world.cluster.faults.unused()).toEqual([])
})

test('an API server that breaks connections, is busy or says 500 for a while does not end the wait', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff')
  const seen = await plan(world)
  world.cluster.faults.add({
    match: { method: 'PATCH', path: workloadPath },
    answer: { status: 429, headers: { 'retry-after': '1' } },
  })
  const faults = ['reset', { status: 503 }, { status: 500 }, 'reset', 'reset', 'half-open'] as const
  let begun = false
  const { outcome } = await execute(world, seen, {
    onProgress: async (step) => {
      if (step !== 'awaitRollout' || begun) return
      begun = true
      for (const answer of faults) world.cluster.faults.add({ match: { method: 'GET', path: workloadPath }, answer })
    },
  })
  expect(outcome).toMatchObject({ kind: 'verified', reason: 'rolled_back' })
})

test('a right that is missing shows in the plan, before anybody confirms', async () => {
  const kubeconfig = await surround.cluster.kubeconfigOf({
    user: 'looker',
    groups: [],
    rules: [
      {
        verbs: ['get', 'list', 'watch'],
        apiGroups: ['', 'apps'],
        resources: ['deployments', 'replicasets', 'pods', 'events'],
      },
    ],
  })
  await badRelease('2.8.0-crash', 'CrashLoopBackOff', { kubeconfig })
  expect(await decide(world)).toMatchObject({
    kind: 'refuse',
    reason: 'forbidden',
    detail: { verb: 'patch', resource: 'deployments' },
  })
})

test('where the catalog impersonates, the cluster sees the person who confirmed, with their groups', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff', { impersonate: true })
  await letGroupRollBack('sre')
  const seen = await plan(world)
  world.cluster.requests.clear()
  await execute(world, seen)
  const patch = world.cluster.requests.all.find(
    (request) => request.verb === 'patch' && request.path.includes('deployments'),
  )
  expect(patch).toMatchObject({
    impersonated: 'ana@porttrack.example',
    impersonatedGroups: expect.arrayContaining(['sre']),
  })
})

async function letGroupRollBack(group: string): Promise<void> {
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'rollback' } }
  const rules = [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'patch'] }]
  const path = '/apis/rbac.authorization.k8s.io/v1'
  await world.admin.post(`${path}/clusterroles`, { ...rbac, kind: 'ClusterRole', rules })
  await world.admin.post(`${path}/clusterrolebindings`, {
    ...rbac,
    kind: 'ClusterRoleBinding',
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'rollback' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group }],
  })
}

test('the plan tells what stands around: who serves through it, who owns its size, what changed since, what is gone', async () => {
  await start()
  const { admin } = world
  const namespace = `rollback-${count}`
  const object = (apiVersion: string, kind: string, name: string, rest: object) => ({
    apiVersion,
    kind,
    metadata: { name },
    ...rest,
  })
  const core = `/api/v1/namespaces/${namespace}`
  await admin.post(`${core}/configmaps`, object('v1', 'ConfigMap', 'porttrack-config', { data: { LEVEL: 'info' } }))
  await createApp(world, '2.7.3')
  const envFrom = [{ configMapRef: { name: 'porttrack-config' } }, { secretRef: { name: 'gone', optional: true } }]
  await change(world, { spec: { template: { spec: { containers: [{ name: 'app', envFrom }] } } } })
  await settled(world)
  await release(world, '2.8.0-crash')
  await failing(world, 'CrashLoopBackOff')
  const selector = { app: 'porttrack-app' }
  await admin.post(
    `${core}/services`,
    object('v1', 'Service', 'porttrack', { spec: { selector, ports: [{ port: 80 }] } }),
  )
  await admin.post(
    `${core}/services`,
    object('v1', 'Service', 'other', { spec: { selector: { app: 'other' }, ports: [{ port: 80 }] } }),
  )
  const backend = { service: { name: 'porttrack', port: { number: 80 } } }
  const rules = [{ host: 'porttrack.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }]
  const ingress = object('networking.k8s.io/v1', 'Ingress', 'porttrack', { spec: { rules } })
  await admin.post(`/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`, ingress)
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'porttrack-app' }
  const autoscaler = object('autoscaling/v2', 'HorizontalPodAutoscaler', 'porttrack', {
    spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 6 },
  })
  await admin.post(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`, autoscaler)
  // The record of the API server has whole seconds; the change must be in a later one than the revision.
  await until('a second has passed', () => new Date().getMilliseconds() > 900)
  await until('the next one has begun', () => new Date().getMilliseconds() < 500)
  await admin.patch(`${core}/configmaps/porttrack-config`, { data: { LEVEL: 'debug' } }, 'merge')

  const seen = await plan(world, { toRevision: 2 })
  expect(seen.serves).toEqual({ services: ['porttrack'], hosts: ['porttrack.example'] })
  expect(seen.replicas).toBeUndefined()
  expect(seen.warnings).toMatchObject([
    { code: 'hpa', data: { name: 'porttrack', min: 2, max: 6 } },
    { code: 'config_changed', data: { name: 'porttrack-config', by: 'rescue', afterRevision: 2 } },
    { code: 'no_health_checks' },
  ])
})

test('evidence of the dying pods is kept before: why they died, events, objects, and no secret', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff')
  const seen = await plan(world)
  const items = (await captureEvidence?.({ app: 'porttrack-app' }, seen, world.services)) ?? []
  expect(items.map((item) => item.kind)).toEqual(expect.arrayContaining(['object', 'events', 'log']))
  const all = items.map((item) => item.content).join('\n')
  expect(all).toContain('DATABASE_URL is not set')
  expect(all).toContain('BackOff')
  expect(all).not.toContain('hunter2')
})

test('HTTP checks of the catalog decide too: pods are ready, the address does not answer, so it is not verified', async () => {
  await badRelease('2.8.0-crash', 'CrashLoopBackOff', { healthUrl: 'http://127.0.0.1:1/health' })
  const { outcome } = await execute(world, await plan(world))
  expect(outcome).toMatchObject({
    kind: 'failed',
    reason: 'health_failed',
    detail: { restored: true, health: [{ name: 'web', ok: false, reason: 'refused' }] },
  })
})

test('a workload that is not there is refused by name', async () => {
  await start()
  await expect(decide(world)).rejects.toMatchObject({ status: 404, resource: 'deployments' })
})
