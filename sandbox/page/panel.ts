import { sendJson } from '../http/answers.ts'
import { readJson } from '../http/bodies.ts'
import type { Exchange } from '../http/exchange.ts'

type Bilingual = { readonly es: string; readonly en: string }

/** A button of the panel. `group` gathers buttons under one heading. */
export type PanelScenario = {
  readonly name: string
  readonly title: Bilingual
  readonly what: Bilingual
  readonly group?: string
}

/** Where the panel's data come from; what is absent shows its empty state. */
export type PanelSource = {
  /** JSON of the cluster's apps and pods (sandbox/porttrack/summary.ts). */
  readonly cluster?: () => Promise<unknown> | unknown
  /** JSON of who was paged (`pagingSummary` of sandbox/pagerduty). */
  readonly paging?: () => Promise<unknown> | unknown
  /** Somebody on call presses a button; answers a reason word when it could not be done. */
  readonly actOnIncident?: (id: string, action: 'acknowledge' | 'resolve', who: string) => string | undefined
}

const actions = ['acknowledge', 'resolve'] as const

/** GET /panel/cluster, GET /panel/paging, POST /panel/paging {id, action, who}. */
export async function answerPanel(exchange: Exchange, source: PanelSource): Promise<void> {
  const { method, rest, response } = exchange
  if (method === 'GET' && rest === 'cluster') return sendJson(response, { ok: true, cluster: (await source.cluster?.()) ?? null })
  if (method === 'GET' && rest === 'paging') return sendJson(response, { ok: true, paging: (await source.paging?.()) ?? null })
  if (method === 'POST' && rest === 'paging' && source.actOnIncident) return press(exchange, source.actOnIncident)
  sendJson(response, { ok: false, error: 'not_found' }, 404)
}

async function press({ request, response }: Exchange, act: NonNullable<PanelSource['actOnIncident']>): Promise<void> {
  const body = await readJson(request)
  const { id, action, who } = Object(body.ok ? body.value : {}) as Record<string, unknown>
  const known = actions.find((one) => one === action)
  if (!known) return sendJson(response, { ok: false, error: 'invalid', field: 'action', allowed: actions }, 400)
  if (typeof id !== 'string' || typeof who !== 'string')
    return sendJson(response, { ok: false, error: 'invalid', field: typeof id === 'string' ? 'who' : 'id', allowed: 'a string' }, 400)
  const reason = act(id, known, who)
  sendJson(response, reason === undefined ? { ok: true } : { ok: false, error: reason })
}
