import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { connectSocket } from './socket-client.ts'
import { type Answer, ops, type Room, startBolt, startRoom, until } from './workspace.ts'

let room: Room
let running: { stop(): Promise<void> } | undefined

beforeEach(async () => {
  room = await startRoom()
})

afterEach(async () => {
  await running?.stop()
  running = undefined
  await room.stop()
})

const connect = (query?: string) => connectSocket(room, query)
const status = (text = '', user = 'ana') => room.post('command', { user, channel: ops, text: `/status ${text}` })

describe('the real Bolt', () => {
  test('acks a command with text that only its sender sees', async () => {
    running = await startBolt(room, (app) => {
      app.command('/status', async ({ ack, command }) =>
        ack(`${command.text} for ${command.user_name} in ${command.channel_name}`),
      )
    })
    expect(await status('porttrack-app')).toMatchObject({
      ok: true,
      shown: [{ text: 'porttrack-app for ana in ops', is_ephemeral: true }],
    })
    expect(JSON.stringify(await room.get(`messages?user=luis&channel=${ops}`))).not.toContain('for ana')
  })

  test('answers in the channel when it says so', async () => {
    running = await startBolt(room, (app) => {
      app.command('/status', async ({ ack }) =>
        ack({ response_type: 'in_channel', text: 'for all', blocks: [{ type: 'divider' }] }),
      )
    })
    await status()
    expect((await room.get(`messages?user=luis&channel=${ops}`))['messages']).toMatchObject([
      { text: 'for all', user: 'U0RESCUE' },
    ])
  })

  test('uses respond(): new, replaced and deleted', async () => {
    running = await startBolt(room, (app) => {
      app.command('/status', async ({ ack, respond }) => {
        await ack()
        await respond({
          text: 'card',
          blocks: [
            {
              type: 'actions',
              elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }],
            },
          ],
        })
      })
      app.action('go', async ({ ack, respond }) => {
        await ack()
        await respond({ replace_original: true, text: 'gone' })
      })
    })
    await status()
    const card = await until(
      'the card',
      async () => ((await room.get(`messages?user=ana&channel=${ops}`))['messages'] as Answer[])[0],
    )
    expect(card).toMatchObject({ text: 'card', is_ephemeral: true })
    expect(await room.post('click', { user: 'ana', channel: ops, ts: card['ts'], action_id: 'go' })).toEqual({
      ok: true,
    })
    await until(
      'the replacement',
      async () =>
        ((await room.get(`messages?user=ana&channel=${ops}`))['messages'] as Answer[])[0]?.['text'] === 'gone',
    )
  })

  test('connects again after its sockets break, and goes on', async () => {
    running = await startBolt(room, (app) => {
      app.command('/status', async ({ ack }) => ack('well'))
    })
    room.workspace.sockets.dropAll()
    await until('the socket to be away', () => room.workspace.sockets.count() === 0)
    await until('the socket to be back', () => room.workspace.sockets.count() === 1)
    expect(await status()).toMatchObject({ ok: true, shown: [{ text: 'well' }] })
  })

  test('connects again when Slack asks for it', async () => {
    running = await startBolt(room, (app) => {
      app.command('/status', async ({ ack }) => ack('well'))
    })
    const opened = () => room.workspace.log.filter((call) => call.method === 'apps.connections.open').length
    room.workspace.sockets.refreshAll()
    await until('a second connection', () => opened() === 2 && room.workspace.sockets.count() === 1)
    expect(await status()).toMatchObject({ ok: true })
  })

  test('comes back when Slack does', async () => {
    running = await startBolt(room, (app) => {
      app.command('/status', async ({ ack }) => ack('well'))
    })
    room.workspace.goAway(true)
    await until('the socket to be away', () => room.workspace.sockets.count() === 0)
    await expect(room.web.auth.test()).rejects.toThrow()
    expect(await status()).toMatchObject({ ok: false, error: 'dispatch_failed' })
    room.workspace.goAway(false)
    await until('the socket to be back', () => room.workspace.sockets.count() === 1)
    expect(await status()).toMatchObject({ ok: true })
  })
})

