import { createServer } from 'node:https'
import { type AddressInfo, Socket } from 'node:net'
import type { HttpOptions } from './options.ts'
import { serve } from './serve.ts'
import { createWatches, type Watches } from './watches.ts'

export type HttpServer = { readonly port: number; readonly watches: Watches; stop(): Promise<void> }

/** Listens on 127.0.0.1. @throws when the port is taken */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const watches = createWatches()
  const below = new Map<number, Socket>()
  const server = createServer(
    { ...options.credentials, ALPNProtocols: ['http/1.1'] },
    (request, response) => void serve({ ...options, watches, below }, request, response),
  )
  server.keepAliveTimeout = 90_000
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    if (!(socket instanceof Socket)) return
    const port = socket.remotePort ?? 0
    below.set(port, socket)
    socket.on('close', () => below.delete(port))
  })
  server.on('secureConnection', (socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
  })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    watches,
    stop: () =>
      new Promise((resolve) => {
        watches.stop()
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
        server.closeAllConnections()
      }),
  }
}
