import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectSocket } from './socket-client.ts'
import { type Answer, ops, type Room, startBolt, startRoom, until } from './workspace.ts'

let room: Room
let running: { stop(): Promise<void> } | undefined

beforeEach(async () => {
  room = await startRoom({ ackWithinMs: 500 })
})

afterEach(async () => {
  await running?.stop()
  running = undefined
  await room.stop()
})

const connect = () => connectSocket(room)
const status = (text = '') => room.post('command', { user: 'ana', channel: ops, text: `/status ${text}` })

describe('an app that does not answer', () => {
  test('after 3 s the person reads operation_timeout, and a late ack changes nothing', async () => {
    await room.stop()
    room = await startRoom()
    const client = await connect()
    running = client
    const answer = await status('slow')
    expect(answer).toEqual({
      ok: false,
      error: 'operation_timeout',
      message: '/status failed with the error "operation_timeout"',
    })
    client.ack(client.envelopes()[0], { text: 'too late' })
    const { messages } = await room.get(`messages?user=ana&channel=${ops}`)
    expect(messages).toMatchObject([{ text: '/status failed with the error "operation_timeout"', is_ephemeral: true }])
  })

  test('without any connection it reads dispatch_failed', async () => {
    expect(await status()).toMatchObject({ ok: false, error: 'dispatch_failed' })
  })

  test('an envelope that a broken connection left unanswered comes again on the next, with the same id', async () => {
    const first = await connect()
    const answer = status()
    const sent = await until('the envelope', () => first.envelopes()[0])
    await first.stop()
    const second = await connect()
    running = second
    const again = await until('the envelope again', () => second.envelopes()[0])
    expect(again['envelope_id']).toBe(sent['envelope_id'])
    second.ack(again)
    expect(await answer).toMatchObject({ ok: true })
  })

  test('what was answered does not come again after a break', async () => {
    const first = await connect()
    const answer = status()
    first.ack(await until('the envelope', () => first.envelopes()[0]))
    await answer
    await first.stop()
    const second = await connect()
    running = second
    const next = status('next')
    const envelope = await until('the next envelope', () => second.envelopes()[0])
    second.ack(envelope)
    await next
    expect(second.envelopes()).toHaveLength(1)
    expect(envelope['payload']).toMatchObject({ text: 'next' })
  })

  test('a button and a modal can be pressed again', async () => {
    const client = await connect()
    running = client
    const blocks = [
      { type: 'actions', elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }] },
    ]
    const { ts } = await room.call('chat.postMessage', { channel: ops, text: 'card', blocks })
    const click = () => room.post('click', { user: 'ana', channel: ops, ts, action_id: 'go' })
    expect(await click()).toMatchObject({ ok: false, error: 'operation_timeout' })
    const clicked = click()
    const envelope = await until('the second press', () => client.envelopes()[1])
    const view = {
      type: 'modal',
      title: { type: 'plain_text', text: 'Sure?' },
      submit: { type: 'plain_text', text: 'Yes, roll back' },
      blocks: [{ type: 'divider' }],
    }
    const opened = await room.call('views.open', {
      trigger_id: (envelope['payload'] as Answer)['trigger_id'],
      view,
    })
    client.ack(envelope)
    expect(await clicked).toEqual({ ok: true })
    const submit = () => room.post('submit', { user: 'ana', view_id: (opened['view'] as Answer)['id'] })
    expect(await submit()).toMatchObject({ ok: false, message: 'We had some trouble connecting. Try again?' })
    const again = submit()
    client.ack(await until('the second submission', () => client.envelopes()[3]))
    expect(await again).toEqual({ ok: true })
  })

  test('what went into a half-open connection is lost', async () => {
    const client = await connect()
    running = client
    room.workspace.sockets.halfOpenAll()
    expect(await status()).toMatchObject({ ok: false, error: 'operation_timeout' })
    expect(client.envelopes()).toEqual([])
  })

  test('an event is tried again, as attempt 1', async () => {
    const client = await connect()
    running = client
    await room.post('reaction', {
      user: 'ana',
      channel: ops,
      ts: (await room.call('chat.postMessage', { channel: ops, text: 'a' }))['ts'],
      name: 'pushpin',
    })
    const attempts = await until('two attempts', () => client.envelopes().length >= 2 && client.envelopes())
    expect(attempts.map((one) => one['retry_attempt'])).toEqual([0, 1])
    const ids = attempts.map((one) => (one['payload'] as Answer)['event_id'])
    expect(ids[0]).toEqual(expect.any(String))
    expect(ids[1]).toBe(ids[0])
  })
})

describe('the real Bolt', () => {
  test('notices a connection through which nothing passes, and opens another', async () => {
    running = await startBolt(room, (app) => {
      app.command('/status', async ({ ack }) => ack('well'))
    })
    room.workspace.sockets.halfOpenAll()
    await until('a second connection', () => room.workspace.sockets.count() === 2)
    // The old one is still believed in: one of two commands vanishes, the next is answered.
    const answers = await Promise.all([status(), status()])
    expect(answers.map((one) => one['error'] ?? 'answered').sort()).toEqual(['answered', 'operation_timeout'])
  })
})
