import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KubernetesError } from '../../src/services/kubernetes/api/errors.ts'
import { KubeConfig } from '../../src/services/kubernetes/api/kube-config.ts'
import { type ApiServer, eventually, json, lines, reset, silence, startApiServer, status } from './api-server.ts'

let api: ApiServer
beforeEach(async () => {
  api = await startApiServer()
})
afterEach(async () => {
  await api.stop()
  expect(api.unexpected).toEqual([])
  expect(api.unused()).toEqual([])
})

const deployment = '/apis/apps/v1/namespaces/porttrack/deployments/porttrack-app'
const pods = '/api/v1/namespaces/porttrack/pods'

async function failure(call: Promise<unknown>): Promise<KubernetesError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof KubernetesError)) throw new Error('a KubernetesError was expected', { cause: error })
  return error
}

describe('what the API refuses comes as a typed error', () => {
  test('403 names the verb and the resource that the right is missing for', async () => {
    const message =
      'deployments.apps "porttrack-app" is forbidden: User "bot" cannot patch resource "deployments" in API group "apps" in the namespace "porttrack"'
    api.expect({ method: 'PATCH', path: /deployments/, answer: status(403, 'Forbidden', message) })
    const error = await failure(api.client.patch(deployment, [], 'json'))
    expect(error).toMatchObject({ status: 403, reason: 'Forbidden', verb: 'patch', resource: 'deployments', message })
  })

  test('verbs and resources are those of rights, also for lists, subresources and cluster-wide kinds', async () => {
    const paths = [
      pods,
      `${pods}/a/log`,
      '/api/v1/nodes/n1',
      '/apis/apps/v1/deployments',
      '/api/v1/namespaces/porttrack',
    ]
    api.expect({ path: /./, times: paths.length, answer: status(404, 'NotFound', 'not found') })
    const errors = await Promise.all(paths.map((path) => failure(api.client.get(path))))
    expect(errors.map((error) => `${error.verb} ${error.resource}`)).toEqual([
      'list pods',
      'get pods/log',
      'get nodes',
      'list deployments',
      'get namespaces',
    ])
  })

  test('422 tells the causes, field by field', async () => {
    const causes = [{ reason: 'FieldValueInvalid', message: 'Invalid value: -1', field: 'spec.replicas' }]
    api.expect({ method: 'PATCH', path: /./, answer: status(422, 'Invalid', 'is invalid', { causes }) })
    expect(await failure(api.client.patch(deployment, {}, 'merge'))).toMatchObject({
      reason: 'Invalid',
      causes: ['spec.replicas: Invalid value: -1'],
    })
  })

  test("a proxy's page is no answer of a cluster", async () => {
    api.expect({ path: /./, answer: (_request, response) => void response.end('<html>login</html>') })
    expect(await failure(api.client.get(deployment))).toMatchObject({ reason: 'not_kubernetes' })
  })
})

describe('a cluster that is away', () => {
  test('a reading call is repeated once when the connection breaks', async () => {
    api.expect({ path: /./, answer: reset }, { path: /./, answer: json(200, { kind: 'Deployment' }) })
    expect(await api.client.get(deployment)).toEqual({ kind: 'Deployment' })
    expect(api.client.calls()).toBe(2)
  })

  test('and not more than once', async () => {
    api.expect({ path: /./, times: 2, answer: reset })
    expect(await failure(api.client.get(deployment))).toMatchObject({ status: 0, reason: 'cluster_away' })
  })

  test('a writing call is never repeated', async () => {
    api.expect({ method: 'PATCH', path: /./, answer: reset })
    expect(await failure(api.client.patch(deployment, [], 'json'))).toMatchObject({ reason: 'cluster_away' })
    expect(api.seen).toHaveLength(1)
  })

  test('a half-open connection ends at the time limit, and the reason says so', async () => {
    api.expect({ path: /./, answer: silence })
    const error = await failure(api.client.get(deployment, {}, { timeoutMs: 150 }))
    expect(error).toMatchObject({ reason: 'cluster_away', message: 'no answer within 0.15 s' })
  })

  test('so does an answer that stops in its middle', async () => {
    api.expect({
      path: /./,
      answer: (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' })
        response.write('{"kind":')
      },
    })
    expect(await failure(api.client.get(deployment, {}, { timeoutMs: 150 }))).toMatchObject({ reason: 'cluster_away' })
  })

  test('a server that asks for a moment is asked again after it', async () => {
    api.expect(
      { path: /./, answer: json(429, {}, { 'retry-after': '1' }) },
      { path: /./, answer: json(200, { ok: 1 }) },
    )
    expect(await api.client.get(deployment)).toEqual({ ok: 1 })
  })

  test('an answer larger than allowed is cut off, not swallowed', async () => {
    api.expect({ path: /./, answer: json(200, { text: 'x'.repeat(5000) }) })
    expect(await failure(api.client.get(deployment, {}, { maxBytes: 1000 }))).toMatchObject({
      reason: 'answer_too_large',
    })
  })

  test('whoever gives up stops waiting', async () => {
    api.expect({ path: /./, answer: silence })
    const stop = new AbortController()
    const call = api.client.get(deployment, {}, { signal: stop.signal })
    await eventually('the request has arrived', () => api.seen.length === 1)
    stop.abort(new Error('stopped'))
    await expect(call).rejects.toThrow('stopped')
  })
})

