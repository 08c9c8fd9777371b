import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, ops, other, type Room, secretChannel, startBolt, startRoom, until } from './workspace.ts'

let room: Room
let bolt: Awaited<ReturnType<typeof startBolt>>
const heard: unknown[] = []

beforeAll(async () => {
  room = await startRoom()
  bolt = await startBolt(room, (app) => {
    app.event('app_mention', async ({ event }) => void heard.push(event))
    app.event('app_home_opened', async ({ event, client }) => {
      await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'divider' }] } })
    })
  })
})
afterAll(async () => {
  await bolt.stop()
  await room.stop()
})

const card = async () => String((await room.call('chat.postMessage', { channel: ops, text: 'card' }))['ts'])

async function channel(user: string, id: string): Promise<Answer | undefined> {
  return ((await room.get(`channels?user=${user}`))['channels'] as Answer[]).find((one) => one['id'] === id)
}

describe('reading and writing', () => {
  test('what others write is unread until it is read, and mentions are counted', async () => {
    const { ts } = await room.call('chat.postMessage', { channel: ops, text: 'hello <@U0MARTA>' })
    const before = await channel('marta', ops)
    await room.post('read', { user: 'marta', channel: ops, ts })
    expect(Number(before?.['unread'])).toBeGreaterThan(0)
    expect(before?.['mention_count']).toBe(1)
    expect(await channel('marta', ops)).toMatchObject({
      unread: 0,
      mention_count: 0,
      last_read: ts,
      last_message: { text: 'hello <@U0MARTA>' },
    })
  })

  test('what one writes oneself, and lines of the workspace, are not unread', async () => {
    await room.post('message', { user: 'marta', channel: ops, text: 'seen' })
    await room.post('message', { user: 'ana', channel: ops, text: 'mine' })
    const own = await room.post('message', { user: 'marta', channel: ops, text: 'mine too' })
    await room.post('read', { user: 'marta', channel: ops, ts: own['ts'] })
    await room.call('conversations.setTopic', { channel: ops, topic: 'a line' })
    expect(await channel('marta', ops)).toMatchObject({ unread: 0 })
    await room.post('read', { user: 'marta', channel: ops, ts: '0' })
    const { messages } = await room.get(`messages?user=marta&channel=${ops}`)
    const others = (messages as Answer[]).filter((one) => one['user'] !== 'U0MARTA' && one['subtype'] === undefined)
    expect(await channel('marta', ops)).toMatchObject({ unread: others.length })
    await room.post('read', { user: 'marta', channel: ops, ts: own['ts'] })
  })

  test('what a person types is escaped, and names become references', async () => {
    await room.post('message', { user: 'luis', channel: ops, text: '<!channel> a & b @ana #ops' })
    const { messages } = await room.get(`messages?user=ana&channel=${ops}`)
    expect((messages as Answer[]).at(-1)).toMatchObject({
      user: 'U0LUIS',
      text: `&lt;!channel&gt; a &amp; b <@U0ANA> <#${ops}|ops>`,
    })
  })

  test('a mention of the bot reaches it', async () => {
    await room.post('message', { user: 'luis', channel: ops, text: '@fixture help' })
    await until('the mention', () => heard.length > 0)
    expect(heard[0]).toMatchObject({ type: 'app_mention', user: 'U0LUIS', text: '<@U0RESCUE> help', channel: ops })
  })

  test('threads hold their replies, and the channel does not', async () => {
    const parent = await room.post('message', { user: 'ana', channel: ops, text: 'parent' })
    const reply = await room.post('message', { user: 'luis', channel: ops, text: 'reply', thread_ts: parent['ts'] })
    const inChannel = (await room.get(`messages?user=ana&channel=${ops}`))['messages'] as Answer[]
    expect(inChannel.map((one) => one['ts'])).not.toContain(reply['ts'])
    expect(inChannel.at(-1)).toMatchObject({ ts: parent['ts'], reply_count: 1 })
    const thread = (await room.get(`messages?user=ana&channel=${ops}&thread_ts=${parent['ts']}`))[
      'messages'
    ] as Answer[]
    expect(thread.map((one) => one['text'])).toEqual(['parent', 'reply'])
  })

  test('a channel that one is not in can be read and joined, a private one not even seen', async () => {
    expect(await room.post('message', { user: 'luis', channel: other, text: 'a' })).toMatchObject({
      ok: false,
      error: 'not_in_channel',
    })
    expect(await channel('luis', other)).toMatchObject({ is_member: false, unread: 0 })
    await room.post('join', { user: 'luis', channel: other })
    expect(await room.post('message', { user: 'luis', channel: other, text: 'a' })).toMatchObject({ ok: true })
    expect(await channel('luis', secretChannel)).toBeUndefined()
    expect(await room.get(`messages?user=luis&channel=${secretChannel}`)).toMatchObject({
      ok: false,
      error: 'channel_not_found',
    })
  })

  test('an ephemeral message can be dismissed, any other cannot', async () => {
    const { message_ts: ts } = await room.call('chat.postEphemeral', { channel: ops, user: 'U0ANA', text: 'go away' })
    expect(await room.post('dismiss', { user: 'ana', channel: ops, ts })).toEqual({ ok: true })
    expect(JSON.stringify(await room.get(`messages?user=ana&channel=${ops}`))).not.toContain('go away')
    expect(await room.post('dismiss', { user: 'ana', channel: ops, ts: await card() })).toMatchObject({
      error: 'cant_dismiss',
    })
  })

  test('a reaction comes and goes', async () => {
    const ts = await card()
    const react = () => room.post('reaction', { user: 'ana', channel: ops, ts, name: ':pushpin:' })
    expect(await react()).toEqual({ ok: true, added: true })
    const seen = ((await room.get(`messages?user=luis&channel=${ops}`))['messages'] as Answer[]).at(-1)
    expect(seen).toMatchObject({ reactions: [{ name: 'pushpin', count: 1, users: ['U0ANA'] }] })
    expect(await react()).toEqual({ ok: true, added: false })
  })
})

