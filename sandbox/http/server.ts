import { createServer as createNodeServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sendJson } from './answers.ts'
import type { Exchange, Handler, Server, UpgradeHandler } from './exchange.ts'
import { strangerReason } from './strangers.ts'

type Mounts<T> = Map<string, T>

/**
 * A small HTTP server on 127.0.0.1 that the page, the workspace and the scenarios share.
 * Requests that a page of another site could have caused are refused (see strangers.ts).
 * @param port 0 or absent: any free one
 * @throws when the port is taken
 */
export async function createServer({ port = 0 }: { readonly port?: number } = {}): Promise<Server> {
  const mounts: Mounts<Handler> = new Map()
  const upgrades: Mounts<UpgradeHandler> = new Map()
  const server = createNodeServer((request, response) => void serve(mounts, own(), request, response))
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const url = urlOf(request)
    const found =
      url === undefined || strangerReason(request, own()) !== undefined ? undefined : pick(upgrades, url.pathname)
    if (url === undefined || found === undefined) socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
    else found.value(request, socket, head, url.searchParams)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const own = () => (server.address() as AddressInfo | null)?.port ?? 0
  return {
    url: `http://127.0.0.1:${own()}`,
    port: own(),
    mount: (prefix, handler) => put(mounts, prefix, handler),
    mountUpgrade: (prefix, handler) => put(upgrades, prefix, handler),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function serve(mounts: Mounts<Handler>, port: number, request: IncomingMessage, response: ServerResponse) {
  const url = urlOf(request)
  if (url === undefined) return sendJson(response, { ok: false, error: 'bad_request' }, 400)
  const stranger = strangerReason(request, port)
  if (stranger !== undefined) return sendJson(response, { ok: false, error: stranger }, 403)
  const found = pick(mounts, url.pathname)
  if (found === undefined) return sendJson(response, { ok: false, error: 'not_found' }, 404)
  const exchange: Exchange = {
    method: request.method ?? 'GET',
    path: url.pathname,
    rest: url.pathname.slice(found.prefix.length).replace(/^\//, ''),
    query: url.searchParams,
    request,
    response,
  }
  try {
    await found.value(exchange)
  } catch (error) {
    if (response.headersSent || response.destroyed) response.destroy()
    else sendJson(response, { ok: false, error: 'internal_error', message: String(error) }, 500)
  }
}

function urlOf(request: IncomingMessage): URL | undefined {
  return URL.parse(request.url ?? '/', 'http://127.0.0.1') ?? undefined
}

function put<T>(mounts: Mounts<T>, prefix: string, value: T): () => void {
  const key = prefix.replace(/\/+$/, '')
  mounts.set(key, value)
  return () => {
    if (mounts.get(key) === value) mounts.delete(key)
  }
}

function pick<T>(mounts: Mounts<T>, path: string): { prefix: string; value: T } | undefined {
  const fitting = [...mounts].filter(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))
  const [longest] = fitting.sort(([a], [b]) => b.length - a.length)
  return longest === undefined ? undefined : { prefix: longest[0], value: longest[1] }
}
