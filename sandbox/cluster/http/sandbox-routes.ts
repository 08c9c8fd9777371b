import type { IncomingMessage, ServerResponse } from 'node:http'
import { allows, denied } from '../api/access.ts'
import type { Faults } from '../faults.ts'
import { parseJson } from '../json.ts'
import { unknownRoute } from '../status.ts'
import { authenticate } from './authenticate.ts'
import { logKeyOf } from './log-routes.ts'
import type { HttpOptions } from './options.ts'
import { send } from './respond.ts'

/** Addresses of the sandbox alone: the kubelet's logs, and faults. Only administrators may use them. */
export function sandboxRoute(
  options: HttpOptions,
  method: string,
  url: URL,
  body: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const what = { verb: method.toLowerCase(), path: url.pathname }
  const { real } = authenticate(options.tokens, options.registry.store, request, what)
  if (!allows(options.registry.store, real, what)) throw denied(real, what)
  const key = logKeyOf(url.pathname, url.searchParams)
  if (key !== undefined && method === 'PUT') {
    options.logs.put(key, body)
    send(response, 200, done)
  } else if (url.pathname === '/sandbox/faults') control(options.faults, method, body, response)
  else throw unknownRoute()
}

const done = '{"ok":true}'

function control(faults: Faults, method: string, body: string, response: ServerResponse): void {
  if (method === 'GET') send(response, 200, JSON.stringify({ unused: faults.unused() }))
  else if (method === 'DELETE') {
    faults.clear()
    send(response, 200, done)
  } else add(faults, body, response)
}

function add(faults: Faults, body: string, response: ServerResponse): void {
  try {
    faults.add(parseJson(body))
    send(response, 200, done)
  } catch (error) {
    send(response, 400, JSON.stringify({ ok: false, error: error instanceof Error ? error.message : 'malformed' }))
  }
}
