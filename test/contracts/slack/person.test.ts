import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Answer,
  type Heard,
  heardAs,
  ops,
  other,
  type Room,
  secretChannel,
  startBolt,
  startRoom,
} from './workspace.ts'

let room: Room
let bolt: Awaited<ReturnType<typeof startBolt>>
const heard: Heard[] = []

beforeAll(async () => {
  room = await startRoom()
  bolt = await startBolt(room, (app) => {
    app.command('/status', async ({ ack, command }) => ack(`[${command.text}]`))
    app.command('/escaped', async ({ ack, command }) => ack(`[${command.text}]`))
    app.action(/.*/, async ({ ack, body }) => {
      heard.push(heardAs(body))
      await ack()
    })
    app.shortcut(/.*/, async ({ ack, body }) => {
      heard.push(heardAs(body))
      await ack()
    })
  })
})
afterAll(async () => {
  await bolt.stop()
  await room.stop()
})
beforeEach(() => {
  heard.length = 0
})

const command = (text: string, more: object = {}) => room.post('command', { user: 'ana', channel: ops, text, ...more })
const button = (action_id: string, extra: object = {}) => ({
  type: 'button',
  action_id,
  text: { type: 'plain_text', text: action_id },
  value: `value of ${action_id}`,
  ...extra,
})

async function card(blocks: object[], channel = ops): Promise<string> {
  return String((await room.call('chat.postMessage', { channel, text: 'card', blocks }))['ts'])
}

describe('commands', () => {
  test.each([
    [
      'unknown',
      '/nothing',
      {},
      { error: 'unknown_command', message: '/nothing is not a valid command.', allowed: ['/status', '/escaped'] },
    ],
    [
      'in a thread',
      '/status',
      { thread_ts: '1.1' },
      { error: 'command_in_thread', message: '/status is not supported in threads. Sorry!' },
    ],
    ['no command at all', 'status', {}, { error: 'not_a_command', field: 'text' }],
    [
      'in a channel that the person is not in',
      '/status',
      { user: 'luis', channel: other },
      { error: 'not_in_channel' },
    ],
    [
      'in a channel that the person cannot see',
      '/status',
      { user: 'luis', channel: secretChannel },
      { error: 'channel_not_found', field: 'channel' },
    ],
    [
      'by nobody',
      '/status',
      { user: 'pepe' },
      { error: 'user_not_found', field: 'user', allowed: ['ana', 'luis', 'marta', 'invitado'] },
    ],
  ])('%s', async (_what, text, more, answer) => {
    expect(await command(text, more)).toMatchObject({ ok: false, ...answer })
  })

  test('what was typed arrives as it was typed', async () => {
    const text = 'porttrack-app to 3 reason “it’s — <!channel> broken” & more 🚢'
    expect(await command(`/status ${text}`)).toMatchObject({ shown: [{ text: `[${text}]` }] })
  })

  test('names become references only where the manifest asks for it', async () => {
    expect(await command('/escaped @luis in #ops')).toMatchObject({ shown: [{ text: `[<@U0LUIS> in <#${ops}|ops>]` }] })
    expect(await command('/status @luis')).toMatchObject({ shown: [{ text: '[@luis]' }] })
  })

  test('works where only the person is, and in the direct message', async () => {
    expect(await command('/status', { channel: other })).toMatchObject({ ok: true })
    expect(await command('/status', { channel: 'D0ANA' })).toMatchObject({ ok: true })
  })
})

describe('a wrong body', () => {
  test('names the field and what it may be', async () => {
    const response = await fetch(`${room.url}/person/command`, {
      method: 'POST',
      body: JSON.stringify({ user: 'ana', channel: ops, txt: 'a' }),
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      ok: false,
      error: expect.stringMatching(/field/),
      field: expect.any(String),
      allowed: expect.anything(),
    })
  })

  test('that is no JSON', async () => {
    const response = await fetch(`${room.url}/person/command`, { method: 'POST', body: 'user=ana' })
    expect([response.status, await response.json()]).toMatchObject([400, { ok: false, error: 'invalid_json' }])
  })

  test('for a path that is not there', async () => {
    expect(await room.post('shout', {})).toMatchObject({
      ok: false,
      error: 'not_found',
      allowed: expect.arrayContaining(['POST command']),
    })
  })
})

