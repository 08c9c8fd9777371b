import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { checkHealth } from '../../src/services/http/health.ts'

let answer: (response: ServerResponse) => void
let asked: string[]
let url: string
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  answer(response)
})
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/health`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(() => {
  asked = []
})

const check = (more: { expect?: number; contains?: string; timeoutSeconds?: number; url?: string } = {}) =>
  checkHealth({ name: 'web', url, expect: 200, timeoutSeconds: 2, ...more })

test('the expected status passes', async () => {
  answer = (response) => void response.end('ok')
  expect(await check()).toMatchObject({ name: 'web', ok: true, status: 200, reason: undefined })
})

test('another status does not, and is told', async () => {
  answer = (response) => void response.writeHead(503).end()
  expect(await check()).toMatchObject({ ok: false, status: 503, reason: 'unexpected_status' })
  expect(await check({ expect: 503 })).toMatchObject({ ok: true })
})

test('a redirect to a login page elsewhere is not followed', async () => {
  answer = (response) => void response.writeHead(302, { location: '/login' }).end()
  expect(await check()).toMatchObject({ ok: false, status: 302 })
  expect(asked).toEqual(['/api/health'])
})

test('the text that must be there', async () => {
  answer = (response) => void response.end('{"version":"2.7.3"}')
  expect(await check({ contains: '"2.7.3"' })).toMatchObject({ ok: true })
  expect(await check({ contains: '"2.8.0"' })).toMatchObject({ ok: false, reason: 'text_missing' })
})

test('silence ends at the time limit', async () => {
  answer = () => {}
  expect(await check({ timeoutSeconds: 1 })).toMatchObject({ ok: false, status: undefined, reason: 'timeout' })
})

test('an endless answer is cut off', async () => {
  answer = (response) => void response.end('x'.repeat(2_000_000))
  expect(await check({ contains: 'y' })).toMatchObject({ ok: false, reason: 'too_large' })
})

test('nobody there, or no such name', async () => {
  answer = (response) => void response.socket?.resetAndDestroy()
  expect(await check()).toMatchObject({ ok: false, reason: 'connection' })
  expect(await check({ url: 'http://127.0.0.1:1/' })).toMatchObject({ ok: false, reason: 'refused' })
})
