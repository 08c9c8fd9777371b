import { afterEach, describe, expect, test } from 'vitest'
import { ops, type Room, startBolt, startRoom, until } from './workspace.ts'

let room: Room
let stopBolt: (() => Promise<void>) | undefined

afterEach(async () => {
  await stopBolt?.()
  stopBolt = undefined
  await room.stop()
})

describe('the real Bolt in Socket Mode', () => {
  test('a command acked with text shows it to its sender only', async () => {
    room = await startRoom()
    const { stop } = await startBolt(room, (app) => {
      app.command('/status', async ({ ack, command }) =>
        ack(`health of ${command.text} for ${command.user_name} in ${command.channel_name}`),
      )
    })
    stopBolt = stop
    const answer = await room.post('command', { user: 'ana', channel: ops, text: '/status porttrack-app' })
    expect(answer).toMatchObject({
      ok: true,
      shown: [{ text: 'health of porttrack-app for ana in ops', is_ephemeral: true }],
    })
    const seen = await room.get(`messages?user=luis&channel=${ops}`)
    expect(JSON.stringify(seen)).not.toContain('health of')
  })
})
