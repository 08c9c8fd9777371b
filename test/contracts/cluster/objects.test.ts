import { AppsV1Api, KubeConfig } from '@kubernetes/client-node'
import { describe, expect, it } from 'vitest'
import { apps, at, cluster, core, deployment, items, patch, post, types } from './helpers.ts'

describe('objects as a real API server keeps them', () => {
  it('a Deployment gets its defaults, an identity and generation 1', async () => {
    await using world = await cluster({ controllers: false })
    const { status, body } = await post(world.client, `${apps}/deployments`, {
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [
              {
                name: 'web',
                image: 'web',
                ports: [{ containerPort: 80 }],
                resources: { limits: { memory: '1024Mi', cpu: '1000m' } },
              },
            ],
          },
        },
      },
    })
    expect(status).toBe(201)
    expect(at(body, 'spec')).toEqual({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { app: 'web' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'web',
              imagePullPolicy: 'Always',
              ports: [{ containerPort: 80, protocol: 'TCP' }],
              resources: { limits: { memory: '1Gi', cpu: '1' } },
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
            },
          ],
          dnsPolicy: 'ClusterFirst',
          restartPolicy: 'Always',
          schedulerName: 'default-scheduler',
          securityContext: {},
          terminationGracePeriodSeconds: 30,
        },
      },
    })
    expect(at(body, 'metadata', 'generation')).toBe(1)
    expect(at(body, 'metadata', 'uid')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('an annotation raises the generation of a Deployment, a label does not; a StatefulSet ignores both', async () => {
    await using world = await cluster({ controllers: false })
    const generationAfter = async (path: string, body: object) =>
      at((await patch(world.client, path, 'merge', body)).body, 'metadata', 'generation')
    await post(world.client, `${apps}/deployments`, deployment('web'))
    await post(world.client, `${apps}/statefulsets`, {
      metadata: { name: 'db' },
      spec: {
        selector: { matchLabels: { app: 'db' } },
        template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'db:1' }] } },
      },
    })
    expect(await generationAfter(`${apps}/deployments/web`, { metadata: { labels: { a: 'b' } } })).toBe(1)
    expect(await generationAfter(`${apps}/deployments/web`, { metadata: { annotations: { a: 'b' } } })).toBe(2)
    expect(await generationAfter(`${apps}/deployments/web`, { spec: { replicas: 5 } })).toBe(3)
    expect(
      await generationAfter(`${apps}/statefulsets/db`, { metadata: { annotations: { a: 'b' }, labels: { a: 'b' } } }),
    ).toBe(1)
    expect(await generationAfter(`${apps}/statefulsets/db`, { spec: { replicas: 5 } })).toBe(2)
  })

  it('an old version is a conflict, and a write that changes nothing makes no new version', async () => {
    await using world = await cluster()
    const made = await post(world.client, `${core}/configmaps`, { metadata: { name: 'c' }, data: { a: '1' } })
    const version = at(made.body, 'metadata', 'resourceVersion')
    await patch(world.client, `${core}/configmaps/c`, 'merge', { data: { a: '2' } })
    const late = await world.client.call(`${core}/configmaps/c`, {
      method: 'PUT',
      body: { metadata: { name: 'c', resourceVersion: version }, data: {} },
    })
    expect(late.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "c": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'c', kind: 'configmaps' },
    })
    const before = at((await world.client.call(`${core}/configmaps/c`)).body, 'metadata', 'resourceVersion')
    const same = await patch(world.client, `${core}/configmaps/c`, 'merge', { data: { a: '2' } })
    expect(at(same.body, 'metadata', 'resourceVersion')).toBe(before)
  })

  it('status written through the main resource is silently ignored', async () => {
    await using world = await cluster({ controllers: false })
    await post(world.client, `${apps}/deployments`, deployment('web'))
    const after = await patch(world.client, `${apps}/deployments/web`, 'merge', { status: { replicas: 9 } })
    expect(after.status).toBe(200)
    expect(at(after.body, 'status')).toEqual({})
    const through = await patch(world.client, `${apps}/deployments/web/status`, 'merge', {
      spec: { replicas: 9 },
      status: { replicas: 9 },
    })
    expect([at(through.body, 'spec', 'replicas'), at(through.body, 'status', 'replicas')]).toEqual([3, 9])
  })

  it('a field that the schema does not know is refused when strict, warned of otherwise, and kept', async () => {
    await using world = await cluster({ controllers: false })
    const body = deployment('web', {
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web:1', shinyNew: { a: 1 } }] },
      },
    })
    const strict = await post(world.client, `${apps}/deployments?fieldValidation=Strict`, body)
    expect(strict.body).toMatchObject({
      code: 400,
      message:
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.template.spec.containers[0].shinyNew"',
    })
    const warned = await post(world.client, `${apps}/deployments`, body)
    expect(warned.headers.get('warning')).toBe('299 - "unknown field \\"spec.template.spec.containers[0].shinyNew\\""')
    const stored = await world.client.call(`${apps}/deployments/web`)
    expect(at(stored.body, 'spec', 'template', 'spec', 'containers', 0, 'shinyNew')).toEqual({ a: 1 })
  })

  it('dryRun answers as if and changes nothing', async () => {
    await using world = await cluster({ controllers: false })
    expect((await post(world.client, `${apps}/deployments?dryRun=All`, deployment('web'))).status).toBe(201)
    expect((await world.client.call(`${apps}/deployments/web`)).status).toBe(404)
    await post(world.client, `${apps}/deployments`, deployment('web'))
    const patched = await world.client.call(`${apps}/deployments/web?dryRun=All`, {
      method: 'PATCH',
      type: types.merge,
      body: { spec: { replicas: 8 } },
    })
    expect(at(patched.body, 'spec', 'replicas')).toBe(8)
    await world.client.call(`${apps}/deployments/web?dryRun=All`, { method: 'DELETE' })
    expect(at((await world.client.call(`${apps}/deployments/web`)).body, 'spec', 'replicas')).toBe(3)
  })

  it.each([
    [
      { spec: { selector: { matchLabels: { app: 'x' } } } },
      'spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: field is immutable',
    ],
    [{ spec: { replicas: -1 } }, 'spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    [{ spec: { template: { spec: { containers: [] } } } }, 'spec.template.spec.containers: Required value'],
    [
      { spec: { strategy: { type: 'Recreate' } } },
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ],
    [
      { spec: { template: { spec: { restartPolicy: 'Never' } } } },
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ],
  ])('%j is refused in the words of the real server', async (change, words) => {
    await using world = await cluster({ controllers: false })
    await post(world.client, `${apps}/deployments`, deployment('web'))
    const { status, body } = await patch(world.client, `${apps}/deployments/web`, 'merge', change)
    expect(status).toBe(422)
    expect(at(body, 'message')).toContain(words)
    expect(at(body, 'details', 'causes')).toContainEqual(expect.objectContaining({ field: words.split(':')[0] }))
  })

  it('unknown routes and missing things are told apart', async () => {
    await using world = await cluster()
    const { client } = world
    expect((await client.call('/apis/nope')).text).toBe('404 page not found\n')
    expect((await client.call(`${apps}/widgets`)).body).toMatchObject({
      code: 404,
      message: 'the server could not find the requested resource',
      details: {},
    })
    expect((await client.call(`${apps}/deployments/none`)).body).toMatchObject({
      code: 404,
      message: 'deployments.apps "none" not found',
      details: { name: 'none', group: 'apps', kind: 'deployments' },
    })
    expect((await post(client, '/api/v1/namespaces/none/configmaps', { metadata: { name: 'x' } })).body).toMatchObject({
      code: 404,
      message: 'namespaces "none" not found',
    })
  })

  it('the official client reads it through the kubeconfig, and drops what it does not know', async () => {
    await using world = await cluster({ controllers: false })
    await post(
      world.client,
      `${apps}/deployments`,
      deployment('web', {
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { fromTheFuture: true, containers: [{ name: 'web', image: 'web:1' }] },
        },
      }),
    )
    const config = new KubeConfig()
    config.loadFromFile(world.server.kubeconfig)
    const list = await config.makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace: 'shop' })
    expect(list.items.map((one) => one.metadata?.name)).toEqual(['web'])
    expect(list.items[0]?.spec?.template.spec).not.toHaveProperty('fromTheFuture')
    expect(at(items(await world.client.call(`${apps}/deployments`))[0], 'spec', 'template', 'spec')).toHaveProperty(
      'fromTheFuture',
      true,
    )
  })
})
