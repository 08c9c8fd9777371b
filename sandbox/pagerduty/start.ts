import { type Answer, type Call, jsonObject, ok } from './answers.ts'
import { createDirectory } from './directory.ts'
import { enqueue } from './events.ts'
import { createFaults, type Faults, faultSchema } from './faults.ts'
import { agentOf, createIncidents } from './incidents.ts'
import { perMinute } from './rates.ts'
import { reportPage } from './report-page.ts'
import { answerRest } from './rest.ts'
import { listen, type Reply, spoiled } from './server.ts'
import { type PagingSummary, summaryOf } from './summary.ts'
import type { PagedPerson } from './types.ts'
import { createWebhooks, type WebhookTarget } from './webhooks.ts'

export type PagerDutyOptions = {
  readonly port?: number
  readonly routingKey: string
  readonly apiToken: string
  /** The email that the bot writes as; an account of its own when none of the people has it. */
  readonly from: string
  readonly people: readonly PagedPerson[]
  /** Escalation levels, by name; default: luis, then ana, as far as they exist, else the first two people. */
  readonly levels?: readonly (readonly string[])[]
  /** How long a level may stay silent before the next is called. */
  readonly escalateAfterMs?: number
  readonly webhook?: WebhookTarget
}

/** One request as it came; the routing key and the token are never kept. */
export type LoggedCall = {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: unknown
  readonly from: string | undefined
  readonly status: number | 'reset' | 'hang'
  readonly at: string
}

export type PagerDuty = {
  readonly url: string
  readonly faults: Faults
  readonly log: readonly LoggedCall[]
  /** While away every request is answered with 503 and HTML, as an outage is. */
  away(away: boolean): void
  pagingSummary(): PagingSummary
  /** Somebody on call presses a button. @returns why it could not be done, or undefined. */
  act(
    incidentId: string,
    action: 'acknowledge' | 'resolve',
    who: string,
  ): 'unknown_incident' | 'unknown_person' | 'already_resolved' | undefined
  stop(): Promise<void>
}

/**
 * A strict local PagerDuty: Events v2 and REST v2 on one port, V3 webhooks, and a page at its root that tells who was paged.
 * @throws Error when a level names nobody, or the port is taken.
 */
export async function startPagerDuty(options: PagerDutyOptions): Promise<PagerDuty> {
  const directory = createDirectory(options.people, options.from, options.levels ?? defaultLevels(options.people))
  const faults = createFaults()
  const log: LoggedCall[] = []
  let away = false
  let url = ''
  const webhooks = createWebhooks(options.webhook, () => url)
  const incidents = createIncidents(directory, options.escalateAfterMs ?? 60_000, webhooks.send)
  const eventRate = perMinute(120)
  const rest = { incidents, directory, apiToken: options.apiToken, rate: perMinute(960), onCallRate: perMinute(240) }
  const events = { routingKey: options.routingKey, incidents, rate: eventRate }
  const summary = () => summaryOf(incidents, directory, away)

  const own = (call: Call): Answer | undefined => {
    if (call.path === '/' && call.method === 'GET') return ok(reportPage(summary()))
    if (!call.path.startsWith('/sandbox/')) return undefined
    return control(call, faults, (value) => {
      away = value
    })
  }
  const usual = (call: Call, discard: boolean): Answer =>
    call.method === 'POST' && call.path === '/v2/enqueue'
      ? enqueue(call, events, discard)
      : answerRest(call, { ...rest, base: url })

  const server = await listen(options.port ?? 0, (call) => {
    const page = own(call)
    if (page) return page
    const fault = away ? undefined : faults.take(call.method, call.path)
    const reply: Reply = away
      ? { status: 503, body: '<html><body><h1>503 Service Unavailable</h1></body></html>' }
      : fault
        ? spoiled(fault, (discard) => usual(call, discard))
        : usual(call, false)
    log.push(logged(call, reply))
    return reply
  })
  url = server.url

  return {
    url,
    faults,
    log,
    away: (value) => {
      away = value
    },
    pagingSummary: summary,
    act: (id, action, who) => {
      const incident = incidents.byId(id)
      const user = directory.byKey(who)
      if (!incident) return 'unknown_incident'
      if (!user) return 'unknown_person'
      if (incident.status === 'resolved') return 'already_resolved'
      incidents.setStatus(incident, action === 'resolve' ? 'resolved' : 'acknowledged', agentOf(user), user)
      return undefined
    },
    stop: async () => {
      incidents.stop()
      webhooks.stop()
      await server.stop()
    },
  }
}

/** POST /sandbox/faults and /sandbox/away: what scenarios use over HTTP. */
function control(call: Call, faults: Faults, setAway: (away: boolean) => void): Answer {
  const body = jsonObject(call.body)
  if (call.method === 'POST' && call.path === '/sandbox/faults') {
    const fault = faultSchema.safeParse(body)
    if (!fault.success) return { status: 400, body: { ok: false, error: 'invalid_fault', issues: fault.error.issues } }
    faults.add(body as Parameters<Faults['add']>[0])
    return ok({ ok: true })
  }
  if (call.method === 'POST' && call.path === '/sandbox/away' && typeof body?.['away'] === 'boolean') {
    setAway(body['away'])
    return ok({ ok: true })
  }
  return {
    status: 404,
    body: { ok: false, error: 'not_found', allowed: ['POST /sandbox/faults', 'POST /sandbox/away'] },
  }
}

function logged(call: Call, reply: Reply): LoggedCall {
  const body = jsonObject(call.body)
  if (body && 'routing_key' in body) body['routing_key'] = '(hidden)'
  return {
    method: call.method,
    path: call.path,
    query: call.query.toString(),
    body,
    from: call.headers['from'],
    status: 'broken' in reply ? reply.broken : reply.status,
    at: new Date().toISOString(),
  }
}

function defaultLevels(people: readonly PagedPerson[]): string[][] {
  const keys = people.map((person) => person.name)
  const preferred = ['luis', 'ana'].filter((key) => keys.includes(key))
  return (preferred.length === 2 ? preferred : keys.slice(0, 2)).map((key) => [key])
}
