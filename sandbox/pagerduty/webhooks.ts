import { createHmac, randomUUID } from 'node:crypto'
import type { Agent, IncidentEvent } from './incidents.ts'
import { incidentJson } from './json.ts'
import type { Incident } from './types.ts'

export type WebhookTarget = { readonly url: string; readonly secret: string }

const answerWithinMs = 5_000
const pausesMs = [500, 2_000, 5_000]

/**
 * V3 webhooks, at least once: whatever does not answer 2xx in 5 s is sent again with the same X-Webhook-Id.
 * @returns the function that sends one event, and one that gives up what is waiting.
 */
export function createWebhooks(target: WebhookTarget | undefined, base: () => string) {
  const ending = new AbortController()

  async function deliver(event: IncidentEvent, incident: Incident, agent: Agent): Promise<void> {
    if (!target) return
    const id = randomUUID()
    const body = JSON.stringify({
      event: {
        id,
        event_type: event,
        resource_type: 'incident',
        occurred_at: new Date().toISOString(),
        agent,
        client: null,
        data: incidentJson(incident, base()),
      },
    })
    for (const pause of [0, ...pausesMs]) {
      await wait(pause, ending.signal)
      if (ending.signal.aborted || (await post(target, id, body))) return
    }
  }

  async function post({ url, secret }: WebhookTarget, id: string, body: string): Promise<boolean> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        signal: AbortSignal.any([AbortSignal.timeout(answerWithinMs), ending.signal]),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'PagerDuty-Webhook/V3.0',
          'x-pagerduty-signature': signature(body, secret),
          'x-webhook-id': id,
          'x-webhook-subscription': 'PWHK001',
        },
      })
      await response.arrayBuffer()
      return response.ok
    } catch {
      return false
    }
  }

  return {
    send: (event: IncidentEvent, incident: Incident, agent: Agent) => void deliver(event, incident, agent),
    stop: () => ending.abort(),
  }
}

/** HMAC-SHA256 over the raw body, as `X-PagerDuty-Signature` carries it. */
const signature = (body: string, secret: string) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds === 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
