import { type Answer, type Call, restErrors } from './answers.ts'
import { escalationPolicies, onCalls, services, users } from './directory-routes.ts'
import { addNote, askResponders, listIncidents, putIncident, type RestDeps, readIncident } from './incident-routes.ts'
import type { Rate } from './rates.ts'
import type { User } from './types.ts'

const accept = 'application/vnd.pagerduty+json;version=2'

export type RestOptions = RestDeps & {
  readonly apiToken: string
  readonly rate: (key: string) => Rate
  readonly onCallRate: (key: string) => Rate
}

/** One request of REST v2: who asks, how often, then what. Unknown routes are 404. */
export function answerRest(call: Call, options: RestOptions): Answer {
  if (call.headers['authorization'] !== `Token token=${options.apiToken}`) return restErrors.unauthenticated()
  if (call.headers['accept']?.replaceAll(' ', '') !== accept) return restErrors.notAcceptable()
  // /oncalls has a limit of its own, and its refusal carries no ratelimit headers.
  if (call.path === '/oncalls' && !options.onCallRate('oncalls').allowed) return restErrors.tooMany()
  const rate = options.rate(options.apiToken)
  const headers = {
    'ratelimit-limit': String(rate.limit),
    'ratelimit-remaining': String(rate.remaining),
    'ratelimit-reset': String(rate.resetSeconds),
  }
  const answer = rate.allowed ? route(call, options) : restErrors.tooMany()
  return { ...answer, headers }
}

function route(call: Call, options: RestOptions): Answer {
  const [, kind, id, rest, ...more] = call.path.split('/')
  if (more.length > 0) return restErrors.notFound()
  if (kind === 'incidents') return incidentRoute(call, id, rest, options)
  if (call.method !== 'GET') return restErrors.notFound()
  if (kind === 'oncalls' && id === undefined) return onCalls(call, options)
  if (kind === 'users') return users(call, id, rest, options)
  if (kind === 'escalation_policies' && rest === undefined) return escalationPolicies(call, id, options)
  if (kind === 'services' && rest === undefined) return services(call, id, options)
  return restErrors.notFound()
}

function incidentRoute(call: Call, id: string | undefined, rest: string | undefined, options: RestOptions): Answer {
  if (id === undefined) return call.method === 'GET' ? listIncidents(call, options) : restErrors.notFound()
  const incident = options.incidents.byId(id)
  if (!incident) return restErrors.notFound()
  if (call.method === 'GET') return readIncident(incident, rest, call, options)
  const from = fromUser(call, options)
  if ('status' in from) return from
  if (call.method === 'PUT' && rest === undefined) return putIncident(incident, call, from, options)
  if (call.method === 'POST' && rest === 'notes') return addNote(incident, call, from, options)
  if (call.method === 'POST' && rest === 'responder_requests') return askResponders(incident, call, from, options)
  return restErrors.notFound()
}

/** Writes say in the From header for whom they act. */
function fromUser(call: Call, { directory }: RestOptions): User | Answer {
  const from = call.headers['from']
  if (from === undefined || from === '') return restErrors.noFrom()
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(from)) return restErrors.malformedFrom()
  return directory.byEmail(from) ?? restErrors.unknownFrom()
}
