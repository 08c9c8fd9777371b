import { describe, expect, it } from 'vitest'
import { until } from './client.ts'
import { apps, at, cluster, core, deployment, items, patch, playNode, post } from './helpers.ts'

async function withWeb() {
  const world = await cluster()
  await post(world.client, `${apps}/deployments`, deployment('web'))
  const count = async (path: string) => items(await world.client.call(path)).length
  await until(
    'the pods',
    () => count(`${core}/pods`),
    (pods) => pods === 3,
  )
  return { ...world, count, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

const web = `${apps}/deployments/web`

describe('deletion', () => {
  it('in the background the owner goes at once, what it owned follows', async () => {
    await using world = await withWeb()
    const answer = await world.client.call(web, { method: 'DELETE' })
    expect(answer.body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'web', group: 'apps', kind: 'deployments' },
    })
    expect((await world.client.call(web)).status).toBe(404)
    await until(
      'nothing is left',
      async () => [await world.count(`${apps}/replicasets`), await world.count(`${core}/pods`)],
      (left) => left.join() === '0,0',
    )
  })

  it('in the foreground the owner stays until its dependents are gone', async () => {
    await using world = await withWeb()
    const [pod] = items(await world.client.call(`${core}/pods`))
    const name = String(at(pod, 'metadata', 'name'))
    await post(world.client, `${core}/pods/${name}/binding`, {
      metadata: { name },
      target: { kind: 'Node', name: 'n' },
    })
    await world.client.call(`${web}?propagationPolicy=Foreground`, { method: 'DELETE' })
    await until(
      'the placed pod is going',
      async () => at((await world.client.call(`${core}/pods/${name}`)).body, 'metadata'),
      (meta) => at(meta, 'deletionTimestamp') !== undefined,
    )
    expect(at((await world.client.call(web)).body, 'metadata', 'finalizers')).toEqual(['foregroundDeletion'])
    await world.client.call(`${core}/pods/${name}?gracePeriodSeconds=0`, { method: 'DELETE' })
    await until(
      'the owner is gone',
      async () => (await world.client.call(web)).status,
      (status) => status === 404,
    )
  })

  it('orphaned dependents stay, without their owner', async () => {
    await using world = await withWeb()
    await world.client.call(`${web}?propagationPolicy=Orphan`, { method: 'DELETE' })
    await until(
      'the owner is gone',
      async () => (await world.client.call(web)).status,
      (status) => status === 404,
    )
    const [set] = items(await world.client.call(`${apps}/replicasets`))
    expect(at(set, 'metadata', 'ownerReferences')).toBeUndefined()
    expect(await world.count(`${core}/pods`)).toBe(3)
  })

  it('a placed pod gets its grace, a second request can only shorten it', async () => {
    await using world = await withWeb()
    const name = String(at(items(await world.client.call(`${core}/pods`))[0], 'metadata', 'name'))
    const pod = `${core}/pods/${name}`
    await post(world.client, `${pod}/binding`, { metadata: { name }, target: { kind: 'Node', name: 'n' } })
    const graceAfter = async (query: string) =>
      at(
        (await world.client.call(`${pod}${query}`, { method: 'DELETE' })).body,
        'metadata',
        'deletionGracePeriodSeconds',
      )
    expect([
      await graceAfter(''),
      await graceAfter('?gracePeriodSeconds=90'),
      await graceAfter('?gracePeriodSeconds=5'),
    ]).toEqual([30, 30, 5])
    expect(await graceAfter('?gracePeriodSeconds=0')).toBe(0)
    expect((await world.client.call(pod)).status).toBe(404)
  })

  it('finalizers hold an object, and a precondition on the uid refuses the wrong one', async () => {
    await using world = await cluster()
    await post(world.client, `${core}/configmaps`, { metadata: { name: 'c', finalizers: ['example.org/hold'] } })
    const wrong = await world.client.call(`${core}/configmaps/c`, {
      method: 'DELETE',
      body: { preconditions: { uid: 'another' } },
    })
    expect(wrong.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: expect.stringContaining('Precondition failed: UID in precondition: another, UID in object meta: '),
    })
    await world.client.call(`${core}/configmaps/c`, { method: 'DELETE' })
    expect(at((await world.client.call(`${core}/configmaps/c`)).body, 'metadata', 'deletionTimestamp')).toBeDefined()
    await patch(world.client, `${core}/configmaps/c`, 'merge', { metadata: { finalizers: null } })
    expect((await world.client.call(`${core}/configmaps/c`)).status).toBe(404)
  })

  it('a namespace takes everything in it along', async () => {
    await using world = await withWeb()
    await world.client.call('/api/v1/namespaces/shop', { method: 'DELETE' })
    await until(
      'it is gone',
      async () => (await world.client.call('/api/v1/namespaces/shop')).status,
      (status) => status === 404,
    )
    expect(await world.count(`${core}/pods`)).toBe(0)
  })

  it('an eviction against a budget is 429 with the reason, and works when enough pods are healthy', async () => {
    await using world = await withWeb()
    await using _node = { [Symbol.asyncDispose]: playNode(world.client) }
    const budget = '/apis/policy/v1/namespaces/shop/poddisruptionbudgets'
    await post(world.client, budget, {
      metadata: { name: 'web' },
      spec: { minAvailable: 3, selector: { matchLabels: { app: 'web' } } },
    })
    await until(
      'three healthy',
      async () => at((await world.client.call(`${budget}/web`)).body, 'status'),
      (status) => at(status, 'currentHealthy') === 3,
    )
    const name = String(at(items(await world.client.call(`${core}/pods`))[0], 'metadata', 'name'))
    const evict = () =>
      post(world.client, `${core}/pods/${name}/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name },
      })
    expect((await evict()).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      code: 429,
      reason: 'TooManyRequests',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          { reason: 'DisruptionBudget', message: 'The disruption budget web needs 3 healthy pods and has 3 currently' },
        ],
      },
    })
    await patch(world.client, `${budget}/web`, 'merge', { spec: { minAvailable: 2 } })
    await until(
      'one may go',
      async () => at((await world.client.call(`${budget}/web`)).body, 'status'),
      (status) => at(status, 'disruptionsAllowed') === 1,
    )
    expect((await evict()).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      code: 201,
    })
    await until(
      'another one came',
      async () => items(await world.client.call(`${core}/pods`)).map((pod) => at(pod, 'metadata', 'name')),
      (names) => names.length === 3 && !names.includes(name),
    )
  })
})
