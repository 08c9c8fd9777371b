import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, ops, other, type Room, secretChannel, startRoom } from './workspace.ts'

let room: Room

beforeAll(async () => {
  room = await startRoom()
})
afterAll(() => room.stop())

const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'a block' } }]

async function post(args: object = {}): Promise<string> {
  const answer = await room.call('chat.postMessage', { channel: ops, text: 'first', ...args })
  return String(answer['ts'])
}

async function read(ts: string, withMetadata = false): Promise<Answer> {
  const answer = await room.call('conversations.history', {
    channel: ops,
    latest: ts,
    inclusive: true,
    limit: 1,
    include_all_metadata: withMetadata,
  })
  return (answer['messages'] as Answer[])[0] as Answer
}

describe('posting', () => {
  test.each([
    ['nothing to say', { channel: ops }, 'no_text'],
    ['a channel that is not there', { channel: 'C0NONE', text: 'a' }, 'channel_not_found'],
    ['a private channel without the bot', { channel: secretChannel, text: 'a' }, 'channel_not_found'],
    ['a reply to nothing', { channel: ops, text: 'a', thread_ts: '1.000001' }, 'thread_not_found'],
    ['metadata without a type', { channel: ops, text: 'a', metadata: { run: 1 } }, 'invalid_metadata_schema'],
    ['metadata that is no object', { channel: ops, text: 'a', metadata: 'run' }, 'invalid_metadata_format'],
  ])('%s', async (_what, args, error) => {
    expect(await room.call('chat.postMessage', args)).toMatchObject({ ok: false, error })
  })

  test('goes to any public channel with chat:write.public, by id or by name', async () => {
    expect(await room.call('chat.postMessage', { channel: other, text: 'a' })).toMatchObject({ ok: true })
    expect(await room.call('chat.postMessage', { channel: '#other', text: 'a' })).toMatchObject({
      ok: true,
      channel: other,
    })
  })

  test('goes to a person by their id, and answers with the id of the conversation', async () => {
    const answer = await room.call('chat.postMessage', { channel: 'U0ANA', text: 'for ana' })
    expect(answer).toMatchObject({ ok: true, channel: 'D0ANA' })
    const update = { ts: answer['ts'], text: 'changed' }
    expect(await room.call('chat.update', { channel: 'U0ANA', ...update })).toMatchObject({
      error: 'channel_not_found',
    })
    expect(await room.call('chat.update', { channel: 'D0ANA', ...update })).toMatchObject({ ok: true })
  })

  test('a long text is cut at 40,000', async () => {
    const ts = await post({ text: 'x'.repeat(40_001) })
    expect(String((await read(ts))['text'])).toHaveLength(40_000)
  })

  test('text is kept as it was given', async () => {
    const text = '<!channel> `a` &lt;b&gt; <@U0ANA> ‮rtl 🚢'
    expect((await read(await post({ text })))['text']).toBe(text)
  })

  test('replies stand in their thread and count on the first message', async () => {
    const ts = await post()
    const reply = await post({ thread_ts: ts, text: 'reply' })
    expect(await read(ts)).toMatchObject({ reply_count: 1, latest_reply: reply, thread_ts: ts })
    const thread = await room.call('conversations.replies', { channel: ops, ts })
    expect((thread['messages'] as Answer[]).map((one) => one['ts'])).toEqual([ts, reply])
    expect(await room.call('chat.postMessage', { channel: ops, thread_ts: reply, text: 'a' })).toMatchObject({
      error: 'cannot_reply_to_message',
    })
  })

  test('an ephemeral message is for one person, and cannot be updated', async () => {
    const answer = await room.call('chat.postEphemeral', { channel: ops, user: 'U0ANA', text: 'only you' })
    const seenBy = async (user: string) => JSON.stringify(await room.get(`messages?user=${user}&channel=${ops}`))
    expect(await seenBy('ana')).toContain('only you')
    expect(await seenBy('luis')).not.toContain('only you')
    expect(JSON.stringify(await room.call('conversations.history', { channel: ops }))).not.toContain('only you')
    expect(await room.call('chat.update', { channel: ops, ts: answer['message_ts'], text: 'b' })).toMatchObject({
      error: 'message_not_found',
    })
  })

  test.each([
    ['a person who is not in the channel', { channel: 'D0ANA', user: 'U0LUIS' }, 'user_not_in_channel'],
    ['a channel without the bot', { channel: other, user: 'U0ANA' }, 'not_in_channel'],
  ])('no ephemeral message for %s', async (_what, args, error) => {
    expect(await room.call('chat.postEphemeral', { text: 'a', ...args })).toMatchObject({ error })
  })
})

