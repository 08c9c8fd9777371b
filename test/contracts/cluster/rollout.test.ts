import { describe, expect, it } from 'vitest'
import { until } from './client.ts'
import {
  apps,
  at,
  cluster,
  conditionOf,
  core,
  deployment,
  history,
  isComplete,
  items,
  patch,
  playNode,
  post,
  setImage,
  whenDeployment,
} from './helpers.ts'

/** A cluster whose pods run; `web` is rolled out at web:1. */
async function withWeb(more: Record<string, unknown> = {}) {
  const world = await cluster()
  const stopNode = playNode(world.client)
  await post(world.client, `${apps}/deployments`, deployment('web', more))
  await whenDeployment(world.client, 'web', 'is rolled out', isComplete)
  return {
    ...world,
    release: async (image: string, cause?: string) => {
      await setImage(world.client, 'web', image, cause)
      return whenDeployment(
        world.client,
        'web',
        `is rolled out at ${image}`,
        (one) => isComplete(one) && at(one, 'spec', 'template', 'spec', 'containers', 0, 'image') === image,
      )
    },
    [Symbol.asyncDispose]: async () => {
      await stopNode()
      await world[Symbol.asyncDispose]()
    },
  }
}

const web = `${apps}/deployments/web`
const reasonOf = (one: Record<string, unknown>, type: string) => at(conditionOf(one, type), 'reason')
const sizes = async (world: Awaited<ReturnType<typeof withWeb>>) =>
  Object.fromEntries(
    items(await world.client.call(`${apps}/replicasets`)).map((one) => [
      String(at(one, 'spec', 'template', 'spec', 'containers', 0, 'image')),
      at(one, 'spec', 'replicas'),
    ]),
  )

