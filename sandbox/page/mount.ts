import { sendJson, sendText } from '../http/answers.ts'
import type { Exchange, Server } from '../http/exchange.ts'
import { people } from '../people.ts'
import { contentSecurityPolicy, pageDocument } from './document.ts'
import { asset } from './modules.ts'

export type PageOptions = {
  readonly workspace?: string
  /** What each person may do, by the name that the workspace's calls use; shown beside the name. */
  readonly roles?: Readonly<Record<string, string>>
}

const sandboxRoles = Object.fromEntries(people.map((person) => [person.name, person.role]))

/**
 * Puts the page at `/`, its modules and styles at /client, /lib and /styles.
 * In the browser it speaks by /person, /panel and /scenarios of the same server, whoever mounts them;
 * what is not mounted shows as empty.
 */
export function mountPage(server: Pick<Server, 'mount'>, options: PageOptions = {}): void {
  const document = pageDocument(options.workspace ?? 'PortTrack', options.roles ?? sandboxRoles)
  server.mount('/', (exchange) => servePage(exchange, document))
}

async function servePage({ method, path, response }: Exchange, document: string): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD')
    return sendJson(response, { ok: false, error: 'method_not_allowed', allowed: ['GET'] }, 405)
  const headers = { 'content-security-policy': contentSecurityPolicy, 'referrer-policy': 'no-referrer' }
  if (path === '/') return sendText(response, document, 'text/html; charset=utf-8', 200, headers)
  const found = await asset(path)
  if (!found) return sendJson(response, { ok: false, error: 'not_found' }, 404)
  sendText(response, found.body, `${found.type}; charset=utf-8`)
}
