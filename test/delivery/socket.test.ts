import { fileURLToPath } from 'node:url'
import { App } from '@slack/bolt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createServer } from '../../sandbox/http/server.ts'
import { channels, people } from '../../sandbox/people.ts'
import { startWorkspace, type Workspace } from '../../sandbox/slack/start.ts'
import { libraryLog } from '../../src/services/slack/lanes.ts'
import { openSocket, type SlackSocket } from '../../src/services/slack/socket.ts'
import { silent } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'

const manifest = fileURLToPath(new URL('../../manifest.yml', import.meta.url))

let server: Awaited<ReturnType<typeof createServer>>
let workspace: Workspace
let socket: SlackSocket
const heard: string[] = []
const strays: unknown[] = []
const stray = (error: unknown) => void strays.push(error)

beforeEach(async () => {
  process.on('unhandledRejection', stray)
  heard.length = 0
  strays.length = 0
  server = await createServer()
  workspace = await startWorkspace({ server, manifest, people, channels })
  socket = openSocket({ appToken: workspace.appToken, apiUrl: workspace.slackApi, log: silent })
  const app = new App({
    receiver: socket.receiver,
    authorize: async () => ({ botToken: workspace.botToken }),
    logger: libraryLog(silent),
  })
  app.command('/rescue', async ({ command, ack }) => {
    await ack()
    heard.push(command.text)
  })
})
afterEach(async () => {
  await socket.stop()
  await workspace.stop()
  await server.close()
  process.off('unhandledRejection', stray)
  expect(strays).toEqual([])
})

async function say(text: string): Promise<void> {
  await fetch(`${server.url}/person/command`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'ana', channel: 'C0OPS', text: `/rescue ${text}` }),
  })
}

describe('the connection to Slack', () => {
  it('brings what people type', async () => {
    await socket.start()
    expect(socket.connected()).toBe(true)
    await say('one')
    expect(heard).toEqual(['one'])
  })

  it('comes back after an outage, as often as there is one', async () => {
    await socket.start()
    for (const word of ['one', 'two']) {
      workspace.goAway(true)
      await until('the outage is noticed', () => !socket.connected())
      workspace.goAway(false)
      await until('it is back', () => socket.connected(), 25)
      await say(word)
    }
    expect(heard).toEqual(['one', 'two'])
  }, 60_000)

  it('is made as soon as Slack is there, when the bot starts first', async () => {
    workspace.goAway(true)
    const starting = socket.start()
    await until('it tries', () => strays.length === 0 && !socket.connected())
    workspace.goAway(false)
    await starting
    await until('it is there', () => socket.connected())
    await say('one')
    expect(heard).toEqual(['one'])
  })

  it('can be ended in the middle of an outage', async () => {
    await socket.start()
    workspace.goAway(true)
    await until('the outage is noticed', () => !socket.connected())
    await socket.stop()
    workspace.goAway(false)
    expect(socket.connected()).toBe(false)
  })

  it('that was being made when it was ended is closed as soon as it is there', async () => {
    await socket.start()
    workspace.goAway(true)
    await until('the outage is noticed', () => !socket.connected())
    const tries = () => workspace.log.filter((call) => call.method === 'apps.connections.open').length
    workspace.goAway(false)
    workspace.faults.add({ method: 'apps.connections.open', answer: 'reset' })
    await until('it is being made', () => tries() === 2)
    let made = 0
    socket.receiver.client.on('connected', () => made++)
    await socket.stop()
    await until('it comes through', () => tries() === 3 && made === 1)
    await until('no connection is left', () => workspace.sockets.count() === 0)
    expect(socket.connected()).toBe(false)
  })

  it('that Slack refuses is tried again, and does not end the process', async () => {
    await socket.start()
    workspace.faults.add({ method: 'apps.connections.open', answer: { error: 'invalid_auth' } })
    workspace.sockets.dropAll()
    await until('the loss is noticed', () => !socket.connected())
    await until('it is back', () => socket.connected(), 25)
    await say('one')
    expect(heard).toEqual(['one'])
    expect(workspace.faults.unused()).toEqual([])
  }, 60_000)
})
