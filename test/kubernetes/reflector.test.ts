import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type RawObject, textAt } from '../../src/services/kubernetes/api/json.ts'
import { type Projection, type Reflector, startReflector } from '../../src/services/kubernetes/watch/reflector.ts'
import { type ApiServer, eventually, json, lines, reset, startApiServer, status } from './api-server.ts'

let api: ApiServer
let stop: AbortController
let heard: string[]
let reflector: Reflector<Projection> | undefined

beforeEach(async () => {
  api = await startApiServer()
  stop = new AbortController()
  heard = []
})
afterEach(async () => {
  stop.abort()
  await reflector?.done
  await api.stop()
  expect(api.unused()).toEqual([])
})

const project = (raw: RawObject): Projection => ({
  uid: textAt(raw, 'metadata', 'uid') ?? '',
  namespace: textAt(raw, 'metadata', 'namespace') ?? '',
  name: textAt(raw, 'metadata', 'name') ?? '',
})
const pod = (name: string, version: string, uid = `uid-${name}`) => ({
  metadata: { name, namespace: 'porttrack', uid, resourceVersion: version },
})
const list = (version: string, ...items: unknown[]) => json(200, { metadata: { resourceVersion: version }, items })
const event = (type: string, object: unknown) => ({ type, object })
const bookmark = (version: string) => event('BOOKMARK', { metadata: { resourceVersion: version } })

const listPath = /pods\?limit/
const watchFrom = (version: string) => new RegExp(`resourceVersion=${version}&`)

function start(
  more: { onChange?: (now: Projection, before: Projection | undefined) => void } = {},
): Reflector<Projection> {
  reflector = startReflector({
    client: api.client,
    path: '/api/v1/namespaces/porttrack/pods',
    project,
    onChange: more.onChange ?? ((now, before) => void heard.push(`${before === undefined ? '+' : '~'}${now.name}`)),
    onRemove: (last) => void heard.push(`-${last.name}`),
    signal: stop.signal,
    log: pino({ level: 'silent' }),
    idleMs: 1000,
    longestPauseMs: 20,
  })
  return reflector
}

test('it lists, then follows what changes', async () => {
  api.expect(
    { path: listPath, answer: list('10', pod('a', '9'), pod('b', '10')) },
    {
      path: watchFrom('10'),
      answer: lines(
        [event('MODIFIED', pod('a', '11')), event('ADDED', pod('c', '12')), event('DELETED', pod('b', '13'))],
        false,
      ),
    },
  )
  const pods = start()
  await pods.synced
  await eventually('b is gone', () => heard.includes('-b'))
  expect(heard).toEqual(['+a', '+b', '~a', '+c', '-b'])
  expect([...pods.values()].map((each) => each.name)).toEqual(['a', 'c'])
})

test('after a broken watch it goes on from the last event or bookmark, without a new list', async () => {
  api.expect(
    { path: listPath, answer: list('10', pod('a', '9')) },
    { path: watchFrom('10'), answer: lines([event('MODIFIED', pod('a', '11')), bookmark('50')], true) },
    { path: watchFrom('50'), answer: lines([event('ADDED', pod('b', '51'))], false) },
  )
  start()
  await eventually('b is known', () => heard.includes('+b'))
  expect(api.seen.filter((request) => listPath.test(request.url.pathname + request.url.search))).toHaveLength(1)
})

test('410 means a new list; what vanished meanwhile is removed', async () => {
  const gone = event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' })
  api.expect(
    { path: listPath, answer: list('10', pod('a', '9'), pod('b', '9')) },
    { path: watchFrom('10'), answer: lines([gone], true) },
    { path: listPath, answer: list('90', pod('a', '9'), pod('c', '80')) },
    { path: watchFrom('90'), answer: lines([], false) },
  )
  const pods = start()
  await eventually('c is known', () => heard.includes('+c'))
  await eventually('b is gone', () => heard.includes('-b'))
  await eventually('it watches again', () => api.unused().length === 0)
  expect([...pods.values()].map((each) => each.name).sort()).toEqual(['a', 'c'])
})

test('resets, server errors and silence do not end it', async () => {
  api.expect(
    { path: listPath, answer: reset },
    { path: listPath, answer: reset },
    { path: listPath, answer: status(500, 'InternalError', 'etcd is away') },
    { path: listPath, answer: list('10', pod('a', '9')) },
    { path: watchFrom('10'), answer: reset },
    { path: watchFrom('10'), answer: status(503, 'ServiceUnavailable', 'starting') },
    // Silent: counts as dead after the idle time.
    { path: watchFrom('10'), answer: lines([], false) },
    { path: watchFrom('10'), answer: lines([event('ADDED', pod('b', '12'))], false) },
  )
  start()
  await eventually('b is known', () => heard.includes('+b'))
})

test('the same name with another uid is a removal and a new object', async () => {
  api.expect(
    { path: listPath, answer: list('10', pod('db-0', '9', 'first')) },
    {
      path: watchFrom('10'),
      answer: lines(
        [event('ADDED', pod('db-0', '12', 'second')), event('DELETED', pod('db-0', '11', 'first')), bookmark('13')],
        false,
      ),
    },
  )
  const pods = start()
  await eventually('the new one is known', () => pods.get('porttrack', 'db-0')?.uid === 'second')
  await eventually('all is heard', () => heard.length === 3)
  expect(heard).toEqual(['+db-0', '-db-0', '+db-0'])
  expect(pods.get('porttrack', 'db-0')?.uid).toBe('second')
})

test('a handler that throws ends nothing', async () => {
  api.expect(
    { path: listPath, answer: list('10', pod('a', '9')) },
    { path: watchFrom('10'), answer: lines([event('ADDED', pod('b', '11'))], false) },
  )
  const pods = start({
    onChange: () => {
      throw new Error('a fault of the handler')
    },
  })
  await eventually('b is known', () => pods.get('porttrack', 'b') !== undefined)
})

test('it ends when it is told to', async () => {
  api.expect({ path: listPath, answer: list('10') }, { path: watchFrom('10'), answer: lines([], false) })
  const pods = start()
  await pods.synced
  await eventually('it watches', () => api.seen.length === 2)
  stop.abort()
  await pods.done
  expect(pods.lagSeconds()).toBeLessThan(60)
})
