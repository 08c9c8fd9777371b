import { describe, expect, it } from 'vitest'
import { clientOf, until } from './client.ts'
import { apps, at, cluster, core, deployment, items, patch, post } from './helpers.ts'

describe('who may do what', () => {
  it('an unknown token is 401, no token is nobody', async () => {
    await using world = await cluster()
    expect((await world.client.call('/api/v1/pods', { token: 'stolen' })).body).toMatchObject({
      code: 401,
      reason: 'Unauthorized',
      message: 'Unauthorized',
    })
    expect((await world.client.call('/api/v1/pods', { headers: { authorization: '' }, token: '' })).status).toBe(401)
  })

  it('a token limited by rules is refused in the words of RBAC', async () => {
    await using world = await cluster()
    world.server.tokens.set('bot-token', {
      user: 'bot',
      groups: [],
      rules: [{ verbs: ['get', 'list'], apiGroups: ['apps'], resources: ['deployments'], namespaces: ['shop'] }],
    })
    const call = (path: string, options = {}) => world.client.call(path, { token: 'bot-token', ...options })
    expect((await call(`${apps}/deployments`)).status).toBe(200)
    expect((await call('/apis/apps/v1/deployments')).body).toMatchObject({
      code: 403,
      message:
        'deployments.apps is forbidden: User "bot" cannot list resource "deployments" in API group "apps" at the cluster scope',
      details: { group: 'apps', kind: 'deployments' },
    })
    expect(
      (await call(`${apps}/deployments/web`, { method: 'PATCH', type: 'application/merge-patch+json', body: {} })).body,
    ).toMatchObject({
      message:
        'deployments.apps "web" is forbidden: User "bot" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
    })
    expect((await call(`${core}/pods/x/log`)).body).toMatchObject({
      message:
        'pods "x" is forbidden: User "bot" cannot get resource "pods/log" in API group "" in the namespace "shop"',
    })
    const review = (spec: object) =>
      call('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        method: 'POST',
        body: { spec: { resourceAttributes: spec } },
      })
    const allowed = async (spec: object) => at((await review(spec)).body, 'status', 'allowed')
    expect([
      await allowed({ verb: 'get', group: 'apps', resource: 'deployments', namespace: 'shop' }),
      await allowed({ verb: 'delete', group: 'apps', resource: 'deployments', namespace: 'shop' }),
    ]).toEqual([true, false])
  })

  it("the cluster's own roles and bindings count as well", async () => {
    await using world = await cluster()
    const path = await world.server.kubeconfigOf({ user: 'reader', groups: ['team'] })
    const reader = clientOf(path)
    await using _closed = { [Symbol.asyncDispose]: reader.close }
    expect((await reader.call(`${core}/configmaps`)).status).toBe(403)
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop'
    await post(world.client, `${rbac}/roles`, {
      metadata: { name: 'read' },
      rules: [{ verbs: ['list'], apiGroups: [''], resources: ['configmaps'] }],
    })
    await post(world.client, `${rbac}/rolebindings`, {
      metadata: { name: 'read' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'read' },
      subjects: [{ kind: 'Group', name: 'team' }],
    })
    expect((await reader.call(`${core}/configmaps`)).status).toBe(200)
    expect((await reader.call('/api/v1/namespaces/default/configmaps')).status).toBe(403)
  })

  it('who is impersonated is recorded, acts with their own rights, and needs a right to be impersonated', async () => {
    await using world = await cluster()
    const headers = { 'impersonate-user': 'ana@porttrack.example', 'impersonate-group': 'sre' }
    expect((await world.client.call(`${core}/pods`, { headers })).body).toMatchObject({
      message: expect.stringContaining('User "ana@porttrack.example" cannot list resource "pods"'),
    })
    await post(world.client, '/apis/rbac.authorization.k8s.io/v1/clusterroles', {
      metadata: { name: 'all' },
      rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    })
    await post(world.client, '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: 'sre' },
      roleRef: { kind: 'ClusterRole', name: 'all', apiGroup: 'rbac.authorization.k8s.io' },
      subjects: [{ kind: 'Group', name: 'sre' }],
    })
    expect((await world.client.call(`${core}/pods`, { headers })).status).toBe(200)
    expect(world.server.requests.all.at(-1)).toMatchObject({
      verb: 'list',
      path: `${core}/pods`,
      user: 'kubernetes-admin',
      impersonated: 'ana@porttrack.example',
      impersonatedGroups: ['sre', 'system:authenticated'],
      userAgent: 'scenario/1',
    })
    world.server.tokens.set('weak', { user: 'weak', groups: [] })
    expect((await world.client.call(`${core}/pods`, { headers, token: 'weak' })).body).toMatchObject({
      message:
        'pods is forbidden: User "weak" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "shop"',
    })
    const users = { verbs: ['impersonate'], apiGroups: [''], resources: ['users'] }
    world.server.tokens.set('half', { user: 'half', groups: [], rules: [users] })
    expect((await world.client.call(`${core}/pods`, { headers, token: 'half' })).body).toMatchObject({
      message:
        'groups "sre" is forbidden: User "half" cannot impersonate resource "groups" in API group "" at the cluster scope',
    })
  })
})

