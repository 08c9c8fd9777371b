import { z } from 'zod'
import type { Bot } from './bot.ts'
import { sendJson } from './http/answers.ts'
import { readJson } from './http/bodies.ts'
import type { Server } from './http/exchange.ts'
import type { PagerDuty } from './pagerduty/start.ts'
import { clusterSummary } from './porttrack/summary.ts'

const press = z.strictObject({ incident: z.string(), action: z.enum(['acknowledge', 'resolve']), user: z.string() })

/** What the side panel of the page shows: the cluster, the paging, the bot's process. */
export function mountPanel(
  server: Server,
  world: { readonly kubeconfig: string; readonly pagerduty: PagerDuty; readonly bots: readonly Bot[] },
): void {
  server.mount('/panel/cluster', async ({ response }) =>
    sendJson(response, await clusterSummary({ kubeconfig: world.kubeconfig })),
  )
  server.mount('/panel/paging', async (exchange) => {
    if (exchange.method === 'GET') return sendJson(exchange.response, world.pagerduty.pagingSummary())
    const body = await readJson(exchange.request)
    const asked = press.safeParse(body.ok ? body.value : undefined)
    if (!asked.success)
      return sendJson(
        exchange.response,
        {
          ok: false,
          error: 'bad_input',
          field: String(asked.error.issues[0]?.path[0] ?? ''),
          allowed: ['acknowledge', 'resolve'],
        },
        400,
      )
    const refused = world.pagerduty.act(asked.data.incident, asked.data.action, asked.data.user)
    return sendJson(
      exchange.response,
      refused === undefined ? { ok: true } : { ok: false, error: refused },
      refused === undefined ? 200 : 409,
    )
  })
  server.mount('/sandbox/bot', async (exchange) => {
    if (exchange.method === 'POST' && exchange.rest === 'kill') world.bots[0]?.kill()
    return sendJson(exchange.response, { bots: world.bots.map((bot) => ({ pid: bot.pid(), health: bot.health })) })
  })
}
