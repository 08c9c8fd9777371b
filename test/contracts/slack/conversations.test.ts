import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, ops, other, type Room, secretChannel, startRoom } from './workspace.ts'

let room: Room
let count = 0

beforeAll(async () => {
  room = await startRoom()
})
afterAll(() => room.stop())

/** A new channel of the bot's own. */
async function create(name = `inc-20261124-${++count}`): Promise<string> {
  const answer = await room.call('conversations.create', { name })
  return String((answer['channel'] as Answer)['id'])
}

const info = async (channel: string) =>
  (await room.call('conversations.info', { channel, include_num_members: true }))['channel'] as Answer

describe('creating', () => {
  test('the bot is in what it creates', async () => {
    expect(await info(await create('inc-20261124-01-app'))).toMatchObject({
      name: 'inc-20261124-01-app',
      is_member: true,
      creator: 'U0RESCUE',
      num_members: 1,
    })
  })

  test.each([
    ['taken', 'ops', 'name_taken'],
    ['empty', '', 'invalid_name_required'],
    ['too long', 'a'.repeat(81), 'invalid_name_maxlength'],
    ['upper case', 'Inc-1', 'invalid_name_specials'],
    ['with a space', 'inc 1', 'invalid_name_specials'],
    ['only punctuation', '--', 'invalid_name_punctuation'],
  ])('a name that is %s', async (_what, name, error) => {
    expect(await room.call('conversations.create', { name })).toEqual({ ok: false, error })
  })

  test('80 characters and letters of other languages are fine', async () => {
    expect(await room.call('conversations.create', { name: `caída-${'a'.repeat(74)}` })).toMatchObject({ ok: true })
  })

  test('the name of an archived channel stays taken', async () => {
    const channel = await create('inc-reused')
    await room.call('conversations.archive', { channel })
    expect(await room.call('conversations.create', { name: 'inc-reused' })).toMatchObject({ error: 'name_taken' })
  })
})

describe('topic and purpose', () => {
  test('are set, announced in the channel and seen by people', async () => {
    const channel = await create()
    expect(await room.call('conversations.setTopic', { channel, topic: 'SEV1 · open' })).toMatchObject({
      ok: true,
      topic: 'SEV1 · open',
    })
    await room.call('conversations.setPurpose', { channel, purpose: 'porttrack-app' })
    expect(await info(channel)).toMatchObject({ topic: { value: 'SEV1 · open' }, purpose: { value: 'porttrack-app' } })
    const { messages } = await room.get(`messages?user=ana&channel=${channel}`)
    expect(messages).toMatchObject([{ subtype: 'channel_topic' }, { subtype: 'channel_purpose' }])
  })

  test('of 251 characters are too long, of 250 are not', async () => {
    const channel = await create()
    expect(await room.call('conversations.setTopic', { channel, topic: 'x'.repeat(251) })).toEqual({
      ok: false,
      error: 'too_long',
    })
    expect(await room.call('conversations.setTopic', { channel, topic: 'x'.repeat(250) })).toMatchObject({ ok: true })
    expect(await room.call('conversations.setPurpose', { channel, purpose: 'x'.repeat(251) })).toEqual({
      ok: false,
      error: 'too_long',
    })
  })

  test('of a channel without the bot are not its to set', async () => {
    expect(await room.call('conversations.setTopic', { channel: other, topic: 'a' })).toEqual({
      ok: false,
      error: 'not_in_channel',
    })
  })
})

describe('members', () => {
  test('one bad name fails the whole invitation and each is named', async () => {
    const channel = await create()
    const users = 'U0ANA,U0NOBODY,U0RESCUE'
    expect(await room.call('conversations.invite', { channel, users })).toMatchObject({
      ok: false,
      error: 'user_not_found',
      errors: [
        { user: 'U0NOBODY', ok: false, error: 'user_not_found' },
        { user: 'U0RESCUE', error: 'cant_invite_self' },
      ],
    })
    expect(await room.call('conversations.members', { channel })).toMatchObject({ members: ['U0RESCUE'] })
  })

  test('with force the good ones are invited', async () => {
    const channel = await create()
    const answer = await room.call('conversations.invite', { channel, users: 'U0ANA,U0NOBODY', force: true })
    expect(answer).toMatchObject({ ok: true, errors: [{ user: 'U0NOBODY' }] })
    expect(await room.call('conversations.members', { channel })).toMatchObject({ members: ['U0RESCUE', 'U0ANA'] })
    expect(await room.call('conversations.invite', { channel, users: 'U0ANA' })).toMatchObject({
      error: 'already_in_channel',
    })
  })

  test('joining twice is fine and warns', async () => {
    const fresh = await startRoom()
    try {
      expect(await fresh.call('conversations.history', { channel: other })).toMatchObject({ error: 'not_in_channel' })
      const first = await fresh.call('conversations.join', { channel: other })
      expect(first).not.toHaveProperty('warning')
      expect(await fresh.call('conversations.join', { channel: other })).toMatchObject({
        ok: true,
        warning: 'already_in_channel',
        response_metadata: { warnings: ['already_in_channel'] },
      })
      expect(await fresh.call('conversations.history', { channel: other })).toMatchObject({ ok: true })
      expect(await fresh.call('conversations.leave', { channel: other })).toEqual({ ok: true })
      expect(await fresh.call('conversations.leave', { channel: other })).toEqual({ ok: true, not_in_channel: true })
    } finally {
      await fresh.stop()
    }
  })

  test('a private channel cannot be seen from outside', async () => {
    for (const method of ['conversations.info', 'conversations.join', 'conversations.members']) {
      expect(await room.call(method, { channel: secretChannel })).toEqual({ ok: false, error: 'channel_not_found' })
    }
    expect(await room.call('conversations.invite', { channel: secretChannel, users: 'U0ANA' })).toMatchObject({
      error: 'channel_not_found',
    })
  })

  test('a direct message is opened by the id of a person', async () => {
    expect(await room.call('conversations.open', { users: 'U0MARTA' })).toMatchObject({
      ok: true,
      channel: { id: 'D0MARTA' },
    })
    expect(await room.call('conversations.open', { users: 'U0NOBODY' })).toMatchObject({ error: 'user_not_found' })
  })
})

