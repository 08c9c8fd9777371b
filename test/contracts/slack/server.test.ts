import { mkdtempSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { sendText } from '../../../sandbox/http/answers.ts'
import type { Server } from '../../../sandbox/http/exchange.ts'
import { createServer } from '../../../sandbox/http/server.ts'
import { readManifest } from '../../../sandbox/slack/model/manifest.ts'
import { ops, startRoom } from './workspace.ts'

let server: Server
afterEach(() => server?.close())

const say =
  (text: string) =>
  ({ response, rest }: Parameters<Parameters<Server['mount']>[1]>[0]) =>
    sendText(response, `${text} ${rest}`, 'text/plain')
const read = async (path: string) => {
  const response = await fetch(`${server.url}${path}`)
  return `${response.status} ${await response.text()}`
}

/** fetch does not let the Host header be chosen. */
function status(headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ port: server.port, path: '/a', headers }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end()
  })
}

describe('mounts', () => {
  test('the longest prefix answers, whole words only, until it is taken off', async () => {
    server = await createServer()
    server.mount('/', say('page'))
    const take = server.mount('/api/', say('api'))
    expect(await read('/api/chat.update?x=1')).toBe('200 api chat.update')
    expect(await read('/apiary')).toBe('200 page apiary')
    take()
    expect(await read('/api/chat.update')).toBe('200 page api/chat.update')
  })

  test('what nobody answers is 404, and what fails is 500', async () => {
    server = await createServer()
    server.mount('/a', () => {
      throw new Error('broken')
    })
    expect(await read('/b')).toBe('404 {"ok":false,"error":"not_found"}')
    expect(await read('/a')).toContain('500 {"ok":false,"error":"internal_error"')
  })
})

describe('strangers', () => {
  test.each([
    ['its own name and port', {}, 200],
    ['its own name without a port, as some clients send it', { host: '127.0.0.1' }, 200],
    ['localhost', { host: 'localhost:1' }, 200],
    ['a name that a stranger let point here', { host: 'evil.example' }, 403],
    ['a page of another site', { origin: 'https://evil.example' }, 403],
    ['a page on another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['a page without an origin of its own', { origin: 'null' }, 403],
  ])('%s', async (_what, headers, expected) => {
    server = await createServer()
    server.mount('/a', say('a'))
    expect(await status(headers)).toBe(expected)
  })

  test('cannot open a WebSocket either', async () => {
    server = await createServer()
    server.mountUpgrade('/link', (_request, socket) => void socket.end('HTTP/1.1 101 Switching\r\n\r\n'))
    const upgrade = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request({
          port: server.port,
          path: '/link',
          headers: { connection: 'upgrade', upgrade: 'websocket', ...headers },
        })
        sent
          .on('upgrade', (response) => resolve(response.statusCode))
          .on('response', (response) => resolve(response.statusCode))
        sent.on('error', reject).end()
      })
    expect(await upgrade({ origin: 'https://evil.example' })).toBe(403)
    expect(await upgrade({})).toBe(101)
  })
})

describe('manifests', () => {
  test("the project's own is one that Slack takes, and its workspace starts", async () => {
    const path = fileURLToPath(new URL('../../../manifest.yml', import.meta.url))
    const room = await startRoom({ manifest: path })
    const { commands } = await room.get('commands')
    expect(commands).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ command: '/rollback', usage_hint: expect.stringContaining('app') }),
      ]),
    )
    await room.stop()
  })

  test('an event without its scope is refused, and so are commands', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'manifest-')), 'manifest.yml')
    writeFileSync(
      path,
      'display_information: {name: x}\nfeatures: {slash_commands: [{command: /x, description: x}]}\nsettings: {event_subscriptions: {bot_events: [reaction_added]}}\n',
    )
    expect(() => readManifest(path)).toThrow(
      /reaction_added needs the scope reactions:read; slash commands need the scope commands/,
    )
  })
})

test('a permalink leads to its place on the page', async () => {
  const room = await startRoom()
  const { ts } = await room.call('chat.postMessage', { channel: ops, text: 'a' })
  const reply = await room.call('chat.postMessage', { channel: ops, text: 'b', thread_ts: ts })
  const target = async (message: unknown) => {
    const { permalink } = await room.call('chat.getPermalink', { channel: ops, message_ts: message })
    return (await fetch(String(permalink), { redirect: 'manual' })).headers.get('location')
  }
  expect(await target(ts)).toBe(`/#/${ops}`)
  expect(await target(reply['ts'])).toBe(`/#/${ops}/${ts}`)
  await room.stop()
})
