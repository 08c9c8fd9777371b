import { randomBytes } from 'node:crypto'
import { type Answer, type Call, isRecord, jsonObject } from './answers.ts'
import { type Incidents, serviceAgent } from './incidents.ts'
import type { Rate } from './rates.ts'
import type { Severity } from './types.ts'

const maxBody = 512 * 1024
const actions = ['trigger', 'acknowledge', 'resolve']
const severities = ['critical', 'error', 'warning', 'info']

type Deps = { readonly routingKey: string; readonly incidents: Incidents; readonly rate: (key: string) => Rate }

/**
 * POST /v2/enqueue of the Events API v2: accepted with 202 before anything is known of paging.
 * @param discard the event is accepted and then lost, as happens there.
 */
export function enqueue(call: Call, { routingKey, incidents, rate }: Deps, discard = false): Answer {
  if (Buffer.byteLength(call.body) > maxBody) return { status: 413, body: refusal(['Event is larger than 512 KB']) }
  const event = jsonObject(call.body)
  if (!event) return invalid(['JSON is invalid'])
  const faults = faultsOf(event)
  if (faults.length > 0) return invalid(faults)

  const action = String(event['event_action'])
  const key = String(event['dedup_key'] ?? randomBytes(16).toString('hex'))
  if (!rate(String(event['routing_key'])).allowed) return throttled
  const known = event['routing_key'] === routingKey
  if (action === 'trigger' && !known) return invalid(['Invalid routing key'])
  if (known && !discard) act(action, key, event, incidents)
  return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: key } }
}

/** Acknowledging or resolving what is unknown or closed is dropped without a word, as PagerDuty does. */
function act(action: string, key: string, event: Record<string, unknown>, incidents: Incidents) {
  if (action === 'trigger') {
    const payload = isRecord(event['payload']) ? event['payload'] : {}
    incidents.trigger({
      key,
      summary: String(payload['summary']),
      source: String(payload['source']),
      severity: payload['severity'] as Severity,
      client: textOf(event['client']),
      clientUrl: textOf(event['client_url']),
      details: payload['custom_details'],
    })
    return
  }
  const incident = incidents.openByKey(key)
  if (incident)
    incidents.setStatus(incident, action === 'resolve' ? 'resolved' : 'acknowledged', serviceAgent, undefined)
}

/** Every fault at once, in PagerDuty's manner. */
function faultsOf(event: Record<string, unknown>): string[] {
  const faults: string[] = []
  const routingKey = event['routing_key']
  if (!filled(routingKey)) faults.push("'routing_key' is missing or blank")
  else if (routingKey.length !== 32) faults.push("Length of 'routing_key' is incorrect (should be 32 characters)")
  const action = event['event_action']
  if (!filled(action)) faults.push("'event_action' is missing or blank")
  else if (!actions.includes(action))
    faults.push("'event_action' is invalid (must be one of: 'trigger', 'acknowledge' or 'resolve')")
  const key = event['dedup_key']
  if (key === undefined ? action !== 'trigger' : !filled(key)) faults.push("'dedup_key' is missing or blank")
  else if (filled(key) && key.length > 255) faults.push("Length of 'dedup_key' is greater than 255 characters")
  if (action === 'trigger') faults.push(...payloadFaults(event['payload']), ...extrasFaults(event))
  return faults
}

function payloadFaults(payload: unknown): string[] {
  if (!isRecord(payload)) return ["'payload' is missing or blank"]
  const faults: string[] = []
  for (const field of ['summary', 'source', 'severity'])
    if (!filled(payload[field])) faults.push(`'payload.${field}' is missing or blank`)
  const { summary, severity, timestamp } = payload
  if (filled(summary) && summary.length > 1024)
    faults.push("Length of 'payload.summary' is greater than 1024 characters")
  if (filled(severity) && !severities.includes(severity))
    faults.push("'payload.severity' is invalid (must be one of: 'critical', 'error', 'warning' or 'info')")
  if (timestamp !== undefined && !(filled(timestamp) && !Number.isNaN(Date.parse(timestamp))))
    faults.push("'payload.timestamp' is invalid (must be an ISO 8601 timestamp)")
  for (const field of ['component', 'group', 'class'])
    if (payload[field] !== undefined && typeof payload[field] !== 'string')
      faults.push(`'payload.${field}' is not a string`)
  return faults
}

function extrasFaults(event: Record<string, unknown>): string[] {
  const faults: string[] = []
  for (const [field, needed] of [
    ['links', 'href'],
    ['images', 'src'],
  ] as const) {
    const list = event[field]
    if (list === undefined) continue
    if (!Array.isArray(list) || list.some((one) => !isRecord(one) || !filled(one[needed])))
      faults.push(`'${field}' is invalid (each needs '${needed}')`)
  }
  for (const field of ['client', 'client_url'])
    if (event[field] !== undefined && typeof event[field] !== 'string') faults.push(`'${field}' is not a string`)
  return faults
}

const filled = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''
const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
const refusal = (errors: readonly string[]) => ({ status: 'invalid event', message: 'Event object is invalid', errors })
const invalid = (errors: readonly string[]): Answer => ({ status: 400, body: refusal(errors) })
const throttled: Answer = {
  status: 429,
  body: {
    status: 'throttle exceeded',
    message: 'Requests for this service are arriving too quickly. Please retry later.',
    errors: ['Enhance Your Calm.'],
  },
}
