import { type WebSocket, WebSocketServer } from 'ws'
import { secret } from '../model/ids.ts'
import { type Connection, close, connectionLimit, disconnect, greet, lifeOf, lifeTimers, open } from './connection.ts'
import type { Attempt, Delivered, Envelope } from './delivery.ts'
import { encode, readAck } from './envelopes.ts'
import type { Sockets } from './socket-types.ts'

/** How long Slack still believes in a connection that is gone without a word. */
const halfOpenLingersMs = 20_000

type Waiting = {
  readonly envelope: Envelope
  readonly attempt: Attempt
  on: Connection | undefined
  readonly settle: (delivered: Delivered) => void
}

/**
 * Socket Mode: single-use tickets, hello, envelopes to one connection each, acks in time, redelivery.
 * @param ackWithinMs how long an ack may take
 */
export function createSockets(ackWithinMs: number): Sockets {
  const server = new WebSocketServer({ noServer: true, autoPong: false })
  const tickets = new Set<string>()
  const connections = new Set<Connection>()
  const waiting = new Map<string, Waiting>()
  let turn = 0
  let duplicate = false
  let away = false

  const send = (entry: Waiting): void => {
    const connection = [...connections][turn++ % Math.max(1, connections.size)]
    entry.on = connection
    if (connection === undefined || connection.halfOpen) return
    const text = encode(entry.envelope, entry.attempt)
    connection.socket.send(text)
    if (duplicate) connection.socket.send(text)
    duplicate = false
  }

  const remove = (connection: Connection): void => {
    if (!connections.delete(connection)) return
    close(connection)
    // What went into a half-open connection is lost; what a broken one left unanswered goes out again.
    if (!connection.halfOpen) for (const entry of waiting.values()) if (entry.on === connection) send(entry)
  }

  const leave = (connection: Connection): void => {
    if (connection.halfOpen) connection.timers.push(setTimeout(() => remove(connection), halfOpenLingersMs).unref())
    else remove(connection)
  }

  const accept = (socket: WebSocket, query: URLSearchParams): void => {
    socket.on('error', () => socket.terminate())
    if (connections.size >= connectionLimit) {
      socket.send(disconnect('too_many_websockets'))
      socket.close()
      return
    }
    const connection = open(socket)
    connections.add(connection)
    socket.on('close', () => leave(connection))
    socket.on('message', (data) => void (connection.halfOpen || acknowledge(String(data))))
    connection.timers.push(...lifeTimers(connection, lifeOf(query)))
    greet(connection, connections.size, query)
    for (const entry of waiting.values()) if (entry.on === undefined) send(entry)
  }

  const acknowledge = (text: string): void => {
    const ack = readAck(text)
    const entry = waiting.get(String(ack?.['envelope_id']))
    if (entry === undefined) return
    waiting.delete(entry.envelope.id)
    entry.settle({ kind: 'acked', payload: entry.envelope.acceptsResponse ? ack?.['payload'] : undefined })
  }

  const terminateAll = (): void => {
    for (const { socket } of connections) socket.terminate()
  }

  return {
    open: (base, appId) => {
      const ticket = secret(16)
      tickets.add(ticket)
      return `${base.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${appId}`
    },
    upgrade: (request, socket, head, query) => {
      if (away) socket.destroy()
      else if (!tickets.delete(query.get('ticket') ?? ''))
        socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
      else server.handleUpgrade(request, socket, head, (opened) => accept(opened, query))
    },
    deliver: (envelope, attempt = { number: 0, reason: '' }) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(envelope.id)
          resolve({ kind: entry.on === undefined ? 'unreachable' : 'timeout' })
        }, ackWithinMs)
        const settle = (delivered: Delivered) => {
          clearTimeout(timer)
          resolve(delivered)
        }
        const entry: Waiting = { envelope, attempt, on: undefined, settle }
        waiting.set(envelope.id, entry)
        send(entry)
      }),
    count: () => connections.size,
    dropAll: terminateAll,
    duplicateNext: () => {
      duplicate = true
    },
    halfOpenAll: () => {
      for (const connection of connections) connection.halfOpen = true
    },
    refreshAll: () => {
      for (const { socket } of connections) socket.send(disconnect('refresh_requested'))
    },
    setAway: (isAway) => {
      away = isAway
      if (away) terminateAll()
    },
    stop: () => {
      for (const entry of waiting.values()) entry.settle({ kind: 'unreachable' })
      waiting.clear()
      for (const connection of connections) close(connection)
      terminateAll()
      server.close()
    },
  }
}
