import type { WebSocket } from 'ws'

export const connectionLimit = 10
const pingEveryMs = 10_000
/** How long Slack keeps a connection, and with `debug_reconnects=true`; in seconds. */
const usualLife = 18_060
const shortLife = 360
const warningBeforeMs = 10_000

/** One socket of the app. `halfOpen`: it looks open from here, and nothing passes any more. */
export type Connection = { readonly socket: WebSocket; halfOpen: boolean; readonly timers: NodeJS.Timeout[] }

export function open(socket: WebSocket): Connection {
  const connection: Connection = { socket, halfOpen: false, timers: [] }
  socket.on('ping', (data) => {
    if (!connection.halfOpen) socket.pong(data)
  })
  return connection
}

export function close(connection: Connection): void {
  for (const timer of connection.timers) clearTimeout(timer)
}

export const disconnect = (reason: string): string =>
  JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'local' } })

/** Seconds that this connection may last. */
export const lifeOf = (query: URLSearchParams): number =>
  query.get('debug_reconnects') === 'true' ? shortLife : usualLife

export function greet({ socket }: Connection, count: number, query: URLSearchParams): void {
  socket.send(
    JSON.stringify({
      type: 'hello',
      num_connections: count,
      debug_info: { host: 'local', build_number: 1, approximate_connection_time: lifeOf(query) },
      connection_info: { app_id: query.get('app_id') ?? '' },
    }),
  )
}

/** Pings, and the end of a connection's life: a warning first, then the request to connect again. */
export function lifeTimers(connection: Connection, life: number): NodeJS.Timeout[] {
  const { socket } = connection
  const passing = (act: () => void) => () => {
    if (!connection.halfOpen) act()
  }
  const timers = [
    setInterval(
      passing(() => socket.ping('ping from the workspace')),
      pingEveryMs,
    ),
    setTimeout(
      passing(() => socket.send(disconnect('warning'))),
      life * 1000 - warningBeforeMs,
    ),
    setTimeout(
      passing(() => socket.send(disconnect('refresh_requested'))),
      life * 1000,
    ),
  ]
  for (const timer of timers) timer.unref()
  return timers
}
