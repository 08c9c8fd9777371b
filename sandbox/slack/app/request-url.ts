import { createHmac } from 'node:crypto'
import type { Clock, Json } from '../model/types.ts'
import type { Attempt, Delivered, Envelope, Link } from './delivery.ts'

export type RequestUrlOptions = {
  readonly url: () => string
  readonly signingSecret: string
  readonly clock: Clock
  /** How long an ack may take. */
  readonly ackWithinMs: number
}

/** HTTP mode: each payload is posted to the app's URL, signed as Slack signs (v0, HMAC-SHA256 of time and body). */
export function createRequestUrl({ url, signingSecret, clock, ackWithinMs }: RequestUrlOptions): Link {
  const stopping = new AbortController()
  return {
    deliver: async (envelope, attempt) => {
      const { contentType, body } = encoded(envelope)
      const time = String(Math.floor(clock() / 1000))
      const signature = createHmac('sha256', signingSecret).update(`v0:${time}:${body}`).digest('hex')
      try {
        const response = await fetch(url(), {
          method: 'POST',
          body,
          redirect: 'manual',
          headers: {
            'content-type': contentType,
            'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
            'x-slack-request-timestamp': time,
            'x-slack-signature': `v0=${signature}`,
            ...retryHeaders(attempt),
          },
          signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(ackWithinMs)]),
        })
        const text = await response.text()
        return response.ok ? { kind: 'acked', payload: payloadOf(text) } : { kind: 'refused', status: response.status }
      } catch (error) {
        return {
          kind: error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'unreachable',
        } satisfies Delivered
      }
    },
    stop: () => stopping.abort(),
  }
}

function retryHeaders(attempt: Attempt | undefined): Record<string, string> {
  if (attempt === undefined || attempt.number === 0) return {}
  return { 'x-slack-retry-num': String(attempt.number), 'x-slack-retry-reason': attempt.reason }
}

function encoded({ type, payload }: Envelope): { readonly contentType: string; readonly body: string } {
  if (type === 'events_api') return { contentType: 'application/json', body: JSON.stringify(payload) }
  const form = type === 'interactive' ? { payload: JSON.stringify(payload) } : stringFields(payload)
  return { contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() }
}

function stringFields(payload: Json): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)]))
}

/** A slash command may be answered with plain text. */
function payloadOf(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return { text }
  }
}
