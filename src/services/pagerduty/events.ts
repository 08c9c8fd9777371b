import { z } from 'zod'
import { call, type PagerDutyResult } from './call.ts'

export type EventsTarget = {
  /** Base of the Events API, such as https://events.pagerduty.com. */
  readonly eventsUrl: string
  readonly routingKey: string
}

export type Trigger = {
  /** Stable for one incident: a repeated trigger is the same page. At most 255 characters. */
  readonly dedupKey: string
  /** Read aloud by telephone. Longer than 1024 it would be refused and nobody paged, so it is cut. */
  readonly summary: string
  readonly source: string
  readonly severity: 'critical' | 'error' | 'warning' | 'info'
  readonly component?: string
  readonly group?: string
  readonly details?: Readonly<Record<string, unknown>>
  readonly links?: readonly { readonly href: string; readonly text: string }[]
  readonly clientUrl?: string
}

const longestSummary = 1024
const accepted = z.object({ status: z.string(), dedup_key: z.string().optional() })

/** Asks for a page. `ok` means accepted, not that anybody was called: `findIncident` tells that. */
export async function trigger(target: EventsTarget, event: Trigger): Promise<PagerDutyResult<undefined>> {
  return send(target, {
    event_action: 'trigger',
    dedup_key: event.dedupKey,
    client: 'rescue',
    ...(event.clientUrl === undefined ? {} : { client_url: event.clientUrl }),
    ...(event.links === undefined ? {} : { links: event.links }),
    payload: {
      summary: cutSummary(event.summary),
      source: event.source === '' ? 'rescue' : event.source,
      severity: event.severity,
      timestamp: new Date().toISOString(),
      ...(event.component === undefined ? {} : { component: event.component }),
      ...(event.group === undefined ? {} : { group: event.group }),
      ...(event.details === undefined ? {} : { custom_details: event.details }),
    },
  })
}

/** Ends the page. For a key that is unknown or closed PagerDuty does nothing and says nothing. */
export async function resolve(target: EventsTarget, dedupKey: string): Promise<PagerDutyResult<undefined>> {
  return send(target, { event_action: 'resolve', dedup_key: dedupKey })
}

async function send(target: EventsTarget, event: object): Promise<PagerDutyResult<undefined>> {
  const url = `${target.eventsUrl.replace(/\/$/, '')}/v2/enqueue`
  const sent = await call({ url, method: 'post', data: { routing_key: target.routingKey, ...event } }, accepted)
  return sent.kind === 'ok' ? { kind: 'ok', value: undefined } : sent
}

/** By characters, so that no half of a surrogate pair is left; PagerDuty counts characters. */
function cutSummary(summary: string): string {
  const clean = summary.replace(/\s+/g, ' ').trim() || 'rescue'
  if (clean.length <= longestSummary) return clean
  let kept = ''
  for (const character of clean) {
    if (kept.length + character.length > longestSummary - 1) break
    kept += character
  }
  return `${kept}…`
}