describe('Deployments', () => {
  it('a rollout makes a ReplicaSet of its own, with revision, sizes and the words of the real controller', async () => {
    await using world = await withWeb()
    const done = await world.release('web:2', 'second release')
    expect(at(done, 'metadata', 'annotations')).toMatchObject({
      'deployment.kubernetes.io/revision': '2',
      'kubernetes.io/change-cause': 'second release',
    })
    expect(conditionOf(done, 'Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: expect.stringMatching(/^ReplicaSet "web-[a-z0-9]+" has successfully progressed\.$/),
    })
    expect(conditionOf(done, 'Available')).toMatchObject({
      status: 'True',
      reason: 'MinimumReplicasAvailable',
      message: 'Deployment has minimum availability.',
    })
    const sets = items(await world.client.call(`${apps}/replicasets`))
    const second = sets.find((one) => at(one, 'metadata', 'annotations', 'deployment.kubernetes.io/revision') === '2')
    expect(at(second, 'metadata', 'annotations')).toEqual({
      'deployment.kubernetes.io/revision': '2',
      'deployment.kubernetes.io/desired-replicas': '3',
      'deployment.kubernetes.io/max-replicas': '4',
      'kubernetes.io/change-cause': 'second release',
    })
    const hash = at(second, 'metadata', 'labels', 'pod-template-hash')
    expect([
      at(second, 'metadata', 'name'),
      at(second, 'spec', 'selector', 'matchLabels', 'pod-template-hash'),
    ]).toEqual([`web-${hash}`, hash])
    const messages = items(await world.client.call(`${core}/events`))
      .filter((one) => at(one, 'reason') === 'ScalingReplicaSet')
      .map((one) => at(one, 'message'))
    expect(messages).toContain(`Scaled up replica set web-${hash} from 0 to 1`)
  })

  it('a bad release never takes the old pods below what maxUnavailable allows', async () => {
    await using world = await withWeb()
    await setImage(world.client, 'web', 'web:2-bad')
    const stuck = await whenDeployment(
      world.client,
      'web',
      'is stuck',
      (one) => at(one, 'status', 'updatedReplicas') === 1 && at(one, 'status', 'unavailableReplicas') === 1,
    )
    expect(at(stuck, 'status')).toMatchObject({ replicas: 4, readyReplicas: 3, availableReplicas: 3 })
    expect(await sizes(world)).toEqual({ 'web:1': 3, 'web:2-bad': 1 })
  })

  it('a restored template reuses its ReplicaSet, which gets the next number; its old one leaves the history', async () => {
    await using world = await withWeb()
    await world.release('web:2')
    await world.release('web:3')
    expect(await history(world.client, 'web')).toEqual({ 1: 'web:1', 2: 'web:2', 3: 'web:3' })
    await world.release('web:1')
    expect(await history(world.client, 'web')).toEqual({ 2: 'web:2', 3: 'web:3', 4: 'web:1' })
    const first = items(await world.client.call(`${apps}/replicasets`)).find(
      (one) => at(one, 'spec', 'template', 'spec', 'containers', 0, 'image') === 'web:1',
    )
    expect(at(first, 'metadata', 'annotations', 'deployment.kubernetes.io/revision-history')).toBe('1')
  })

  it('while paused nothing rolls out; resumed it does', async () => {
    await using world = await withWeb()
    await patch(world.client, web, 'merge', { spec: { paused: true } })
    await setImage(world.client, 'web', 'web:2')
    const paused = await whenDeployment(
      world.client,
      'web',
      'says that it is paused',
      (one) =>
        reasonOf(one, 'Progressing') === 'DeploymentPaused' &&
        at(one, 'status', 'observedGeneration') === at(one, 'metadata', 'generation'),
    )
    expect(conditionOf(paused, 'Progressing')).toMatchObject({ status: 'Unknown', message: 'Deployment is paused' })
    expect(at(paused, 'status')).not.toHaveProperty('updatedReplicas')
    expect(await sizes(world)).toEqual({ 'web:1': 3 })
    await patch(world.client, web, 'merge', { spec: { paused: null } })
    await whenDeployment(
      world.client,
      'web',
      'is rolled out',
      (one) => isComplete(one) && reasonOf(one, 'Progressing') === 'NewReplicaSetAvailable',
    )
    expect(await sizes(world)).toEqual({ 'web:1': 0, 'web:2': 3 })
  })

  it('a rollout without progress exceeds its deadline, and stays so until there is progress', async () => {
    await using world = await withWeb({ progressDeadlineSeconds: 1 })
    await setImage(world.client, 'web', 'web:2-bad')
    const late = await whenDeployment(
      world.client,
      'web',
      'exceeds its deadline',
      (one) => reasonOf(one, 'Progressing') === 'ProgressDeadlineExceeded',
    )
    expect(conditionOf(late, 'Progressing')).toMatchObject({
      status: 'False',
      message: expect.stringMatching(/^ReplicaSet "web-[a-z0-9]+" has timed out progressing\.$/),
    })
    await world.release('web:1')
    expect(reasonOf((await world.client.call(web)).body as Record<string, unknown>, 'Progressing')).toBe(
      'NewReplicaSetAvailable',
    )
  })

  it('minReadySeconds holds a pod back from being available', async () => {
    await using world = await withWeb({ minReadySeconds: 1 })
    await setImage(world.client, 'web', 'web:2')
    const ready = await whenDeployment(
      world.client,
      'web',
      'has a new pod ready but not available',
      (one) => at(one, 'status', 'updatedReplicas') === 1 && at(one, 'status', 'readyReplicas') === 4,
    )
    expect(at(ready, 'status', 'availableReplicas')).toBe(3)
    await whenDeployment(world.client, 'web', 'goes on', (one) => Number(at(one, 'status', 'updatedReplicas')) > 1)
  })

  it('scaling in the middle of a rollout is shared in proportion', async () => {
    await using world = await withWeb({ replicas: 6, strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } })
    await setImage(world.client, 'web', 'web:2-bad')
    await until(
      'the rollout is stuck',
      () => sizes(world),
      (now) => now['web:1'] === 4 && now['web:2-bad'] === 5,
    )
    await patch(world.client, `${web}/scale`, 'merge', { spec: { replicas: 12 } })
    // 15 pods may be there: 9 are, 6 are added, 4/9 and 5/9 of them, what rounding leaves goes to the largest.
    await until(
      'the sizes',
      () => sizes(world),
      (now) => now['web:1'] === 7 && now['web:2-bad'] === 8,
    )
  })

  it('Recreate lets all old pods go before the first new one comes', async () => {
    await using world = await cluster()
    await post(world.client, `${apps}/deployments`, deployment('web', { strategy: { type: 'Recreate' } }))
    await until(
      'the pods',
      async () => items(await world.client.call(`${core}/pods`)).length,
      (count) => count === 3,
    )
    const pods = items(await world.client.call(`${core}/pods`))
    for (const pod of pods)
      await post(world.client, `${core}/pods/${at(pod, 'metadata', 'name')}/binding`, {
        metadata: { name: at(pod, 'metadata', 'name') },
        target: { kind: 'Node', name: 'n' },
      })
    await setImage(world.client, 'web', 'web:2')
    await until(
      'the old pods are going',
      async () => items(await world.client.call(`${core}/pods`)),
      (now) => now.every((pod) => at(pod, 'metadata', 'deletionTimestamp') !== undefined),
    )
    expect(items(await world.client.call(`${apps}/replicasets`))).toHaveLength(1)
    for (const pod of pods)
      await world.client.call(`${core}/pods/${at(pod, 'metadata', 'name')}?gracePeriodSeconds=0`, { method: 'DELETE' })
    await until(
      'the new pods',
      async () =>
        items(await world.client.call(`${core}/pods`)).map((pod) => at(pod, 'spec', 'containers', 0, 'image')),
      (images) => images.join() === 'web:2,web:2,web:2',
    )
  })

  it('old ReplicaSets beyond revisionHistoryLimit go, the oldest first', async () => {
    await using world = await withWeb({ revisionHistoryLimit: 1 })
    await world.release('web:2')
    await world.release('web:3')
    await until(
      'the history',
      () => history(world.client, 'web'),
      (now) => JSON.stringify(now) === JSON.stringify({ 2: 'web:2', 3: 'web:3' }),
    )
  })

  it('a quota that refuses pods is told by ReplicaSet and Deployment', async () => {
    await using world = await withWeb()
    await post(world.client, `${core}/resourcequotas`, { metadata: { name: 'small' }, spec: { hard: { pods: '3' } } })
    await setImage(world.client, 'web', 'web:2')
    const refused = await whenDeployment(
      world.client,
      'web',
      'says why',
      (one) => conditionOf(one, 'ReplicaFailure') !== undefined,
    )
    expect(conditionOf(refused, 'ReplicaFailure')).toMatchObject({
      status: 'True',
      reason: 'FailedCreate',
      message: expect.stringMatching(
        /^pods "web-[a-z0-9]+-[a-z0-9]{5}" is forbidden: exceeded quota: small, requested: pods=1, used: pods=3, limited: pods=3$/,
      ),
    })
    const events = items(await world.client.call(`${core}/events?fieldSelector=reason%3DFailedCreate`))
    expect(
      events.map((one) => [at(one, 'type'), at(one, 'involvedObject', 'kind'), at(one, 'source', 'component')]),
    ).toContainEqual(['Warning', 'ReplicaSet', 'replicaset-controller'])
  })

  it('a ReplicaSet without an owner that matches is adopted', async () => {
    await using world = await withWeb()
    await world.client.call(`${web}?propagationPolicy=Orphan`, { method: 'DELETE' })
    await until(
      'the orphan',
      async () =>
        items(await world.client.call(`${apps}/replicasets`)).map((one) => at(one, 'metadata', 'ownerReferences')),
      (owners) => owners.length === 1 && owners[0] === undefined,
    )
    await post(world.client, `${apps}/deployments`, deployment('web'))
    const adopted = await whenDeployment(world.client, 'web', 'is complete', isComplete)
    const [set, ...more] = items(await world.client.call(`${apps}/replicasets`))
    expect(more).toEqual([])
    expect(at(set, 'metadata', 'ownerReferences', 0, 'uid')).toBe(at(adopted, 'metadata', 'uid'))
  })

  it('Services know the ready pods: Endpoints and EndpointSlices follow', async () => {
    await using world = await withWeb()
    await post(world.client, `${core}/services`, {
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    })
    const ready = async () => {
      const slices = items(
        await world.client.call(
          '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dweb',
        ),
      )
      const endpoints = (at(slices[0], 'endpoints') ?? []) as { conditions: { ready: boolean } }[]
      return endpoints.filter((one) => one.conditions.ready).length
    }
    await until('three endpoints', ready, (count) => count === 3)
    const legacy = await world.client.call(`${core}/endpoints/web`)
    expect((at(legacy.body, 'subsets', 0, 'addresses') as unknown[]).length).toBe(3)
    await patch(world.client, `${web}/scale`, 'merge', { spec: { replicas: 0 } })
    await until('none', ready, (count) => count === 0)
  })
})
