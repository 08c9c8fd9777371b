import { once } from 'node:events'
import { WebSocket } from 'ws'
import { type Answer, type Room, until } from './workspace.ts'

/** A client of our own, to see what comes and to stay silent. */
export async function connectSocket(room: Room, query = '') {
  const { url } = await room.call('apps.connections.open', {}, room.workspace.appToken)
  const socket = new WebSocket(`${url}${query}`)
  const received: Answer[] = []
  socket.on('message', (data) => received.push(JSON.parse(String(data)) as Answer))
  await once(socket, 'open')
  await until('hello', () => received.length > 0)
  const envelopes = () => received.filter((one) => one['envelope_id'] !== undefined)
  const ack = (envelope: Answer | undefined, payload?: object) =>
    socket.send(JSON.stringify({ envelope_id: envelope?.['envelope_id'], payload }))
  return { socket, url: String(url), received, envelopes, ack, stop: async () => socket.terminate() }
}