describe('lists and the end of channels', () => {
  test('lists hold what the bot can see, by type', async () => {
    const names = async (args: object) =>
      ((await room.call('conversations.list', args))['channels'] as Answer[]).map((one) => one['name'] ?? one['user'])
    expect(await names({ limit: 1000 })).toEqual(expect.arrayContaining(['ops', 'other']))
    expect(await names({ types: 'im' })).toEqual(['U0ANA', 'U0LUIS', 'U0MARTA', 'U0INVITADO'])
    expect(await room.call('conversations.list', { types: 'private_channel' })).toMatchObject({
      error: 'missing_scope',
      needed: 'groups:read',
    })
    expect(await room.call('conversations.list', { types: 'channels' })).toEqual({ ok: false, error: 'invalid_types' })
  })

  test('history comes in pages, newest first', async () => {
    const channel = await create()
    for (const text of ['1', '2', '3']) await room.call('chat.postMessage', { channel, text })
    const first = await room.call('conversations.history', { channel, limit: 2 })
    expect(first).toMatchObject({ has_more: true, messages: [{ text: '3' }, { text: '2' }] })
    const cursor = (first['response_metadata'] as { next_cursor: string }).next_cursor
    expect(await room.call('conversations.history', { channel, limit: 2, cursor })).toMatchObject({
      has_more: false,
      messages: [{ text: '1' }],
    })
  })

  test('an archived channel is left out when asked, and refuses changes', async () => {
    const channel = await create()
    expect(await room.call('conversations.archive', { channel })).toEqual({ ok: true })
    expect(await room.call('conversations.archive', { channel })).toEqual({ ok: false, error: 'already_archived' })
    expect(await room.call('conversations.setTopic', { channel, topic: 'a' })).toMatchObject({ error: 'is_archived' })
    expect(await room.call('conversations.invite', { channel, users: 'U0ANA' })).toMatchObject({ error: 'is_archived' })
    const open = await room.call('conversations.list', { exclude_archived: true, limit: 1000 })
    expect((open['channels'] as Answer[]).map((one) => one['id'])).not.toContain(channel)
    expect(await room.call('conversations.unarchive', { channel })).toEqual({ ok: true })
    expect(await room.call('conversations.rename', { channel, name: 'ops' })).toMatchObject({ error: 'name_taken' })
    expect(await room.call('conversations.rename', { channel, name: 'renamed' })).toMatchObject({
      channel: { name: 'renamed' },
    })
    expect(await room.call('conversations.rename', { channel: ops, name: 'mine' })).toMatchObject({
      error: 'not_authorized',
    })
  })
})

test('bookmarks are added, changed, listed and removed', async () => {
  const channel_id = await create()
  const added = await room.call('bookmarks.add', {
    channel_id,
    title: 'Runbook',
    type: 'link',
    link: 'https://example.com/runbook',
  })
  const bookmark_id = (added['bookmark'] as Answer)['id']
  expect(await room.call('bookmarks.edit', { channel_id, bookmark_id, title: 'Runbook 2' })).toMatchObject({
    bookmark: { title: 'Runbook 2', link: 'https://example.com/runbook' },
  })
  expect(await room.call('bookmarks.list', { channel_id })).toMatchObject({
    bookmarks: [{ id: bookmark_id, title: 'Runbook 2' }],
  })
  expect(await room.call('bookmarks.add', { channel_id, title: 'x', type: 'link', link: 'runbook' })).toMatchObject({
    error: 'invalid_link',
  })
  expect(await room.call('bookmarks.add', { channel_id, title: 'x', type: 'file' })).toMatchObject({
    error: 'invalid_bookmark_type',
  })
  expect(await room.call('bookmarks.remove', { channel_id, bookmark_id })).toEqual({ ok: true })
  expect(await room.call('bookmarks.remove', { channel_id, bookmark_id })).toEqual({ ok: false, error: 'not_found' })
})
