import { type IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, Socket } from 'node:net'
import { allows, denied, type Identity } from '../api/access.ts'
import { discovery } from '../api/discovery.ts'
import { dispatch, renderOf } from '../api/dispatch.ts'
import type { Logs } from '../api/logs.ts'
import { openapi } from '../api/openapi.ts'
import type { Registry } from '../api/registry.ts'
import { type Place, placeOf, verbOf } from '../api/request.ts'
import { startWatch } from '../api/watch.ts'
import type { Faults, Taken } from '../faults.ts'
import { parseJson } from '../json.ts'
import type { Pod } from '../kinds.ts'
import { ApiError, failure, methodNotAllowed, unknownRoute } from '../status.ts'
import { authenticate, type Tokens } from './authenticate.ts'
import { answerLog, logKeyOf } from './log-routes.ts'
import type { LoggedRequest, RequestLog } from './requests.ts'
import type { Credentials } from './tls.ts'
import { version } from './version.ts'
import { createWatches, type Watches } from './watches.ts'

export type HttpOptions = {
  readonly port: number
  readonly credentials: Credentials
  readonly registry: Registry
  readonly tokens: Tokens
  readonly faults: Faults
  readonly log: RequestLog
  readonly logs: Logs
  readonly bookmarkMs: number
}

export type HttpServer = { readonly port: number; readonly watches: Watches; stop(): Promise<void> }

/** TCP connections below TLS, by the client's port. */
const connectionsBelow = new Map<number, Socket>()

const bodyLimit = 3 * 1024 * 1024

