import type { IncomingMessage, ServerResponse } from 'node:http'
import { allows, denied, type Identity } from '../api/access.ts'
import { discovery } from '../api/discovery.ts'
import { openapi } from '../api/openapi.ts'
import type { Registry } from '../api/registry.ts'
import { send } from './respond.ts'
import { version } from './version.ts'

/** Answers what is no resource: health, version, discovery, schemas. @throws ApiError 403 */
export function general(
  registry: Registry,
  identity: Identity,
  method: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const what = { verb: method.toLowerCase(), path }
  if (!allows(registry.store, identity, what)) throw denied(identity, what)
  if (/^\/(healthz|readyz|livez)(\/|$)/.test(path)) sendText(response, 200, 'ok')
  else if (path === '/version') send(response, 200, JSON.stringify(version))
  else {
    const found = discovery(path, request.headers.accept ?? '') ?? schemaAt(path)
    if (found === undefined) sendText(response, 404, '404 page not found\n')
    else send(response, 200, JSON.stringify(found.body), found.contentType)
  }
}

function schemaAt(path: string): { body: object; contentType?: string } | undefined {
  const body = openapi(path)
  return body === undefined ? undefined : { body }
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
}