describe('what is sent', () => {
  test('the token, the field manager and the kind of patch', async () => {
    api.expect({ method: 'PATCH', path: /fieldManager=rescue/, answer: json(200, {}) })
    await api.client.patch(deployment, [{ op: 'test', path: '/a', value: 1 }], 'json')
    expect(api.seen[0]?.headers).toMatchObject({
      authorization: 'Bearer bot-token',
      'content-type': 'application/json-patch+json',
    })
    expect(JSON.parse(api.seen[0]?.body ?? '')).toEqual([{ op: 'test', path: '/a', value: 1 }])
  })

  test('the person who is impersonated, each group in a header of its own', async () => {
    api.expect({ path: /./, times: 2, answer: json(200, {}) })
    await api.client.as({ user: 'ana@porttrack.example', groups: ['sre', 'oncall'] }).get(deployment)
    await api.client.get(deployment)
    const raw = api.seen[0]?.rawHeaders ?? []
    const groups = raw.filter((_value, index) => raw[index - 1]?.toLowerCase() === 'impersonate-group')
    expect(groups).toEqual(['sre', 'oncall'])
    expect(api.seen[0]?.headers['impersonate-user']).toBe('ana@porttrack.example')
    expect(api.seen[1]?.headers['impersonate-user']).toBeUndefined()
  })

  test('only metadata, where contents must not be read', async () => {
    api.expect({ path: /secrets/, answer: json(200, { metadata: {} }) })
    await api.client.get('/api/v1/namespaces/porttrack/secrets/s', {}, { metadataOnly: true })
    expect(api.seen[0]?.headers.accept).toMatch(/^application\/json;as=PartialObjectMetadata;/)
  })

  test('lists page by page, until there is no more', async () => {
    const page = (names: string[], next?: string) =>
      json(200, {
        metadata: { resourceVersion: '7', continue: next },
        items: names.map((name) => ({ metadata: { name } })),
      })
    api.expect(
      { path: /limit=500$/, answer: page(['a', 'b'], 'more') },
      { path: /continue=more/, answer: page(['c'], '') },
    )
    const list = await api.client.list(pods)
    expect(list).toMatchObject({
      resourceVersion: '7',
      items: [{ metadata: { name: 'a' } }, {}, { metadata: { name: 'c' } }],
    })
  })
})

describe('a watch', () => {
  const event = (type: string, name: string) => ({ type, object: { metadata: { name, resourceVersion: '5' } } })

  test('gives events as they come, bookmarks too, and ends when the server ends it', async () => {
    api.expect({ path: /watch=true/, answer: lines([event('ADDED', 'a'), event('BOOKMARK', '')], true) })
    const got: string[] = []
    await api.client.watch(pods, {}, ({ type }) => void got.push(type), { signal: AbortSignal.timeout(5000) })
    expect(got).toEqual(['ADDED', 'BOOKMARK'])
  })

  test('that begins too far in the past ends with the 410 that its ERROR event carries', async () => {
    const gone = { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } }
    api.expect({ path: /./, answer: lines([gone], false) })
    const call = api.client.watch(pods, {}, () => {}, { signal: AbortSignal.timeout(5000) })
    expect(await failure(call)).toMatchObject({ status: 410, reason: 'Expired', verb: 'watch' })
  })

  test('in which nothing is heard any more ends', async () => {
    api.expect({ path: /./, answer: lines([event('ADDED', 'a')], false) })
    const call = api.client.watch(pods, {}, () => {}, { signal: AbortSignal.timeout(20_000), idleMs: 1000 })
    expect(await failure(call)).toMatchObject({ reason: 'cluster_away' })
  })
})

test('of client-node only the configuration is loaded, not the API classes that would double the memory of the bot', () => {
  const config = new KubeConfig()
  config.loadFromClusterAndUser({ name: 'a', server: 'https://a', skipTLSVerify: false }, { name: 'u' })
  class Api {}
  expect(() => config.makeApiClient(Api)).toThrow('the generated API of client-node is not loaded')
})