describe('faults', () => {
  it('are met in order, as often as said, and those left over are listed', async () => {
    await using world = await cluster()
    world.server.faults.add({
      match: { method: 'GET', path: /configmaps/ },
      times: 2,
      answer: { status: 503, body: { kind: 'Status', code: 503 } },
    })
    world.server.faults.add({ match: { path: /secrets/ }, answer: 'reset' })
    const status = async () => (await world.client.call(`${core}/configmaps`)).status
    expect([await status(), await status(), await status()]).toEqual([503, 503, 200])
    expect(world.server.faults.unused()).toHaveLength(1)
    await expect(world.client.call(`${core}/secrets`)).rejects.toThrow()
    expect(world.server.faults.unused()).toEqual([])
  })

  it('an answer that is lost was done all the same', async () => {
    await using world = await cluster({ controllers: false })
    await post(world.client, `${apps}/deployments`, deployment('web'))
    world.server.faults.add({ match: { method: 'PATCH' }, answer: 'lost' })
    await expect(patch(world.client, `${apps}/deployments/web`, 'merge', { spec: { replicas: 7 } })).rejects.toThrow()
    expect(at((await world.client.call(`${apps}/deployments/web`)).body, 'spec', 'replicas')).toBe(7)
  })

  it('can be added over HTTP, by administrators', async () => {
    await using world = await cluster()
    expect(
      (await post(world.client, '/sandbox/faults', { match: { path: 'configmaps' }, answer: { status: 500 } })).status,
    ).toBe(200)
    expect((await world.client.call(`${core}/configmaps`)).status).toBe(500)
    expect((await post(world.client, '/sandbox/faults', { match: {}, answer: 'explode' })).status).toBe(400)
    world.server.tokens.set('weak', { user: 'weak', groups: [] })
    expect(
      (
        await world.client.call('/sandbox/faults', {
          method: 'POST',
          token: 'weak',
          body: { match: {}, answer: 'reset' },
        })
      ).status,
    ).toBe(403)
  })
})

describe('logs', () => {
  it('what the kubelet hands over is read back, cut as asked', async () => {
    await using world = await cluster({ controllers: false })
    await post(world.client, `${core}/pods`, {
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'web', image: 'x:1' }] },
    })
    const put = (body: string, previous = false) =>
      world.client.call(`/sandbox/logs/shop/p/web?previous=${previous}`, { method: 'PUT', type: 'text/plain', body })
    await put('2026-01-01T00:00:00Z one\n2026-01-01T00:00:01Z two\n')
    expect((await world.client.call(`${core}/pods/p/log`)).text).toBe('one\ntwo\n')
    expect((await world.client.call(`${core}/pods/p/log?tailLines=1&timestamps=true`)).text).toBe(
      '2026-01-01T00:00:01Z two\n',
    )
    expect((await world.client.call(`${core}/pods/p/log?sinceTime=2026-01-01T00:00:01Z`)).text).toBe('two\n')
    expect((await world.client.call(`${core}/pods/p/log?container=other`)).body).toMatchObject({
      code: 400,
      message: 'container other is not valid for pod p',
    })
    expect((await world.client.call(`${core}/pods/p/log?previous=true`)).body).toMatchObject({
      code: 400,
      message: 'previous terminated container "web" in pod "p" not found',
    })
    await patch(world.client, `${core}/pods/p/status`, 'strategic', {
      status: {
        containerStatuses: [
          {
            name: 'web',
            image: 'x:1',
            imageID: '',
            ready: false,
            restartCount: 1,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 1 } },
          },
        ],
      },
    })
    await put('2026-01-01T00:00:00Z died\n', true)
    expect((await world.client.call(`${core}/pods/p/log?previous=true`)).text).toBe('died\n')
  })
})

describe('nodes', () => {
  it('a node that falls silent is tainted, its pods are not ready, then evicted', async () => {
    await using world = await cluster({ nodeGraceSeconds: 1, tolerationSeconds: 1 })
    await post(world.client, '/api/v1/nodes', {
      metadata: { name: 'n' },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    })
    await post(world.client, `${core}/pods`, {
      metadata: { name: 'p' },
      spec: { nodeName: 'n', containers: [{ name: 'web', image: 'x:1' }] },
    })
    await patch(world.client, `${core}/pods/p/status`, 'strategic', {
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    })
    const node = await until(
      'the node is Unknown',
      async () => (await world.client.call('/api/v1/nodes/n')).body,
      (one) => at(one, 'spec', 'taints') !== undefined,
    )
    expect(at(node, 'status', 'conditions')).toContainEqual(
      expect.objectContaining({
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      }),
    )
    expect(
      (at(node, 'spec', 'taints') as { key: string; effect: string }[]).map((one) => `${one.key}:${one.effect}`).sort(),
    ).toEqual(['node.kubernetes.io/unreachable:NoExecute', 'node.kubernetes.io/unreachable:NoSchedule'])
    const gone = await until(
      'the pod is evicted',
      async () => (await world.client.call(`${core}/pods/p`)).body,
      (pod) => at(pod, 'metadata', 'deletionTimestamp') !== undefined,
    )
    expect(at(gone, 'status', 'conditions')).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'False' }))
    const reasons = items(await world.client.call('/api/v1/events')).map((one) => at(one, 'reason'))
    expect(reasons).toEqual(expect.arrayContaining(['RegisteredNode', 'NodeNotReady', 'TaintManagerEviction']))
  })

  it('cordon brings the taint, uncordon takes it away', async () => {
    await using world = await cluster()
    await post(world.client, '/api/v1/nodes', {
      metadata: { name: 'n' },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    })
    const taints = async () => at((await world.client.call('/api/v1/nodes/n')).body, 'spec', 'taints')
    await patch(world.client, '/api/v1/nodes/n', 'strategic', { spec: { unschedulable: true } })
    expect(await until('the taint', taints, (list) => list !== undefined)).toMatchObject([
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
    ])
    await patch(world.client, '/api/v1/nodes/n', 'strategic', { spec: { unschedulable: null } })
    await until('no taint', taints, (list) => list === undefined)
  })
})
