import type { WebAPICallResult } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { people } from '../../../sandbox/people.ts'
import { type Answer, ops, type Room, startRoom } from './workspace.ts'

let room: Room

beforeAll(async () => {
  room = await startRoom()
})
afterAll(() => room.stop())

const raw = (method: string, init: RequestInit) =>
  fetch(`${room.workspace.slackApi}${method}`, { method: 'POST', ...init }).then((response) => response.json())

const bearer = () => ({ authorization: `Bearer ${room.workspace.botToken}` })

describe('who may call', () => {
  test('the bot learns who it is', async () => {
    expect(await room.web.auth.test()).toMatchObject({
      ok: true,
      user_id: 'U0RESCUE',
      bot_id: 'B0RESCUE',
      user: 'fixture',
    })
  })

  test.each([
    ['no token', {}, 'not_authed'],
    ['a token of nobody', { authorization: 'Bearer xoxb-none' }, 'invalid_auth'],
  ])('%s', async (_what, headers, error) => {
    expect(await raw('auth.test', { headers })).toEqual({ ok: false, error })
  })

  test('an app token opens sockets and nothing else, a bot token never does', async () => {
    const { appToken } = room.workspace
    expect(await room.call('chat.postMessage', { channel: ops, text: 'a' }, appToken)).toMatchObject({
      error: 'not_allowed_token_type',
    })
    expect(await room.call('apps.connections.open')).toMatchObject({ error: 'not_allowed_token_type' })
    expect(await room.call('apps.connections.open', {}, appToken)).toMatchObject({
      ok: true,
      url: expect.stringMatching(/^ws:/),
    })
  })

  test('apps.connections.open takes the token in the header only', async () => {
    const body = new URLSearchParams({ token: room.workspace.appToken })
    expect(await raw('apps.connections.open', { body })).toEqual({ ok: false, error: 'not_authed' })
    expect(await raw('auth.test', { body: new URLSearchParams({ token: room.workspace.botToken }) })).toMatchObject({
      ok: true,
    })
  })

  test('a scope that the manifest does not declare is missing', async () => {
    const answer = await room.call('team.info')
    expect(answer).toMatchObject({
      ok: false,
      error: 'missing_scope',
      needed: 'team:read',
      provided: expect.stringContaining('chat:write'),
    })
  })

  test('scopes go by the kind of channel', async () => {
    const answer = await room.call('conversations.create', { name: 'hidden', is_private: true })
    expect(answer).toMatchObject({ ok: false, error: 'missing_scope', needed: 'groups:write' })
  })

  test('a method that Slack does not have', async () => {
    expect(await room.call('chat.postMesage')).toEqual({
      ok: false,
      error: 'unknown_method',
      req_method: 'chat.postMesage',
    })
  })
})

describe('how arguments come', () => {
  test('a form with JSON in its fields, as WebClient sends it', async () => {
    const answer = await room.web.chat.postMessage({
      channel: ops,
      text: 'a',
      blocks: [{ type: 'divider' }],
      metadata: { event_type: 'run', event_payload: { run: 'R-0001' } },
    })
    expect(answer.message).toMatchObject({ blocks: [{ type: 'divider' }], metadata: { event_type: 'run' } })
  })

  test('JSON without arguments may be an empty body', async () => {
    expect(await raw('auth.test', { headers: { ...bearer(), 'content-type': 'application/json' } })).toMatchObject({
      ok: true,
    })
  })

  test('JSON without a charset is answered with a warning', async () => {
    const answer = await raw('auth.test', { headers: { ...bearer(), 'content-type': 'application/json' }, body: '{}' })
    expect(answer).toMatchObject({ ok: true, warning: 'missing_charset' })
  })

  test.each([
    ['broken JSON', 'application/json; charset=utf-8', '{', 'invalid_json'],
    ['JSON that is a list', 'application/json; charset=utf-8', '[]', 'json_not_object'],
    ['XML', 'text/xml', '<a/>', 'invalid_post_type'],
  ])('%s', async (_what, type, body, error) => {
    expect(await raw('auth.test', { headers: { ...bearer(), 'content-type': type }, body })).toEqual({
      ok: false,
      error,
    })
  })

  test('what is missing is named', async () => {
    expect(await room.call('conversations.history')).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] missing required field: channel'] },
    })
  })
})

describe('people', () => {
  test('a person has a zone always, and a locale when asked for', async () => {
    const plain = await room.call('users.info', { user: 'U0LUIS' })
    expect(plain['user']).toMatchObject({
      id: 'U0LUIS',
      real_name: 'Luis Ortega',
      tz: 'America/Bogota',
      tz_offset: -18_000,
    })
    expect(plain['user']).not.toHaveProperty('locale')
    const answer = await room.web.users.info({ user: 'U0LUIS', include_locale: true })
    expect(answer.user).toMatchObject({ locale: 'es-LA', profile: { email: 'luis@porttrack.example' } })
  })

  test('nobody by that id or address', async () => {
    expect(await room.call('users.info', { user: 'U0NOBODY' })).toEqual({ ok: false, error: 'user_not_found' })
    expect(await room.call('users.lookupByEmail', { email: 'x@example.com' })).toEqual({
      ok: false,
      error: 'users_not_found',
    })
    expect(await room.call('users.lookupByEmail', { email: 'ANA@porttrack.example' })).toMatchObject({
      user: { id: 'U0ANA' },
    })
  })

  test('lists come in pages until the cursor is empty', async () => {
    const seen: string[] = []
    for await (const page of room.web.paginate('users.list', { limit: 2 })) {
      seen.push(...(page as WebAPICallResult & { members: Answer[] }).members.map((one) => String(one['id'])))
    }
    expect(seen).toEqual([...people.map((one) => one.slack), 'U0RESCUE'])
    expect(await room.call('users.list', { cursor: 'bogus' })).toEqual({ ok: false, error: 'invalid_cursor' })
  })

  test('user groups and who is in them', async () => {
    expect(await room.call('usergroups.list', { include_users: true })).toMatchObject({
      usergroups: [{ id: 'S0SRE', handle: 'sre', users: ['U0ANA', 'U0LUIS'] }],
    })
    expect(await room.call('usergroups.users.list', { usergroup: 'S0SRE' })).toEqual({
      ok: true,
      users: ['U0ANA', 'U0LUIS'],
    })
    expect(await room.call('usergroups.users.list', { usergroup: 'S0NONE' })).toMatchObject({
      error: 'no_such_subteam',
    })
  })
})

test('the log tells every call without any token', async () => {
  await room.call('chat.postMessage', { channel: ops, text: 'logged' })
  expect(room.workspace.log.at(-1)).toMatchObject({
    method: 'chat.postMessage',
    args: { text: 'logged' },
    answer: { ok: true },
    status: 200,
  })
  await raw('auth.test', { body: new URLSearchParams({ token: room.workspace.botToken }) })
  expect(JSON.stringify(room.workspace.log)).not.toContain(room.workspace.botToken)
  expect(JSON.stringify(room.workspace.log)).not.toContain(room.workspace.appToken)
})

describe('strangers', () => {
  test('a page of another site is refused', async () => {
    const answer = await raw('auth.test', { headers: { ...bearer(), origin: 'https://evil.example' } })
    expect(answer).toEqual({ ok: false, error: 'origin_not_allowed' })
  })

  test('the own page is not', async () => {
    expect(await raw('auth.test', { headers: { ...bearer(), origin: room.url } })).toMatchObject({ ok: true })
  })
})
