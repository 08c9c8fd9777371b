import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { App, HTTPReceiver } from '@slack/bolt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ops, quiet, type Room, startRoom, until } from './workspace.ts'

let room: Room
let stop: () => Promise<unknown> = async () => {}

beforeEach(async () => {
  room = await startRoom()
})
afterEach(async () => {
  await stop()
  await room.stop()
})

async function startHttpBolt(signingSecret: string, prepare: (app: App) => void): Promise<void> {
  const receiver = new HTTPReceiver({ signingSecret, logger: quiet })
  const app = new App({
    token: room.workspace.botToken,
    receiver,
    logger: quiet,
    clientOptions: { slackApiUrl: room.workspace.slackApi },
  })
  prepare(app)
  const server = await receiver.start(0)
  room.workspace.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`)
  stop = () => receiver.stop()
}

describe('the real Bolt behind a request URL', () => {
  test('believes our signature, acks a command, opens a modal and takes its submission', async () => {
    const submitted: string[] = []
    await startHttpBolt(room.workspace.signingSecret, (app) => {
      app.command('/status', async ({ ack, client, command }) => {
        await ack('looking')
        await client.views.open({
          trigger_id: command.trigger_id,
          view: {
            type: 'modal',
            callback_id: 'ask',
            title: { type: 'plain_text', text: 'Ask' },
            submit: { type: 'plain_text', text: 'Send' },
            blocks: [
              {
                type: 'input',
                block_id: 'why',
                label: { type: 'plain_text', text: 'Why' },
                element: { type: 'plain_text_input', action_id: 'v' },
              },
            ],
          },
        })
      })
      app.view('ask', async ({ ack, view }) => {
        submitted.push(String(view.state.values['why']?.['v']?.value))
        await ack()
      })
    })
    expect(await room.post('command', { user: 'ana', channel: ops, text: '/status' })).toMatchObject({
      ok: true,
      shown: [{ text: 'looking' }],
    })
    const view = await until(
      'the modal',
      async () => ((await room.get('view?user=ana'))['view'] as { id: string } | null) ?? undefined,
    )
    expect(
      await room.post('submit', { user: 'ana', view_id: view.id, values: { why: { v: 'bad & worse <b>' } } }),
    ).toEqual({ ok: true })
    expect(submitted).toEqual(['bad & worse <b>'])
    expect(await room.get('view?user=ana')).toEqual({ ok: true, view: null })
  })

  test('refuses a signature made with another secret, and the person is told', async () => {
    await startHttpBolt('another-secret', (app) => {
      app.command('/status', async ({ ack }) => ack('never'))
    })
    expect(await room.post('command', { user: 'ana', channel: ops, text: '/status' })).toMatchObject({
      ok: false,
      error: 'http_service_error',
    })
  })
})

test('an event that is not taken comes again with its retry headers, signed anew', async () => {
  const seen: { headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += String(part)
    seen.push({ headers: request.headers, body })
    response.writeHead(seen.length === 1 ? 500 : 200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stop = () => new Promise((resolve) => server.close(resolve))
  room.workspace.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await room.post('message', { user: 'ana', channel: ops, text: 'hello' })
  await until('the second attempt', () => seen.length === 2)
  const [first, second] = seen
  expect(first?.headers['x-slack-retry-num']).toBeUndefined()
  expect(second?.headers).toMatchObject({ 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_error' })
  for (const { headers, body } of seen) {
    const base = `v0:${headers['x-slack-request-timestamp']}:${body}`
    expect(headers['x-slack-signature']).toBe(
      `v0=${createHmac('sha256', room.workspace.signingSecret).update(base).digest('hex')}`,
    )
  }
})
