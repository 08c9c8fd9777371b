import type { ServerResponse } from 'node:http'

export type EventStream = {
  /** Sends one JSON value as one event. */
  send(value: unknown): void
  close(): void
}

const heartbeatMs = 15_000

/**
 * Turns the answer into a stream of server-sent events; comment lines keep it open through idle times.
 * @param onClose called once, whoever ended it
 */
export function openEventStream(response: ServerResponse, onClose: () => void): EventStream {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  })
  response.write('retry: 1000\n\n')
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs)
  heartbeat.unref()
  response.once('close', () => {
    clearInterval(heartbeat)
    onClose()
  })
  return {
    send: (value) => void response.write(`data: ${JSON.stringify(value)}\n\n`),
    close: () => void response.end(),
  }
}