describe('one connection', () => {
  test('is greeted, and its ticket works once', async () => {
    running = await connect()
    const { received, url } = running as Awaited<ReturnType<typeof connectSocket>>
    expect(received[0]).toMatchObject({
      type: 'hello',
      num_connections: 1,
      connection_info: { app_id: 'A0RESCUE' },
      debug_info: { approximate_connection_time: 18_060 },
    })
    const again = new WebSocket(url)
    const [error] = (await once(again, 'error')) as [Error]
    expect(error.message).toContain('403')
  })

  test('with debug_reconnects lives 360 s', async () => {
    const client = await connect('&debug_reconnects=true')
    running = client
    expect(client.received[0]).toMatchObject({ debug_info: { approximate_connection_time: 360 } })
  })

  test('one too many is sent away', async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => connect()))
    const extra = await connect()
    expect(extra.received[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' })
    for (const client of [...clients, extra]) await client.stop()
  })

  test('each envelope goes to one connection only', async () => {
    const clients = await Promise.all([connect(), connect(), connect()])
    const answers = Array.from({ length: 6 }, () => status())
    const all = () => clients.flatMap((client) => client.envelopes())
    await until('six envelopes', () => all().length === 6)
    for (const client of clients) for (const envelope of client.envelopes()) client.ack(envelope)
    await Promise.all(answers)
    expect(new Set(all().map((one) => one['envelope_id'])).size).toBe(6)
    expect(clients.map((client) => client.envelopes().length)).toEqual([2, 2, 2])
    for (const client of clients) await client.stop()
  })
})

test('a duplicated envelope has one id', async () => {
  const client = await connect()
  running = client
  room.workspace.sockets.duplicateNext()
  const answer = status()
  const twice = await until('two envelopes', () => client.envelopes().length === 2 && client.envelopes())
  client.ack(twice[0])
  expect(await answer).toMatchObject({ ok: true })
  expect(twice[0]).toEqual(twice[1])
})

test('only events that the manifest names are sent', async () => {
  const client = await connect()
  running = client
  const { ts } = await room.post('message', { user: 'ana', channel: ops, text: 'hello @fixture' })
  await room.post('reaction', { user: 'ana', channel: ops, ts, name: 'eyes' })
  await room.post('reaction', { user: 'ana', channel: ops, ts, name: 'eyes' })
  await room.post('profile', { user: 'ana', tz: 'America/Bogota' })
  const types = () => client.envelopes().map((one) => ((one['payload'] as Answer)['event'] as Answer)['type'])
  await until('four events', () => types().includes('user_change'))
  for (const envelope of client.envelopes()) client.ack(envelope)
  expect(types()).toEqual(['message', 'app_mention', 'reaction_added', 'user_change'])
})

describe('response_url', () => {
  test('works five times, then says that it is used up', async () => {
    const client = await connect()
    running = client
    const answer = status()
    const envelope = await until('the envelope', () => client.envelopes()[0])
    client.ack(envelope)
    await answer
    const url = String((envelope['payload'] as Answer)['response_url'])
    const use = async (body: object) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return `${response.status} ${await response.text()}`
    }
    expect(await use({ text: 'a', blocks: [{ type: 'nothing' }] })).toContain(
      '400 {"ok":false,"error":"invalid_blocks"',
    )
    for (let count = 0; count < 4; count++) expect(await use({ text: `${count}` })).toBe('200 ok')
    expect(await use({ text: 'more' })).toBe('404 {"ok":false,"error":"used_url"}')
  })

  test('ends after 30 minutes', async () => {
    let later = 0
    const aged = await startRoom({ clock: () => Date.now() + later })
    const before = room
    room = aged
    const client = await connect()
    running = client
    const answer = status()
    const envelope = await until('the envelope', () => client.envelopes()[0])
    client.ack(envelope)
    await answer
    later = 30 * 60_000 + 1000
    const response = await fetch(String((envelope['payload'] as Answer)['response_url']), {
      method: 'POST',
      body: '{"text":"a"}',
    })
    expect(await response.json()).toEqual({ ok: false, error: 'expired_url' })
    await before.stop()
  })
})
