import { WebClient } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, ops, quiet, type Room, startRoom } from './workspace.ts'

let room: Room

beforeEach(async () => {
  room = await startRoom()
})
afterEach(() => room.stop())

const texts = async () =>
  ((await room.get(`messages?user=ana&channel=${ops}`))['messages'] as Answer[]).map((one) => one['text'])
const faults = (body: object) =>
  fetch(`${room.url}/sandbox/faults`, { method: 'POST', body: JSON.stringify(body) }).then(async (response) => ({
    status: response.status,
    ...((await response.json()) as Answer),
  }))

describe('queued faults', () => {
  test('429 with Retry-After, once, then as usual', async () => {
    room.workspace.faults.add({ method: 'chat.update', answer: { status: 429, retryAfter: 3 } })
    await expect(room.web.chat.update({ channel: ops, ts: '1.1', text: 'a' })).rejects.toMatchObject({ retryAfter: 3 })
    expect(room.workspace.faults.unused()).toEqual([])
    expect(await room.call('chat.update', { channel: ops, ts: '1.1', text: 'a' })).toMatchObject({
      error: 'message_not_found',
    })
  })

  test("one of Slack's own errors, as often as asked", async () => {
    room.workspace.faults.add({ method: 'chat.postMessage', times: 2, answer: { error: 'fatal_error' } })
    for (let count = 0; count < 2; count++)
      expect(await room.call('chat.postMessage', { channel: ops, text: 'a' })).toEqual({
        ok: false,
        error: 'fatal_error',
      })
    expect(await room.call('chat.postMessage', { channel: ops, text: 'a' })).toMatchObject({ ok: true })
  })

  test('a reset before anything happened, and one after', async () => {
    room.workspace.faults.add({ method: 'chat.postMessage', answer: 'reset' })
    await expect(room.web.chat.postMessage({ channel: ops, text: 'lost' })).rejects.toThrow()
    expect(await texts()).toEqual([])
    room.workspace.faults.add({ method: 'chat.postMessage', answer: 'accepted-then-reset' })
    await expect(room.web.chat.postMessage({ channel: ops, text: 'kept' })).rejects.toThrow()
    expect(await texts()).toEqual(['kept'])
  })

  test('a caller that tries again after a dropped connection says everything twice; metadata shows it', async () => {
    room.workspace.faults.add({ method: 'chat.postMessage', answer: 'accepted-then-reset' })
    const stubborn = new WebClient(room.workspace.botToken, {
      slackApiUrl: room.workspace.slackApi,
      retryConfig: { retries: 1, minTimeout: 10 },
      logger: quiet,
    })
    const metadata = { event_type: 'run', event_payload: { run: 'R-0001' } }
    await stubborn.chat.postMessage({ channel: ops, text: 'once', metadata })
    const history = await room.call('conversations.history', { channel: ops, include_all_metadata: true })
    expect(history['messages']).toMatchObject([
      { text: 'once', metadata },
      { text: 'once', metadata },
    ])
  })

  test('a hang ends by the timeout of the caller', async () => {
    room.workspace.faults.add({ method: 'auth.test', answer: 'hang' })
    const impatient = new WebClient(room.workspace.botToken, {
      slackApiUrl: room.workspace.slackApi,
      timeout: 200,
      retryConfig: { retries: 0 },
      logger: quiet,
    })
    await expect(impatient.auth.test()).rejects.toThrow()
    expect(room.workspace.log.at(-1)).toMatchObject({ method: 'auth.test', answer: 'hang' })
  })

  test('only for one channel, and only for their own method', async () => {
    room.workspace.faults.add({ method: '*', channel: 'C0OTHER', answer: { error: 'fatal_error' } })
    expect(await room.call('chat.postMessage', { channel: ops, text: 'a' })).toMatchObject({ ok: true })
    expect(await room.call('chat.postMessage', { channel: 'C0OTHER', text: 'a' })).toMatchObject({
      error: 'fatal_error',
    })
  })

  test('what nothing met is told', () => {
    room.workspace.faults.add({ method: 'chat.delete', answer: 'hang' })
    expect(room.workspace.faults.unused()).toMatchObject([{ method: 'chat.delete', times: 1 }])
  })

  test('can be queued by HTTP, and a wrong one is refused', async () => {
    expect(await faults({ method: 'auth.test', answer: { error: 'account_inactive' } })).toMatchObject({
      status: 200,
      unused: [{ method: 'auth.test' }],
    })
    expect(await room.call('auth.test')).toEqual({ ok: false, error: 'account_inactive' })
    expect(await faults({ method: 'auth.test', answer: 'sometimes' })).toMatchObject({
      status: 400,
      ok: false,
      error: 'invalid_fault',
    })
  })

  test('Slack goes away and comes back by HTTP', async () => {
    await faults({ away: true })
    await expect(room.web.auth.test()).rejects.toThrow()
    await faults({ away: false })
    expect(await room.web.auth.test()).toMatchObject({ ok: true })
  })
})

describe('rates', () => {
  test('are not counted unless asked for', async () => {
    for (let count = 0; count < 60; count++)
      expect(await room.call('chat.postMessage', { channel: ops, text: `${count}` })).toMatchObject({ ok: true })
  })

  test('one post a second to each channel', async () => {
    let now = 1_800_000_000_000
    const strict = await startRoom({ strictRates: true, clock: () => now })
    const post = (channel: string) => strict.call('chat.postMessage', { channel, text: 'a' })
    expect(await post(ops)).toMatchObject({ ok: true })
    expect(await post(ops)).toEqual({ ok: false, error: 'ratelimited' })
    await expect(strict.web.chat.postMessage({ channel: ops, text: 'a' })).rejects.toMatchObject({ retryAfter: 1 })
    expect(await post('C0OTHER')).toMatchObject({ ok: true })
    now += 1000
    expect(await post(ops)).toMatchObject({ ok: true })
    await strict.stop()
  })

  test('tiers by method: the 51st update in a minute waits', async () => {
    let now = 1_800_000_000_000
    const strict = await startRoom({ strictRates: true, clock: () => now })
    const { ts } = await strict.call('chat.postMessage', { channel: ops, text: 'a' })
    const update = () => strict.call('chat.update', { channel: ops, ts, text: 'b' })
    for (let count = 0; count < 50; count++) expect(await update()).toMatchObject({ ok: true })
    now += 20_000
    await expect(strict.web.chat.update({ channel: ops, ts: String(ts), text: 'b' })).rejects.toMatchObject({
      retryAfter: 40,
    })
    strict.workspace.strictRates(false)
    expect(await update()).toMatchObject({ ok: true })
    await strict.stop()
  })
})