describe('changing', () => {
  test('blocks survive only when neither text nor blocks are sent', async () => {
    const ts = await post({ blocks, metadata: { event_type: 'a', event_payload: {} } })
    await room.call('chat.update', { channel: ops, ts, metadata: { event_type: 'b', event_payload: {} } })
    expect(await read(ts, true)).toMatchObject({
      text: 'first',
      blocks: [{ type: 'section' }],
      metadata: { event_type: 'b' },
    })
    await room.call('chat.update', { channel: ops, ts, text: 'second' })
    const after = await read(ts, true)
    expect(after).toMatchObject({ text: 'second', edited: { user: 'U0RESCUE' }, metadata: { event_type: 'b' } })
    expect(after).not.toHaveProperty('blocks')
  })

  test('new blocks show no "(edited)"', async () => {
    const ts = await post({ blocks })
    await room.call('chat.update', { channel: ops, ts, text: 'second', blocks: [{ type: 'divider' }] })
    const after = await read(ts)
    expect(after).toMatchObject({ text: 'second', blocks: [{ type: 'divider' }] })
    expect(after).not.toHaveProperty('edited')
  })

  test('an empty metadata object takes the metadata away', async () => {
    const ts = await post({ metadata: { event_type: 'a', event_payload: {} } })
    await room.call('chat.update', { channel: ops, ts, text: 'second', metadata: {} })
    expect(await read(ts, true)).not.toHaveProperty('metadata')
  })

  test('metadata is shown only to those who ask', async () => {
    const ts = await post({ metadata: { event_type: 'a', event_payload: {} } })
    expect(await read(ts)).not.toHaveProperty('metadata')
  })

  test('a text of 4,001 is too long for an update', async () => {
    const ts = await post()
    expect(await room.call('chat.update', { channel: ops, ts, text: 'x'.repeat(4001) })).toMatchObject({
      error: 'msg_too_long',
    })
    expect((await read(ts))['text']).toBe('first')
  })

  test("a person's message is not the app's to change", async () => {
    const { ts } = await room.post('message', { user: 'ana', channel: ops, text: 'mine' })
    expect(await room.call('chat.update', { channel: ops, ts, text: 'yours' })).toMatchObject({
      error: 'cant_update_message',
    })
    expect(await room.call('chat.delete', { channel: ops, ts })).toMatchObject({ error: 'cant_delete_message' })
  })

  test('a deleted message is gone', async () => {
    const ts = await post()
    expect(await room.call('chat.delete', { channel: ops, ts })).toMatchObject({ ok: true, ts })
    expect(await room.call('chat.update', { channel: ops, ts, text: 'a' })).toMatchObject({
      error: 'message_not_found',
    })
  })

  test('in an archived channel posting and updating fail with their own words', async () => {
    const created = await room.call('conversations.create', { name: 'closing' })
    const channel = (created['channel'] as Answer)['id']
    const { ts } = await room.call('chat.postMessage', { channel, text: 'a' })
    await room.call('conversations.archive', { channel })
    expect(await room.call('chat.update', { channel, ts, text: 'b' })).toMatchObject({ error: 'is_inactive' })
    expect(await room.call('chat.postMessage', { channel, text: 'b' })).toMatchObject({ error: 'is_archived' })
  })
})

test('a permalink names channel and message', async () => {
  const ts = await post()
  const answer = await room.call('chat.getPermalink', { channel: ops, message_ts: ts })
  expect(answer).toMatchObject({ permalink: `${room.url}/archives/${ops}/p${ts.replace('.', '')}` })
})

describe('reactions and pins', () => {
  test('a reaction can be put once and taken away once', async () => {
    const timestamp = await post()
    const args = { channel: ops, timestamp, name: 'pushpin' }
    expect(await room.call('reactions.add', args)).toEqual({ ok: true })
    expect(await room.call('reactions.add', args)).toEqual({ ok: false, error: 'already_reacted' })
    expect(await room.call('reactions.get', args)).toMatchObject({
      message: { reactions: [{ name: 'pushpin', count: 1 }] },
    })
    expect(await room.call('reactions.remove', args)).toEqual({ ok: true })
    expect(await room.call('reactions.remove', args)).toEqual({ ok: false, error: 'no_reaction' })
    expect(await room.call('reactions.add', { ...args, name: 'No Emoji' })).toEqual({
      ok: false,
      error: 'invalid_name',
    })
  })

  test('a message is pinned once, listed, and unpinned once', async () => {
    const timestamp = await post()
    const args = { channel: ops, timestamp }
    expect(await room.call('pins.add', args)).toEqual({ ok: true })
    expect(await room.call('pins.add', args)).toEqual({ ok: false, error: 'already_pinned' })
    expect(await room.call('pins.list', { channel: ops })).toMatchObject({ items: [{ message: { ts: timestamp } }] })
    expect(await room.call('pins.remove', args)).toEqual({ ok: true })
    expect(await room.call('pins.remove', args)).toEqual({ ok: false, error: 'no_pin' })
    expect(await room.call('pins.add', { channel: ops, timestamp: '1.000001' })).toMatchObject({
      error: 'message_not_found',
    })
  })
})
