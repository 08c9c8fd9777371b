import { sendJson, sendText } from '../http/answers.ts'
import type { Exchange, Server } from '../http/exchange.ts'
import { contentSecurityPolicy, pageDocument } from './document.ts'
import { asset } from './modules.ts'
import { answerPanel, type PanelScenario, type PanelSource } from './panel.ts'

export type PageOptions = {
  readonly panel?: PanelSource
  readonly scenarios?: {
    readonly list: () => readonly PanelScenario[]
    /** Runs one by name. @throws Error whose message a person may read. */
    readonly run: (name: string) => Promise<void>
  }
  /** Shown in the page's side bar. */
  readonly workspace?: { readonly name: string; readonly roles: Readonly<Record<string, string>> }
}

/**
 * Puts the page at `/`, its modules at /client and /lib, its panel at /panel, and, when given, scenarios at /scenarios.
 * The page speaks with the workspace by the calls of /person, on the same server.
 */
export function mountPage(server: Pick<Server, 'mount'>, options: PageOptions = {}): void {
  server.mount('/', servePage)
  server.mount('/panel', (exchange) => {
    if (exchange.rest === 'workspace')
      return sendJson(exchange.response, { ok: true, workspace: options.workspace ?? null })
    return answerPanel(exchange, options.panel ?? {})
  })
  const { scenarios } = options
  if (scenarios) server.mount('/scenarios', (exchange) => answerScenarios(exchange, scenarios))
}

async function servePage({ method, path, response }: Exchange): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') return sendJson(response, { ok: false, error: 'method_not_allowed' }, 405)
  const headers = { 'content-security-policy': contentSecurityPolicy, 'referrer-policy': 'no-referrer' }
  if (path === '/') return sendText(response, pageDocument, 'text/html; charset=utf-8', 200, headers)
  const found = await asset(path)
  if (!found) return sendJson(response, { ok: false, error: 'not_found' }, 404)
  sendText(response, found.body, `${found.type}; charset=utf-8`)
}

async function answerScenarios(
  { method, rest, response }: Exchange,
  { list, run }: NonNullable<PageOptions['scenarios']>,
): Promise<void> {
  if (method === 'GET' && rest === '') return sendJson(response, { ok: true, scenarios: list() })
  if (method !== 'POST') return sendJson(response, { ok: false, error: 'not_found' }, 404)
  const names = list().map((one) => one.name)
  if (!names.includes(rest)) return sendJson(response, { ok: false, error: 'unknown_scenario', allowed: names }, 404)
  try {
    await run(rest)
    sendJson(response, { ok: true })
  } catch (error) {
    sendJson(response, { ok: false, error: 'scenario_failed', message: error instanceof Error ? error.message : '' }, 500)
  }
}