describe('clicks', () => {
  test('carry the message, its place, the person and the value', async () => {
    const ts = await card([{ type: 'actions', block_id: 'decide', elements: [button('confirm'), button('cancel')] }])
    expect(await room.post('click', { user: 'luis', channel: ops, ts, action_id: 'confirm' })).toEqual({ ok: true })
    expect(heard[0]).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0LUIS', username: 'luis' },
      team: { id: 'T0RESCUE' },
      container: { type: 'message', message_ts: ts, channel_id: ops, is_ephemeral: false },
      channel: { id: ops, name: 'ops' },
      message: { ts, text: 'card' },
      actions: [{ action_id: 'confirm', block_id: 'decide', value: 'value of confirm', type: 'button' }],
    })
  })

  test('on a button that is no longer there answer an error', async () => {
    const ts = await card([{ type: 'actions', elements: [button('confirm')] }])
    await room.call('chat.update', { channel: ops, ts, text: 'decided' })
    expect(await room.post('click', { user: 'ana', channel: ops, ts, action_id: 'confirm' })).toMatchObject({
      ok: false,
      error: 'action_not_found',
      actions: [],
    })
    expect(await room.post('click', { user: 'ana', channel: ops, ts: '1.1', action_id: 'confirm' })).toMatchObject({
      ok: false,
      error: 'message_not_found',
    })
    expect(heard).toEqual([])
  })

  test('on one of two equal buttons need the block', async () => {
    const ts = await card([
      { type: 'actions', block_id: 'one', elements: [button('stop')] },
      { type: 'actions', block_id: 'two', elements: [button('stop', { value: 'second' })] },
    ])
    expect(await room.post('click', { user: 'ana', channel: ops, ts, action_id: 'stop' })).toMatchObject({
      ok: false,
      error: 'ambiguous_action',
      allowed: ['one', 'two'],
    })
    await room.post('click', { user: 'ana', channel: ops, ts, action_id: 'stop', block_id: 'two' })
    expect(heard[0]).toMatchObject({ actions: [{ block_id: 'two', value: 'second' }] })
  })

  test('on an overflow menu and a select in a message', async () => {
    const options = ['a', 'b'].map((value) => ({ text: { type: 'plain_text', text: value }, value }))
    const ts = await card([
      {
        type: 'actions',
        elements: [
          { type: 'overflow', action_id: 'more', options },
          { type: 'static_select', action_id: 'pick', options },
        ],
      },
    ])
    await room.post('click', { user: 'ana', channel: ops, ts, action_id: 'more', selected_option: { value: 'b' } })
    await room.post('click', { user: 'ana', channel: ops, ts, action_id: 'pick', value: 'a' })
    expect(heard.map((one) => (one['actions'] as Answer[])[0]?.['selected_option'])).toMatchObject([
      { value: 'b' },
      { value: 'a' },
    ])
    expect(JSON.stringify(heard[1]?.['state'])).toContain('"pick":{"type":"static_select","selected_option"')
    expect(await room.post('click', { user: 'ana', channel: ops, ts, action_id: 'pick', value: 'z' })).toMatchObject({
      ok: false,
      error: 'invalid_value',
      allowed: ['a', 'b'],
    })
  })

  test('on an ephemeral message carry no message, and are only for its person', async () => {
    const answer = await room.call('chat.postEphemeral', {
      channel: ops,
      user: 'U0ANA',
      text: 'you',
      blocks: [{ type: 'actions', elements: [button('go')] }],
    })
    const click = (user: string) =>
      room.post('click', { user, channel: ops, ts: answer['message_ts'], action_id: 'go' })
    expect(await click('luis')).toMatchObject({ ok: false, error: 'message_not_found' })
    expect(await click('ana')).toEqual({ ok: true })
    expect(heard[0]).toMatchObject({ container: { is_ephemeral: true } })
    expect(heard[0]).not.toHaveProperty('message')
  })
})

describe('shortcuts', () => {
  test('from anywhere and on a message', async () => {
    const ts = await card([{ type: 'divider' }])
    expect(await room.post('shortcut', { user: 'ana', callback_id: 'ask' })).toEqual({ ok: true })
    expect(await room.post('shortcut', { user: 'ana', callback_id: 'note_this', channel: ops, ts })).toEqual({
      ok: true,
    })
    expect(heard).toMatchObject([
      { type: 'shortcut', callback_id: 'ask' },
      { type: 'message_action', callback_id: 'note_this', message: { ts }, channel: { id: ops } },
    ])
  })
})