/** Listens on 127.0.0.1. @throws when the port is taken */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const watches = createWatches()
  const server = createServer(
    { ...options.credentials, ALPNProtocols: ['http/1.1'] },
    (request, response) => void serve(options, watches, request, response),
  )
  server.keepAliveTimeout = 90_000
  const sockets = new Set<Socket>()
  // A real reset needs the connection below TLS.
  server.on('connection', (socket) => {
    if (!(socket instanceof Socket)) return
    const port = socket.remotePort ?? 0
    connectionsBelow.set(port, socket)
    socket.on('close', () => connectionsBelow.delete(port))
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

async function serve(
  options: HttpOptions,
  watches: Watches,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.on('error', () => response.destroy())
  try {
    const body = await readBody(request)
    const taken = options.faults.take(request.method ?? 'GET', request.url ?? '/')
    if (taken !== undefined && (await spoil(taken, options, watches, request, response, body))) return
    await answer(options, watches, request, response, body)
  } catch (error) {
    fail(response, error)
  }
}

/** Gives the fault instead of the answer. @returns false when the request goes its usual way, only later */
async function spoil(
  taken: Taken,
  options: HttpOptions,
  watches: Watches,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<boolean> {
  if (taken.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, taken.delayMs))
  const { answer: wanted } = taken
  if (wanted === undefined) return false
  if (wanted === 'reset') reset(request)
  else if (wanted === 'half-open') response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
  else if (wanted === 'lost') {
    // A response without a socket: everything is done, nothing is sent.
    await answer(options, watches, request, new ServerResponse(request), body).catch(() => {})
    reset(request)
  } else if (wanted !== 'hang') {
    const text =
      typeof wanted.body === 'string'
        ? wanted.body
        : JSON.stringify(wanted.body ?? failure(wanted.status, '', '').status)
    response.writeHead(wanted.status, { 'content-type': 'application/json', ...wanted.headers }).end(text)
  }
  return true
}

function reset(request: IncomingMessage): void {
  connectionsBelow.get(request.socket.remotePort ?? 0)?.resetAndDestroy()
  request.socket.destroy()
}

async function answer(
  options: HttpOptions,
  watches: Watches,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const { registry, tokens, log } = options
  const url = new URL(request.url ?? '/', 'https://127.0.0.1')
  const method = request.method ?? 'GET'
  const place = placeOf(url.pathname)
  if (url.pathname.startsWith('/sandbox/'))
    return sandboxRoute(options, method, url, body.toString('utf8'), request, response)
  const entry = log.add(logged(request, url, place))
  response.on('finish', () => {
    entry.status = response.statusCode
  })
  const { identity, real, impersonated } = authenticate(tokens, registry.store, request)
  Object.assign(entry, {
    user: real.user,
    impersonated: impersonated?.user,
    impersonatedGroups: impersonated?.groups ?? [],
  })
  if (place === undefined) return general(registry, identity, method, url.pathname, request, response)
  if (place === 'unknown') throw unknownRoute()
  authorize(registry, identity, method, place, url.searchParams)
  const accept = request.headers.accept ?? ''
  if (entry.verb === 'watch') return watch(options, watches, place, url.searchParams, accept, response)
  if (place.subresource === 'log')
    return answerLog(
      options.logs,
      registry.get(place.type, { namespace: place.namespace, name: place.name ?? '' }) as Pod,
      url.searchParams,
      response,
    )
  const warnings: string[] = []
  const result = dispatch(registry, {
    method,
    place,
    query: url.searchParams,
    accept,
    contentType: (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '',
    body,
    identity,
    caller: { user: identity.user, groups: identity.groups, userAgent: request.headers['user-agent'] ?? '' },
    backdate: request.headers['x-sandbox-backdate'] === 'true',
    warn: (text) => warnings.push(`299 - ${JSON.stringify(text)}`),
  })
  if (warnings.length > 0) response.setHeader('warning', warnings)
  send(response, result.status, result.json)
}

function authorize(registry: Registry, identity: Identity, method: string, place: Place, query: URLSearchParams): void {
  const { type, namespace, name, subresource } = place
  const what = {
    verb: verbOf(method, place, query),
    group: type.group,
    resource: type.resource,
    subresource,
    namespace,
    name,
  }
  if (!allows(registry.store, identity, what)) throw denied(identity, what)
  if (name !== undefined && method === 'POST' && subresource === undefined) throw methodNotAllowed()
}

function general(
  registry: Registry,
  identity: Identity,
  method: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const what = { verb: method.toLowerCase(), path }
  if (!allows(registry.store, identity, what)) throw denied(identity, what)
  if (/^\/(healthz|readyz|livez)(\/|$)/.test(path))
    return void response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('ok')
  if (path === '/version') return send(response, 200, JSON.stringify(version))
  const found = discovery(path, request.headers.accept ?? '')
  if (found !== undefined) return send(response, 200, JSON.stringify(found.body), found.contentType)
  const schema = openapi(path)
  if (schema !== undefined) return send(response, 200, JSON.stringify(schema))
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n')
}

function watch(
  options: HttpOptions,
  watches: Watches,
  place: Place,
  query: URLSearchParams,
  accept: string,
  response: ServerResponse,
): void {
  const stream = watches.open(response)
  try {
    stream.onClose(
      startWatch(options.registry.store, {
        place,
        query,
        render: renderOf({ accept, query, place }),
        bookmarkMs: options.bookmarkMs,
        send: stream.send,
        end: stream.end,
      }),
    )
  } catch (error) {
    stream.abandon()
    throw error
  }
}

/** Addresses of the sandbox alone: the kubelet's logs, and faults. Only administrators may use them. */
function sandboxRoute(
  options: HttpOptions,
  method: string,
  url: URL,
  body: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { real } = authenticate(options.tokens, options.registry.store, request)
  const what = { verb: method.toLowerCase(), path: url.pathname }
  if (!allows(options.registry.store, real, what)) throw denied(real, what)
  const key = logKeyOf(url.pathname, url.searchParams)
  if (key !== undefined && method === 'PUT') {
    options.logs.put(key, body)
    return send(response, 200, '{"ok":true}')
  }
  if (url.pathname === '/sandbox/faults') return control(options.faults, method, body, response)
  throw unknownRoute()
}

function control(faults: Faults, method: string, body: string, response: ServerResponse): void {
  if (method === 'GET') return send(response, 200, JSON.stringify({ unused: faults.unused() }))
  if (method === 'DELETE') {
    faults.clear()
    return send(response, 200, '{"ok":true}')
  }
  try {
    faults.add(parseJson(body))
    send(response, 200, '{"ok":true}')
  } catch (error) {
    send(response, 400, JSON.stringify({ ok: false, error: error instanceof Error ? error.message : 'malformed' }))
  }
}

function logged(request: IncomingMessage, url: URL, place: Place | 'unknown' | undefined): LoggedRequest {
  const method = request.method ?? 'GET'
  return {
    method,
    path: url.pathname,
    query: url.search.slice(1),
    verb: place === undefined || place === 'unknown' ? method.toLowerCase() : verbOf(method, place, url.searchParams),
    user: '',
    impersonated: undefined,
    impersonatedGroups: [],
    userAgent: request.headers['user-agent'] ?? '',
    at: Date.now(),
    status: 0,
  }
}

function send(response: ServerResponse, status: number, json: string, contentType = 'application/json'): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-cache, private' }).end(json)
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  const status =
    error instanceof ApiError
      ? error.status
      : failure(
          500,
          'InternalError',
          `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
        ).status
  const retry = status.details?.retryAfterSeconds
  if (retry !== undefined) response.setHeader('retry-after', String(retry))
  send(response, status.code, JSON.stringify(status))
}

/** @throws ApiError 413 above 3 MiB */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size > bodyLimit) throw failure(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728', {})
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts)
}
