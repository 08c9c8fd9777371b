import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { badMessages, badViews } from './fixtures/bad-blocks.ts'
import { goodMessages, goodModal } from './fixtures/good-blocks.ts'
import { ops, type Room, startBolt, startRoom } from './workspace.ts'

let room: Room
let stopBolt: () => Promise<void>
let triggers: string[] = []

beforeAll(async () => {
  room = await startRoom()
  const { stop } = await startBolt(room, (app) => {
    app.command('/status', async ({ ack, command }) => {
      triggers.push(command.trigger_id)
      await ack()
    })
  })
  stopBolt = stop
})

afterAll(async () => {
  await stopBolt()
  await room.stop()
})

/** A trigger of a person who has just typed something. */
async function trigger(): Promise<string> {
  triggers = []
  await room.post('command', { user: 'ana', channel: ops, text: '/status' })
  return triggers[0] ?? ''
}

describe('blocks that Slack takes', () => {
  test.each(Object.entries(goodMessages))('%s', async (_what, blocks) => {
    const answer = await room.call('chat.postMessage', { channel: ops, text: 'fallback', blocks })
    expect(answer).toMatchObject({ ok: true })
  })

  test('a modal with every input', async () => {
    const answer = await room.call('views.open', { trigger_id: await trigger(), view: goodModal })
    expect(answer).toMatchObject({ ok: true, view: { callback_id: 'everything', private_metadata: 'kept' } })
  })

  test('blocks and elements without ids get some, and keep those that they have', async () => {
    const blocks = [
      { type: 'section', text: { type: 'mrkdwn', text: 'a' } },
      { type: 'actions', block_id: 'mine', elements: [{ type: 'button', text: { type: 'plain_text', text: 'b' } }] },
    ]
    const answer = await room.call('chat.postMessage', { channel: ops, text: 'fallback', blocks })
    expect(answer['message']).toMatchObject({
      blocks: [
        { block_id: expect.stringMatching(/^.{5}$/), text: { text: 'a' } },
        { block_id: 'mine', elements: [{ action_id: expect.stringMatching(/^.{5}$/) }] },
      ],
    })
  })
})

describe('blocks that Slack refuses', () => {
  test.each(badMessages)('$what', async ({ blocks, problem }) => {
    const answer = await room.call('chat.postMessage', { channel: ops, text: 'fallback', blocks })
    expect(answer).toMatchObject({
      ok: false,
      error: 'invalid_blocks',
      errors: expect.arrayContaining([problem]),
      response_metadata: { messages: expect.arrayContaining([`[ERROR] ${problem}`]) },
    })
  })

  test.each([
    ['no JSON', '[{'],
    ['a wrapped list', { blocks: [] }],
  ])('%s is no form of blocks', async (_what, blocks) => {
    const answer = await room.call('chat.postMessage', { channel: ops, text: 'fallback', blocks })
    expect(answer).toEqual({ ok: false, error: 'invalid_blocks_format' })
  })

  test('blocks that are fine each but too long together', async () => {
    const blocks = Array.from({ length: 5 }, () => ({
      type: 'section',
      text: { type: 'mrkdwn', text: 'x'.repeat(2700) },
    }))
    const answer = await room.call('chat.postMessage', { channel: ops, text: 'fallback', blocks })
    expect(answer).toMatchObject({ ok: false, error: 'msg_blocks_too_long' })
  })

  test('a refused message leaves nothing in the channel', async () => {
    const before = await room.get(`messages?user=ana&channel=${ops}`)
    await room.call('chat.postMessage', { channel: ops, text: 'never seen', blocks: [{ type: 'nothing' }] })
    expect(await room.get(`messages?user=ana&channel=${ops}`)).toEqual(before)
  })
})

describe('views that Slack refuses', () => {
  test.each(badViews)('$what', async ({ view, problem }) => {
    const answer = await room.call('views.open', { trigger_id: await trigger(), view })
    expect(answer).toMatchObject({
      ok: false,
      error: 'invalid_arguments',
      response_metadata: { messages: expect.arrayContaining([`[ERROR] ${problem}`]) },
    })
  })

  test('a view of more than 250 kB', async () => {
    const view = {
      ...goodModal,
      blocks: Array.from({ length: 100 }, () => ({
        type: 'section',
        text: { type: 'mrkdwn', text: 'x'.repeat(2900) },
      })),
    }
    expect(await room.call('views.open', { trigger_id: await trigger(), view })).toEqual({
      ok: false,
      error: 'view_too_large',
    })
  })
})
