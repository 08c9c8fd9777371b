import { describe, expect, it } from 'vitest'
import { until } from './client.ts'
import { apps, at, cluster, core, items, type Json, patch, playNode, post, template } from './helpers.ts'

const node = (name: string): Json => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
})

async function withPods() {
  const world = await cluster()
  const stopNode = playNode(world.client)
  const images = async () =>
    Object.fromEntries(
      items(await world.client.call(`${core}/pods`)).map((pod) => [
        String(at(pod, 'metadata', 'name')),
        at(pod, 'spec', 'containers', 0, 'image'),
      ]),
    )
  const image = (path: string, value: string) =>
    patch(world.client, path, 'strategic', {
      spec: { template: { spec: { containers: [{ name: 'web', image: value }] } } },
    })
  return {
    ...world,
    images,
    image,
    revisions: async () =>
      items(await world.client.call(`${apps}/controllerrevisions`))
        .map((one) => [at(one, 'revision'), at(one, 'data', 'spec', 'template', 'spec', 'containers', 0, 'image')])
        .sort(),
    [Symbol.asyncDispose]: async () => {
      await stopNode()
      await world[Symbol.asyncDispose]()
    },
  }
}

const set = (name: string, more: Json = {}): Json => ({
  metadata: { name },
  spec: {
    replicas: 3,
    serviceName: name,
    selector: { matchLabels: { app: name } },
    template: template(name, 'db:1'),
    ...more,
  },
})
const db = `${apps}/statefulsets/db`

describe('StatefulSets', () => {
  it('pods come one after the other and are replaced from the highest ordinal down', async () => {
    await using world = await withPods()
    await post(world.client, `${apps}/statefulsets`, set('db'))
    await until('three pods', world.images, (pods) => Object.keys(pods).join() === 'db-0,db-1,db-2')
    const readyAll = () => world.client.call(db).then((answer) => at(answer.body, 'status'))
    await until('ready', readyAll, (status) => at(status, 'readyReplicas') === 3)
    await world.image(db, 'db:2')
    const seen: string[] = []
    await until('all replaced', world.images, (pods) => {
      const now = Object.values(pods).join()
      if (seen.at(-1) !== now) seen.push(now)
      return now === 'db:2,db:2,db:2'
    })
    expect(seen.filter((one) => one.split(',').length === 3)).toEqual(
      ['db:1,db:1,db:2', 'db:1,db:2,db:2', 'db:2,db:2,db:2'].filter((one) => seen.includes(one)),
    )
    expect(seen.some((one) => one.startsWith('db:2,db:1'))).toBe(false)
    const status = await until(
      'the revision is current',
      readyAll,
      (one) => at(one, 'currentRevision') === at(one, 'updateRevision') && at(one, 'updatedReplicas') === 3,
    )
    expect(status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      collisionCount: 0,
    })
  })

  it('a broken update stays stuck after the template is restored, until the broken pod is deleted', async () => {
    await using world = await withPods()
    await post(world.client, `${apps}/statefulsets`, set('db'))
    await until(
      'ready',
      () => world.client.call(db).then((answer) => at(answer.body, 'status', 'readyReplicas')),
      (ready) => ready === 3,
    )
    await world.image(db, 'db:2-bad')
    await until('the broken pod', world.images, (pods) => pods['db-2'] === 'db:2-bad')
    await world.image(db, 'db:1')
    expect(await until('the revisions', world.revisions, (list) => list.some(([number]) => number === 3))).toEqual([
      [2, 'db:2-bad'],
      [3, 'db:1'],
    ])
    const observed = () => world.client.call(db).then((answer) => at(answer.body, 'status', 'observedGeneration'))
    await until('the controller saw it', observed, (generation) => generation === 3)
    expect((await world.images())['db-2']).toBe('db:2-bad')
    await world.client.call(`${core}/pods/db-2?gracePeriodSeconds=0`, { method: 'DELETE' })
    await until('it comes back whole', world.images, (pods) => pods['db-2'] === 'db:1')
  })

  it('a partition keeps the lower ordinals as they were', async () => {
    await using world = await withPods()
    await post(
      world.client,
      `${apps}/statefulsets`,
      set('db', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }),
    )
    await until(
      'ready',
      () => world.client.call(db).then((answer) => at(answer.body, 'status', 'readyReplicas')),
      (ready) => ready === 3,
    )
    await world.image(db, 'db:2')
    await until('the highest', world.images, (pods) => pods['db-2'] === 'db:2')
    await until(
      'ready again',
      () => world.client.call(db).then((answer) => at(answer.body, 'status')),
      (status) => at(status, 'readyReplicas') === 3 && at(status, 'updatedReplicas') === 1,
    )
    expect(await world.images()).toEqual({ 'db-0': 'db:1', 'db-1': 'db:1', 'db-2': 'db:2' })
  })

  it('only what may change may be changed', async () => {
    await using world = await withPods()
    await post(world.client, `${apps}/statefulsets`, set('db'))
    const refused = await patch(world.client, db, 'merge', { spec: { serviceName: 'other' } })
    expect(refused.body).toMatchObject({
      code: 422,
      message: expect.stringContaining("updates to statefulset spec for fields other than 'replicas'"),
    })
  })
})

describe('DaemonSets', () => {
  it('a pod on every node that takes it, replaced one node at a time, with revisions', async () => {
    await using world = await withPods()
    for (const name of ['a', 'b', 'c']) await post(world.client, '/api/v1/nodes', node(name))
    await patch(world.client, '/api/v1/nodes/c', 'merge', { spec: { taints: [{ key: 'only', effect: 'NoSchedule' }] } })
    await post(world.client, `${apps}/daemonsets`, {
      metadata: { name: 'agent' },
      spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent', 'agent:1') },
    })
    const agent = `${apps}/daemonsets/agent`
    const status = () => world.client.call(agent).then((answer) => at(answer.body, 'status'))
    await until('both pods', status, (one) => at(one, 'numberAvailable') === 2)
    expect(await status()).toMatchObject({
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
      numberReady: 2,
      updatedNumberScheduled: 2,
    })
    await world.image(agent, 'agent:2-bad')
    await until(
      'one is broken',
      status,
      (one) => at(one, 'updatedNumberScheduled') === 1 && at(one, 'numberUnavailable') === 1,
    )
    expect(Object.values(await world.images()).sort(), 'the other is left alone').toEqual(['agent:1', 'agent:2-bad'])
    await world.image(agent, 'agent:1')
    await until(
      'whole again',
      status,
      (one) => at(one, 'numberAvailable') === 2 && at(one, 'updatedNumberScheduled') === 2,
    )
    expect(await world.revisions()).toEqual([
      [2, 'agent:2-bad'],
      [3, 'agent:1'],
    ])
    expect(
      at((await world.client.call(agent)).body, 'metadata', 'annotations', 'deprecated.daemonset.template.generation'),
    ).toBe('3')
  })
})
