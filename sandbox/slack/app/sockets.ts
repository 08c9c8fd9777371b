import { randomUUID } from 'node:crypto'
import { type WebSocket, WebSocketServer } from 'ws'
import type { UpgradeHandler } from '../../http/exchange.ts'
import { secret } from '../model/ids.ts'
import { isObject } from '../model/json.ts'
import { type Attempt, ackWithinMs, type Delivered, type Envelope, type Link } from './delivery.ts'

const connectionLimit = 10
const pingEveryMs = 10_000
/** How long Slack keeps a connection, and with `debug_reconnects=true`; in seconds. */
const usualLife = 18_060
const shortLife = 360
const warningBeforeMs = 10_000

type Connection = { readonly socket: WebSocket; halfOpen: boolean; readonly timers: NodeJS.Timeout[] }

type Waiting = {
  readonly envelope: Envelope
  readonly attempt: Attempt
  on: Connection | undefined
  readonly settle: (delivered: Delivered) => void
}

/** What can go wrong between Slack and the app's sockets, and how many there are. */
export type SocketControls = {
  count(): number
  /** Breaks every connection without a close frame. */
  dropAll(): void
  /** The next envelope comes twice, with one id. */
  duplicateNext(): void
  /** Connections look open to Slack but nothing passes any more: what is sent to them is lost. */
  halfOpenAll(): void
  /** Asks the app to connect again, as Slack does when it moves a connection. */
  refreshAll(): void
}

export type Sockets = Link &
  SocketControls & {
    /** @returns the URL of one connection; it works once */
    open(base: string, appId: string): string
    readonly upgrade: UpgradeHandler
    setAway(away: boolean): void
  }

/** Socket Mode: single-use tickets, hello, envelopes to one connection each, acks within 3 s, redelivery. */
export function createSockets(): Sockets {
  const server = new WebSocketServer({ noServer: true, autoPong: false })
  const tickets = new Set<string>()
  const connections = new Set<Connection>()
  const waiting = new Map<string, Waiting>()
  let turn = 0
  let duplicate = false
  let away = false

  const send = (entry: Waiting): void => {
    const open = [...connections]
    const connection = open[turn++ % Math.max(1, open.length)]
    entry.on = connection
    if (connection === undefined || connection.halfOpen) return
    const { envelope, attempt } = entry
    const text = JSON.stringify({
      envelope_id: envelope.id,
      type: envelope.type,
      payload: envelope.payload,
      accepts_response_payload: envelope.acceptsResponse,
      ...(envelope.type === 'events_api' ? { retry_attempt: attempt.number, retry_reason: attempt.reason } : {}),
    })
    connection.socket.send(text)
    if (duplicate) connection.socket.send(text)
    duplicate = false
  }

  const remove = (connection: Connection): void => {
    if (!connections.delete(connection)) return
    for (const timer of connection.timers) clearTimeout(timer)
    for (const entry of waiting.values()) if (entry.on === connection) send(entry)
  }

  const accept = (socket: WebSocket, query: URLSearchParams): void => {
    const connection: Connection = { socket, halfOpen: false, timers: [] }
    socket.on('error', () => socket.terminate())
    if (connections.size >= connectionLimit) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets', debug_info: { host: 'local' } }))
      socket.close()
      return
    }
    connections.add(connection)
    socket.on('close', () => remove(connection))
    socket.on('ping', (data) => void (connection.halfOpen || socket.pong(data)))
    socket.on('message', (data) => void (connection.halfOpen || acknowledge(String(data))))
    const life = query.get('debug_reconnects') === 'true' ? shortLife : usualLife
    connection.timers.push(...lifeTimers(connection, life))
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: connections.size,
        debug_info: { host: 'local', build_number: 1, approximate_connection_time: life },
        connection_info: { app_id: query.get('app_id') ?? '' },
      }),
    )
    // What nobody could be sent, and what a broken connection left unanswered, goes out again.
    for (const entry of waiting.values()) if (entry.on === undefined || !connections.has(entry.on)) send(entry)
  }

  const acknowledge = (text: string): void => {
    const ack = parsed(text)
    const id = ack?.['envelope_id']
    const entry = typeof id === 'string' ? waiting.get(id) : undefined
    if (entry === undefined) return
    waiting.delete(entry.envelope.id)
    entry.settle({ kind: 'acked', payload: entry.envelope.acceptsResponse ? ack?.['payload'] : undefined })
  }

  return {
    open: (base, appId) => {
      const ticket = secret(16)
      tickets.add(ticket)
      return `${base.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${appId}`
    },
    upgrade: (request, socket, head, query) => {
      if (away) return void socket.destroy()
      if (!tickets.delete(query.get('ticket') ?? ''))
        return void socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
      server.handleUpgrade(request, socket, head, (opened) => accept(opened, query))
    },
    deliver: (envelope, attempt = { number: 0, reason: '' }) =>
      new Promise((resolve) => {
        const none = connections.size === 0
        const timer = setTimeout(() => {
          waiting.delete(envelope.id)
          resolve({ kind: none && entry.on === undefined ? 'unreachable' : 'timeout' })
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
    dropAll: () => {
      for (const { socket } of connections) socket.terminate()
    },
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
      if (away) for (const { socket } of connections) socket.terminate()
    },
    stop: () => {
      for (const entry of waiting.values()) entry.settle({ kind: 'unreachable' })
      waiting.clear()
      for (const { socket } of connections) socket.terminate()
      server.close()
    },
  }
}

const disconnect = (reason: string): string =>
  JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'local' } })

/** Pings, and the end of a connection's life: a warning first, then the request to connect again. */
function lifeTimers({ socket }: Connection, life: number): NodeJS.Timeout[] {
  const timers = [
    setInterval(() => socket.ping('ping from the workspace'), pingEveryMs),
    setTimeout(() => socket.send(disconnect('warning')), life * 1000 - warningBeforeMs),
    setTimeout(() => socket.send(disconnect('refresh_requested')), life * 1000),
  ]
  for (const timer of timers) timer.unref()
  return timers
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export const newEnvelopeId = (): string => randomUUID()
