import { api } from '@pagerduty/pdjs'
import { type PagerDuty, type PagerDutyOptions, startPagerDuty } from '../../../sandbox/pagerduty/start.ts'

export const routingKey = 'R0123456789ABCDEF0123456789ABCDE'
export const apiToken = 'u+local-token'
export const from = 'rescue@porttrack.example'

/** A server of its own for one scenario; with PagerDuty's own client in front of it. */
export async function pagerduty(options: Partial<PagerDutyOptions> = {}) {
  const server = await startPagerDuty({
    routingKey,
    apiToken,
    from,
    people: [
      { name: 'ana', realName: 'Ana Ruiz', email: 'ana@porttrack.example' },
      { name: 'luis', realName: 'Luis Vega', email: 'luis@porttrack.example', phone: '+34 600 555 123' },
    ],
    ...options,
  })
  const call = (path: string, rest: { method?: string; data?: object; headers?: Record<string, string> } = {}) =>
    api({ url: `${server.url}${path}`, token: apiToken, signal: AbortSignal.timeout(5000), ...rest })
  return {
    server,
    call,
    write: (method: string, path: string, data: object) => call(path, { method, data, headers: { From: from } }),
    enqueue: (event: object) => call('/v2/enqueue', { method: 'POST', data: { routing_key: routingKey, ...event } }),
    [Symbol.asyncDispose]: () => server.stop(),
  }
}

export const trigger = (key: string, payload: object = {}) => ({
  event_action: 'trigger',
  dedup_key: key,
  payload: { summary: 'porttrack-app is down', source: 'rescue', severity: 'critical', ...payload },
})

/** Asks again until it holds. @throws Error after 5 s. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export const pagedOf = (server: PagerDuty) =>
  server.pagingSummary().incidents.map((one) => ({ status: one.status, paged: one.pages.map((page) => page.key) }))