test('the first look at the home opens it, a page that reads it again does not', async () => {
  let opened = 0
  bolt.app.event('app_home_opened', async () => void opened++)
  expect(await room.get('home?user=ana')).toMatchObject({
    ok: true,
    view: { type: 'home', blocks: [{ type: 'divider' }] },
  })
  await room.get('home?user=ana')
  await room.get('home?user=ana')
  expect(opened).toBe(1)
  await room.post('open-home', { user: 'ana' })
  await until('the second opening', () => opened === 2)
})

test('the page hears at once what concerns its person, and nothing else', async () => {
  const lines = async (user: string, signal: AbortSignal, events: Answer[]) => {
    const response = await fetch(`${room.url}/person/events?user=${user}`, { signal })
    const read = async () => {
      for await (const part of response.body ?? []) {
        for (const line of Buffer.from(part).toString('utf8').split('\n')) {
          if (line.startsWith('data: ')) events.push(JSON.parse(line.slice(6)) as Answer)
        }
      }
    }
    void read().catch(() => undefined)
  }
  const stop = new AbortController()
  const [ana, luis]: [Answer[], Answer[]] = [[], []]
  await lines('ana', stop.signal, ana)
  await lines('luis', stop.signal, luis)
  await room.call('chat.postEphemeral', { channel: ops, user: 'U0ANA', text: 'psst' })
  const { ts } = await room.call('chat.postMessage', { channel: ops, text: 'all' })
  await until('both to hear', () => ana.length >= 2 && luis.length >= 1)
  stop.abort()
  expect(ana).toEqual([
    { type: 'ephemeral', channel: ops, ts: expect.any(String) },
    { type: 'message', channel: ops, ts },
  ])
  expect(luis).toEqual([{ type: 'message', channel: ops, ts }])
})
