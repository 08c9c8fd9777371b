import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Attributes, allows, denied, type Identity } from '../api/access.ts'
import { dispatch } from '../api/dispatch.ts'
import { renderOf } from '../api/form.ts'
import type { Registry } from '../api/registry.ts'
import { type Place, placeOf, verbOf } from '../api/request.ts'
import { startWatch } from '../api/watch.ts'
import type { Taken } from '../faults.ts'
import type { Pod } from '../kinds.ts'
import { failure, methodNotAllowed, unknownRoute } from '../status.ts'
import { authenticate } from './authenticate.ts'
import { general } from './general.ts'
import { answerLog } from './log-routes.ts'
import type { HttpOptions } from './options.ts'
import { logged } from './requests.ts'
import { fail, readBody, send } from './respond.ts'
import { sandboxRoute } from './sandbox-routes.ts'
import type { Watches } from './watches.ts'

/** What the server has beside its options: running watches, and the TCP connections below TLS by the client's port. */
export type Serving = HttpOptions & { readonly watches: Watches; readonly below: ReadonlyMap<number, Socket> }

/** Answers one request, or gives it the fault that waits for it. */
export async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.on('error', () => response.destroy())
  try {
    const body = await readBody(request)
    const taken = serving.faults.take(request.method ?? 'GET', request.url ?? '/')
    if (taken !== undefined && (await spoil(taken, serving, request, response, body))) return
    answer(serving, request, response, body)
  } catch (error) {
    fail(response, error)
  }
}

/** Gives the fault instead of the answer. @returns false when the request goes its usual way, only later */
async function spoil(
  taken: Taken,
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<boolean> {
  if (taken.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, taken.delayMs))
  const { answer: wanted } = taken
  if (wanted === undefined) return false
  if (wanted === 'reset') reset(serving, request)
  else if (wanted === 'half-open') response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
  else if (wanted === 'lost') {
    // A response without a socket: everything is done, nothing is sent.
    const unsent = new ServerResponse(request)
    try {
      answer(serving, request, unsent, body)
    } catch (error) {
      fail(unsent, error)
    }
    reset(serving, request)
  } else if (wanted !== 'hang') {
    const text =
      typeof wanted.body === 'string'
        ? wanted.body
        : JSON.stringify(wanted.body ?? failure(wanted.status, '', '').status)
    response.writeHead(wanted.status, { 'content-type': 'application/json', ...wanted.headers }).end(text)
  }
  return true
}

/** A real reset needs the connection below TLS. */
function reset({ below }: Serving, request: IncomingMessage): void {
  below.get(request.socket.remotePort ?? 0)?.resetAndDestroy()
  request.socket.destroy()
}

function answer(serving: Serving, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { registry, tokens, log } = serving
  const url = new URL(request.url ?? '/', 'https://127.0.0.1')
  const method = request.method ?? 'GET'
  if (url.pathname.startsWith('/sandbox/')) {
    sandboxRoute(serving, method, url, body.toString('utf8'), request, response)
    return
  }
  const place = placeOf(url.pathname)
  const entry = log.add(logged(request, url, place))
  response.on('finish', () => {
    entry.status = response.statusCode
  })
  const what = attributesOf(method, url, place)
  const { identity, real, impersonated } = authenticate(tokens, registry.store, request, what)
  Object.assign(entry, {
    user: real.user,
    impersonated: impersonated?.user,
    impersonatedGroups: impersonated?.groups ?? [],
  })
  if (place === undefined) general(registry, identity, method, url.pathname, request, response)
  else if (place === 'unknown') throw unknownRoute()
  else
    resource(
      serving,
      { identity, method, place, what, query: url.searchParams, verb: entry.verb },
      request,
      response,
      body,
    )
}

type Asked = {
  readonly identity: Identity
  readonly method: string
  readonly place: Place
  readonly what: Attributes
  readonly query: URLSearchParams
  readonly verb: string
}

function resource(
  serving: Serving,
  asked: Asked,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): void {
  const { registry } = serving
  const { identity, method, place, query, verb } = asked
  authorize(registry, asked)
  const { accept = '' } = request.headers
  if (verb === 'watch') {
    watch(serving, place, query, accept, response)
    return
  }
  if (place.subresource === 'log') {
    const pod = registry.get(place.type, { namespace: place.namespace, name: place.name ?? '' }) as Pod
    answerLog(serving.logs, pod, query, response)
    return
  }
  const warnings: string[] = []
  const result = dispatch(registry, {
    method,
    place,
    query,
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

/** What the request is for, as rights are written. */
function attributesOf(method: string, url: URL, place: ReturnType<typeof placeOf>): Attributes {
  if (place === undefined || place === 'unknown') return { verb: method.toLowerCase(), path: url.pathname }
  const { type, namespace, name, subresource } = place
  const verb = verbOf(method, place, url.searchParams)
  return { verb, group: type.group, resource: type.resource, subresource, namespace, name }
}

function authorize(registry: Registry, { identity, method, place, what }: Asked): void {
  if (!allows(registry.store, identity, what)) throw denied(identity, what)
  if (place.name !== undefined && method === 'POST' && place.subresource === undefined) throw methodNotAllowed()
}

function watch(serving: Serving, place: Place, query: URLSearchParams, accept: string, response: ServerResponse): void {
  const stream = serving.watches.open(response)
  const { send: write, end } = stream
  try {
    const render = renderOf({ accept, query, place })
    stream.onClose(
      startWatch(serving.registry.store, { place, query, render, bookmarkMs: serving.bookmarkMs, send: write, end }),
    )
  } catch (error) {
    stream.abandon()
    throw error
  }
}
