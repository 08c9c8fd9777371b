import { describe, expect, it } from 'vitest'
import { apps, at, cluster, deployment, patch, post, types } from './helpers.ts'

const web = `${apps}/deployments/web`

async function withWeb() {
  const world = await cluster({ controllers: false })
  await post(
    world.client,
    `${apps}/deployments`,
    deployment('web', {
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'web:1',
              env: [
                { name: 'A', value: '1' },
                { name: 'B', value: '2' },
              ],
            },
          ],
        },
      },
    }),
  )
  return world
}

const container = (body: unknown) => at(body, 'spec', 'template', 'spec', 'containers', 0)

describe('patches', () => {
  it('a failed test of a JSON patch is a bare 422 and changes nothing', async () => {
    await using world = await withWeb()
    const refused = await patch(world.client, web, 'json', [
      { op: 'replace', path: '/spec/replicas', value: 9 },
      { op: 'test', path: '/spec/replicas', value: 1 },
    ])
    expect(refused.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'the server rejected our request due to an error in our request',
      reason: 'Invalid',
      details: {},
      code: 422,
    })
    expect(at((await world.client.call(web)).body, 'spec', 'replicas')).toBe(3)
  })

  it('a test for null holds where nothing is, so it can guard spec.paused', async () => {
    await using world = await withWeb()
    const guard = [
      { op: 'test', path: '/spec/paused', value: null },
      { op: 'replace', path: '/spec/replicas', value: 4 },
    ]
    expect((await patch(world.client, web, 'json', guard)).status).toBe(200)
    await patch(world.client, web, 'merge', { spec: { paused: true } })
    expect((await patch(world.client, web, 'json', guard)).status).toBe(422)
    await patch(world.client, web, 'merge', { spec: { paused: false } })
    expect((await patch(world.client, web, 'json', guard)).status, 'false is not stored, as in Go').toBe(200)
  })

  it('a strategic patch merges containers and their environment by name', async () => {
    await using world = await withWeb()
    const { body } = await patch(world.client, web, 'strategic', {
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'web',
                env: [
                  { name: 'A', $patch: 'delete' },
                  { name: 'C', value: '3' },
                ],
              },
            ],
          },
        },
      },
    })
    expect(container(body)).toMatchObject({
      image: 'web:1',
      env: [
        { name: 'C', value: '3' },
        { name: 'B', value: '2' },
      ],
    })
  })

  it('$setElementOrder orders, $patch: replace and $retainKeys replace', async () => {
    await using world = await withWeb()
    const ordered = await patch(world.client, web, 'strategic', {
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'side' }, { name: 'web' }],
            containers: [{ name: 'side', image: 'side:1' }],
          },
        },
      },
    })
    expect(
      (at(ordered.body, 'spec', 'template', 'spec', 'containers') as { name: string }[]).map((one) => one.name),
    ).toEqual(['side', 'web'])
    const replaced = await patch(world.client, web, 'strategic', {
      spec: { template: { spec: { containers: [{ $patch: 'replace' }, { name: 'only', image: 'only:1' }] } } },
    })
    expect(
      (at(replaced.body, 'spec', 'template', 'spec', 'containers') as { name: string }[]).map((one) => one.name),
    ).toEqual(['only'])
    const labels = { $patch: 'replace', only: 'this' }
    const relabelled = await patch(world.client, web, 'strategic', { metadata: { labels: { old: 'label' } } })
    expect(at(relabelled.body, 'metadata', 'labels')).toEqual({ old: 'label' })
    expect(
      at((await patch(world.client, web, 'strategic', { metadata: { labels } })).body, 'metadata', 'labels'),
    ).toEqual({ only: 'this' })
    const recreate = await patch(world.client, web, 'strategic', {
      spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
    })
    expect(at(recreate.body, 'spec', 'strategy')).toEqual({ type: 'Recreate' })
  })

  it('a list item without its merge key is refused as the real server does', async () => {
    await using world = await withWeb()
    expect(
      (await patch(world.client, web, 'strategic', { spec: { template: { spec: { containers: [{ image: 'x' }] } } } }))
        .body,
    ).toMatchObject({ code: 500, message: 'map: map[image:x] does not contain declared merge key: name' })
  })

  it('each writer owns the fields that it wrote last', async () => {
    await using world = await withWeb()
    await world.client.call(`${web}?fieldManager=ops`, {
      method: 'PATCH',
      type: types.merge,
      body: { spec: { replicas: 5 } },
    })
    const managers = at((await world.client.call(web)).body, 'metadata', 'managedFields') as {
      manager: string
      operation: string
      fieldsV1: object
    }[]
    expect(managers.find((one) => one.manager === 'ops')).toMatchObject({
      operation: 'Update',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    })
    expect(at(managers.find((one) => one.manager === 'scenario')?.fieldsV1, 'f:spec')).not.toHaveProperty('f:replicas')
  })

  it('server-side apply: conflicts name field and owner, force takes them, what is no longer applied goes', async () => {
    await using world = await withWeb()
    const apply = (spec: object, query = '') =>
      world.client.call(`${web}?fieldManager=pipeline${query}`, {
        method: 'PATCH',
        type: types.apply,
        body: { apiVersion: 'apps/v1', kind: 'Deployment', spec },
      })
    const refused = await apply({ replicas: 7 })
    expect(refused.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "scenario" using apps/v1: .spec.replicas',
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "scenario" using apps/v1',
            field: '.spec.replicas',
          },
        ],
      },
    })
    const forced = await apply({ replicas: 7, minReadySeconds: 4 }, '&force=true')
    expect(at(forced.body, 'spec')).toMatchObject({ replicas: 7, minReadySeconds: 4 })
    const less = await apply({ replicas: 7 })
    expect(less.status).toBe(200)
    expect(at(less.body, 'spec')).not.toHaveProperty('minReadySeconds')
    expect(container(less.body), 'what others own stays').toMatchObject({ image: 'web:1' })
  })

  it('apply creates what is not there', async () => {
    await using world = await cluster({ controllers: false })
    const made = await world.client.call(`${web}?fieldManager=pipeline`, {
      method: 'PATCH',
      type: types.apply,
      body: 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: "web:1"}]}\n',
    })
    expect([
      made.status,
      at(made.body, 'metadata', 'name'),
      at(made.body, 'metadata', 'managedFields', 0, 'operation'),
    ]).toEqual([201, 'web', 'Apply'])
  })

  it.each([
    [
      'json',
      {},
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
      400,
    ],
    [
      'merge',
      [],
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
      400,
    ],
    ['merge', '{', 'error decoding patch: unexpected end of JSON input', 400],
    [
      'merge',
      { metadata: { name: 'other' } },
      'the name of the object (other) does not match the name on the URL (web)',
      400,
    ],
  ] as const)('%s %j is answered with %s', async (type, body, message, code) => {
    await using world = await withWeb()
    expect((await patch(world.client, web, type, body)).body).toMatchObject({ message, code })
  })
})
