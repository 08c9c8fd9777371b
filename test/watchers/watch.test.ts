import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectCluster } from '../../src/services/kubernetes/api/client.ts'
import { listAt, numberAt, textAt } from '../../src/services/kubernetes/api/json.ts'
import { podsPath, type WorkloadAddress, workloadPath } from '../../src/services/kubernetes/api/paths.ts'
import type { ClusterClient } from '../../src/services/kubernetes/api/types.ts'
import { app, change, createApp, podsOf, release, settled } from './apps.ts'
import { startWatchedWorld, until, type WatchedWorld, type Watcher } from './watched-world.ts'

const [web, api, worker, map] = [app('web'), app('api'), app('worker'), app('map')]
/** The catalog names it, the cluster does not know it. */
const ghost = app('ghost')

let world: WatchedWorld
let blind: { readonly client: ClusterClient; readonly watcher: Watcher }
beforeAll(async () => {
  world = await startWatchedWorld()
  await Promise.all([web, api, worker, map].map((one) => createApp(world, one)))
  const client = await withoutHints(world)
  blind = { client, watcher: world.watch([map], { client }) }
})
afterAll(async () => {
  await world?.stop()
  await blind?.client.close()
})

/** Resolves when all its streams are open. */
async function watching(one: WorkloadAddress): Promise<Watcher> {
  const { all } = world.cluster.requests
  const before = all.length
  const watcher = world.watch([one])
  await until('it watches', () => all.slice(before).filter((request) => request.verb === 'watch').length >= 6)
  return watcher
}

/** One who may read neither events nor nodes. */
async function withoutHints({ cluster }: WatchedWorld): Promise<ClusterClient> {
  const rules = [
    { verbs: ['get', 'list', 'watch'], apiGroups: ['apps'], resources: ['*'] },
    { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods'] },
  ]
  const kubeconfig = await cluster.kubeconfigOf({ user: 'blind', groups: ['system:authenticated'], rules })
  return connectCluster({ kubeconfig, impersonate: false }, { log: pino({ level: 'silent' }) })
}

test('a bad release is told once; again to one who failed to act, and to one who takes over', async () => {
  let calls = 0
  const first = world.watch([web, ghost], {
    onBad: async () => {
      calls += 1
      if (calls === 1) throw new Error('the store is away')
    },
  })
  await release(world, web, '2.0', { behaves: 'crash' })
  // A pod that keeps crashing may show other signals later, each told for itself.
  const told = () => first.found.filter(({ signal }) => signal === 'crash_loop')
  await until('it is told again after a fault', () => told().length === 2)
  const [one, other] = told()
  expect(other).toEqual(one)
  expect(one).toMatchObject({
    app: 'web',
    cluster: 'main',
    workload: web,
    revision: 2,
    signal: 'crash_loop',
    oldFailing: false,
    restartOnly: false,
  })
  expect(one?.sights[0]).toMatchObject({ signal: 'crash_loop', container: 'app', exitCode: 1 })
  const restarts = await restartsOf(world)
  await until('it has crashed once more', async () => (await restartsOf(world)) > restarts)
  expect(told()).toHaveLength(2)
  await first.stop()
  const second = world.watch([web])
  await until('it is told to the next', () => second.found.length > 0)
  expect(second.found[0]).toMatchObject({ uid: one?.uid, templateKey: one?.templateKey, releasedAt: one?.releasedAt })
  await second.stop()
})

/** Of all its pods: which one is the newest cannot be told within a second. */
async function restartsOf({ client }: WatchedWorld): Promise<number> {
  const { items } = await client.list(podsPath(web.namespace), { labelSelector: `app=${web.name}` })
  const counts = items.map((pod) => numberAt(listAt(pod, 'status', 'containerStatuses')[0], 'restartCount') ?? 0)
  return counts.reduce((sum, count) => sum + count, 0)
}

test('connections that break and a past that the server has forgotten lose nothing', async () => {
  const watcher = await watching(api)
  world.cluster.watches.cut()
  await release(world, api, '2.0', { behaves: 'missing' })
  world.cluster.compact()
  world.cluster.watches.cut()
  await until('it is told', () => watcher.found.length > 0)
  expect(watcher.found[0]).toMatchObject({ app: 'api', signal: 'image_pull' })
  await watcher.stop()
})

test('without events and nodes the status of pods is enough', async () => {
  await release(world, map, '2.0', { behaves: 'liveness', container: { livenessProbe: undefined } })
  await until('it is told', () => blind.watcher.found.length > 0)
  expect(blind.watcher.found[0]).toMatchObject({ app: 'map' })
})

test('an app that is deleted and made again is another one', async () => {
  const watcher = world.watch([api])
  await until('it is told', () => watcher.found.length > 0)
  await world.client.delete(workloadPath(api))
  await until('its pods are gone', async () => (await podsOf(world, api)).length === 0)
  await createApp(world, api)
  await release(world, api, '3.0', { behaves: 'oom' })
  await until('the new one is told', () => watcher.found.length > 1)
  expect(watcher.found[1]).toMatchObject({ signal: 'out_of_memory', revision: 2 })
  expect(watcher.found[1]?.uid).not.toBe(watcher.found[0]?.uid)
  await watcher.stop()
})

test('streams that have fallen silent do not make a slow start a bad release: the API is asked once more', async () => {
  await change(world, worker, { spec: { replicas: 1 } })
  await settled(world, worker)
  const watcher = await watching(worker)
  await release(world, worker, '2.0', { behaves: 'slow' })
  await until('its new pod is known', async () => (await podsOf(world, worker)).length === 2)
  const log = world.cluster.requests
  const asked = () => log.all.filter((one) => one.method === 'GET' && one.path.endsWith('/deployments/worker')).length
  await until('its new pod has failed a check', async () => {
    const { items } = await world.client.list('/api/v1/namespaces/shop/events', { fieldSelector: 'reason=Unhealthy' })
    return items.some((event) => textAt(event, 'involvedObject', 'name')?.startsWith('worker-'))
  })
  const before = asked()
  world.cluster.watches.silence()
  await until('the API was asked', () => asked() > before)
  await settled(world, worker)
  expect(watcher.found).toEqual([])
  await watcher.stop()
})
