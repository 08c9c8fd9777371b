import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compareWithPlan } from '../../src/operations/rollback/compare.ts'
import { restoreTemplate } from '../../src/operations/rollback/restore.ts'
import type { RawObject } from '../../src/services/kubernetes/api/json.ts'
import { type ApiServer, json, reset, startApiServer, status } from './api-server.ts'
import { planOfBadRelease, quickPace, withTemplate } from './recorded-plan.ts'

const { plan, workload, restored } = planOfBadRelease()
const path = /^\/apis\/apps\/v1\/namespaces\/porttrack\/deployments\/porttrack-app/
const bare422 = status(422, 'Invalid', 'the server rejected our request due to an error in our request')

let api: ApiServer
beforeEach(async () => {
  api = await startApiServer()
})
afterEach(async () => {
  await api.stop()
  expect(api.unexpected).toEqual([])
  expect(api.unused()).toEqual([])
})

/** The connection breaks, and from then on there is no server. */
const andThenNothing: typeof reset = (request, response) => {
  reset(request, response)
  void api.stop()
}

const fence = () => restoreTemplate(api.client, plan, quickPace)
const patch = (answer: Parameters<ApiServer['expect']>[0]['answer'], times = 1) => ({
  method: 'PATCH',
  path,
  answer,
  times,
})
const get = (object: RawObject, times = 1) => ({ path, answer: json(200, object), times })
const scaled: RawObject = {
  ...workload.raw,
  spec: { ...(workload.raw['spec'] as RawObject), replicas: 5 },
}

describe('the one write', () => {
  test('is one request when all is well', async () => {
    api.expect(patch(json(200, restored)))
    expect(await fence().act()).toMatchObject({ kind: 'restored' })
    expect(JSON.parse(api.seen[0]?.body ?? '')).toEqual(plan.patch)
  })

  test('whose answer is lost is looked for, and not done twice', async () => {
    api.expect(patch(reset), get(restored))
    expect(await fence().act()).toMatchObject({ kind: 'restored' })
  })

  test('that never arrived is sent again: its tests make that safe', async () => {
    api.expect(patch(reset), get(workload.raw), patch(json(200, restored)))
    expect(await fence().act()).toMatchObject({ kind: 'restored' })
  })

  test('whose repetition fails because the first one had arrived is done', async () => {
    api.expect(patch(reset), get(workload.raw), patch(bare422), get(restored))
    expect(await fence().act()).toMatchObject({ kind: 'restored' })
  })

  test('in a cluster that stays away ends, and says that it may have been done', async () => {
    api.expect(patch(andThenNothing))
    expect(await fence().act()).toMatchObject({ kind: 'away', sent: true })
  })

  test('that found no server at all was certainly not done', async () => {
    await api.stop()
    expect(await fence().act()).toMatchObject({ kind: 'away', sent: false })
  })

  test('that ends in an internal error may have been done all the same: the object tells', async () => {
    const broken = status(500, 'InternalError', 'failed calling webhook "policy"')
    api.expect(patch(broken), get(restored))
    expect(await fence().act()).toMatchObject({ kind: 'restored' })
    api.expect(...[1, 2, 3].flatMap(() => [patch(broken), get(workload.raw)]))
    expect(await fence().act()).toMatchObject({
      kind: 'refused',
      reason: 'cluster_refused',
      message: expect.stringContaining('webhook'),
    })
  })

  test('is made again when the server is too busy to take it', async () => {
    api.expect(patch(status(429, 'TooManyRequests', 'busy')), patch(json(200, restored)))
    expect(await fence().act()).toMatchObject({ kind: 'restored' })
  })
})

describe('when the world moved, the bare 422 is explained', () => {
  test('by another template, who wrote it, and what differs', async () => {
    const other = structuredClone(workload.template) as { spec: { containers: { image: string }[] } }
    for (const container of other.spec.containers) container.image = 'app:2.8.1'
    api.expect(patch(bare422), get(withTemplate(workload.raw, other)))
    expect(await fence().act()).toMatchObject({
      kind: 'moved',
      moved: [{ field: 'template', by: 'kubectl-set', changes: [{ path: 'image (app)', after: 'app:2.8.1' }] }],
    })
  })

  test('by somebody who had the same idea: nothing to do', async () => {
    api.expect(patch(bare422), get(restored))
    expect(await fence().act()).toEqual({ kind: 'already_there' })
  })

  test('and where nothing moved it is what it says: refused, with the causes', async () => {
    const causes = [{ field: 'spec.template.spec.containers[0].image', message: 'Required value' }]
    api.expect(patch(status(422, 'Invalid', 'Deployment is invalid', { causes })), get(workload.raw))
    expect(await fence().act()).toMatchObject({
      kind: 'refused',
      reason: 'cluster_refused',
      message: expect.stringContaining('Required value'),
    })
  })

  test('a conflict with another writer that changed nothing of ours is tried again', async () => {
    api.expect(
      patch(status(409, 'Conflict', 'the object has been modified')),
      get(workload.raw),
      patch(json(200, restored)),
    )
    expect(await fence().act()).toMatchObject({ kind: 'restored' })
  })

  test('a missing right is named', async () => {
    api.expect(patch(status(403, 'Forbidden', 'cannot patch resource "deployments"')))
    expect(await fence().act()).toMatchObject({
      kind: 'refused',
      reason: 'forbidden',
      verb: 'patch',
      resource: 'deployments',
    })
  })
})

describe('after a crash, the object tells whether the write was done', () => {
  test('done', async () => {
    api.expect(get(restored))
    expect(await fence().look()).toMatchObject({ kind: 'done', result: { kind: 'restored' } })
  })
  test('not done, also when it was scaled meanwhile', async () => {
    api.expect(get(workload.raw), get(scaled))
    expect(await fence().look()).toEqual({ kind: 'not_done' })
    expect(await fence().look()).toEqual({ kind: 'not_done' })
  })
  test('unknown, when somebody changed the template since', async () => {
    api.expect(get(withTemplate(workload.raw, { spec: { containers: [{ name: 'app', image: 'app:3' }] } })))
    expect(await fence().look()).toMatchObject({ kind: 'unknown' })
  })
})

describe('before the write, one read compares the world with what people saw', () => {
  const compare = () => compareWithPlan(api.client, plan, quickPace)

  test('the same', async () => {
    api.expect(get(workload.raw))
    expect(await compare()).toEqual({ kind: 'same' })
  })

  test('scaled by somebody: who and when, from what to what', async () => {
    api.expect(get(scaled))
    expect(await compare()).toMatchObject({
      kind: 'moved',
      moved: [
        {
          field: 'replicas',
          before: '3',
          after: '5',
          by: 'kubectl-client-side-apply',
          at: expect.stringMatching(/^20/),
        },
      ],
    })
  })

  test('paused by somebody, or made anew under the same name', async () => {
    const paused = { ...workload.raw, spec: { ...(workload.raw['spec'] as RawObject), paused: true } }
    const anew = { ...workload.raw, metadata: { ...(workload.raw['metadata'] as RawObject), uid: 'other' } }
    api.expect(get(paused), get(anew))
    expect(await compare()).toMatchObject({ moved: [{ field: 'paused', after: 'true' }] })
    expect(await compare()).toMatchObject({ moved: [{ field: 'recreated' }] })
  })

  test('rolled back by somebody else already', async () => {
    api.expect(get(restored))
    expect(await compare()).toEqual({ kind: 'already_there' })
  })

  test('a cluster that does not answer: nothing was sent', async () => {
    api.expect({ path, answer: andThenNothing })
    expect(await compare()).toMatchObject({ kind: 'away', sent: false })
  })
})
