import { type Answer, type Call, isRecord, jsonObject, ok, restErrors } from './answers.ts'
import type { Directory } from './directory.ts'
import { agentOf, type Incidents } from './incidents.ts'
import { incidentJson, logEntryJson, noteJson, userReference } from './json.ts'
import { listAnswer } from './paging.ts'
import type { Incident, Status, User } from './types.ts'

export type RestDeps = { readonly incidents: Incidents; readonly directory: Directory; readonly base: string }

const maxNotes = 2000
const month = 31 * 24 * 3_600_000
const statuses: readonly string[] = ['triggered', 'acknowledged', 'resolved']

/** GET /incidents: the last month by default, oldest first; `incident_key`, `statuses[]`, `since`, `until`, `date_range=all`. */
export function listIncidents(call: Call, { incidents, base }: RestDeps): Answer {
  const wanted = call.query.getAll('statuses[]')
  const wrong = wanted.find((status) => !statuses.includes(status))
  if (wrong !== undefined) return restErrors.invalid(`Statuses[] must be one of ${statuses.join(', ')}.`)
  const all = call.query.get('date_range') === 'all'
  const since = Date.parse(call.query.get('since') ?? new Date(Date.now() - month).toISOString())
  const until = Date.parse(call.query.get('until') ?? '9999-01-01')
  if (Number.isNaN(since) || Number.isNaN(until)) return restErrors.invalid('Since and until must be ISO 8601 dates.')
  const key = call.query.get('incident_key')
  const users = call.query.getAll('user_ids[]')
  const found = incidents.all.filter(
    (incident) =>
      (key === null || incident.key === key) &&
      (wanted.length === 0 || wanted.includes(incident.status)) &&
      (users.length === 0 || incident.assigned.some((user) => users.includes(user.id))) &&
      (all || (Date.parse(incident.createdAt) >= since && Date.parse(incident.createdAt) < until)),
  )
  if (call.query.get('sort_by') === 'created_at:desc') found.reverse()
  return listAnswer(
    'incidents',
    found.map((incident) => incidentJson(incident, base)),
    call.query,
  )
}

/** Reads below one incident. */
export function readIncident(incident: Incident, rest: string | undefined, call: Call, { base }: RestDeps): Answer {
  if (rest === undefined) return ok({ incident: incidentJson(incident, base) })
  if (rest === 'notes') return ok({ notes: incident.notes.map((note) => noteJson(note, base)) })
  if (rest === 'log_entries')
    return listAnswer(
      'log_entries',
      incident.log.toReversed().map((entry) => logEntryJson(entry, incident, base)),
      call.query,
    )
  return restErrors.notFound()
}

/** PUT /incidents/ID: status, escalation_level, title. */
export function putIncident(incident: Incident, call: Call, from: User, deps: RestDeps): Answer {
  const wanted = jsonObject(call.body)?.['incident']
  if (!isRecord(wanted) || !/^incident(_reference)?$/.test(String(wanted['type'])))
    return restErrors.invalid('Incident must be an object with type incident_reference.')
  const { status, escalation_level: level, title } = wanted
  if (status !== undefined && !statuses.includes(String(status)))
    return restErrors.invalid(`Status must be one of ${statuses.join(', ')}.`)
  if (level !== undefined && (typeof level !== 'number' || !deps.directory.levels[level - 1]))
    return restErrors.invalid(`Escalation level must be between 1 and ${deps.directory.levels.length}.`)
  if (level !== undefined && incident.status === 'resolved') return restErrors.alreadyResolved()
  if (title !== undefined && (typeof title !== 'string' || title.trim() === ''))
    return restErrors.invalid('Title must not be blank.')
  if (status !== undefined && !deps.incidents.setStatus(incident, status as Status, agentOf(from), from))
    return restErrors.alreadyResolved()
  if (typeof level === 'number') deps.incidents.escalate(incident, level, agentOf(from))
  if (typeof title === 'string') incident.title = title
  return ok({ incident: incidentJson(incident, deps.base) })
}

/** POST /incidents/ID/notes: at most 2000 an incident. */
export function addNote(incident: Incident, call: Call, from: User, { incidents, base }: RestDeps): Answer {
  const note = jsonObject(call.body)?.['note']
  const content = isRecord(note) ? note['content'] : undefined
  if (typeof content !== 'string' || content.trim() === '') return restErrors.invalid('Note content must not be blank.')
  if (incident.notes.length >= maxNotes) return restErrors.invalid(`An incident has at most ${maxNotes} notes.`)
  return ok({ note: noteJson(incidents.addNote(incident, content, from), base) })
}

/** POST /incidents/ID/responder_requests: calls people beside those who are assigned. */
export function askResponders(incident: Incident, call: Call, from: User, deps: RestDeps): Answer {
  const body = jsonObject(call.body)
  const requester = deps.directory.byId(String(body?.['requester_id']))
  if (!requester) return restErrors.invalid('Requester not found.')
  const message = body?.['message']
  if (typeof message !== 'string' || message.trim() === '') return restErrors.invalid('Message must not be blank.')
  const asked = targetsOf(body?.['responder_request_targets'], deps.directory)
  if (!asked) return restErrors.invalid('Responder request targets must name users or escalation policies that exist.')
  deps.incidents.askToHelp(incident, asked, from)
  return ok({
    responder_request: {
      incident: incidentJson(incident, deps.base),
      requester: userReference(requester, deps.base),
      requested_at: new Date().toISOString(),
      message,
      responder_request_targets: asked.map((user) => ({
        responder_request_target: { ...userReference(user, deps.base), incident_responders: [] },
      })),
    },
  })
}

function targetsOf(targets: unknown, directory: Directory): User[] | undefined {
  if (!Array.isArray(targets) || targets.length === 0) return undefined
  const users: User[] = []
  for (const one of targets) {
    const target = isRecord(one) && isRecord(one['responder_request_target']) ? one['responder_request_target'] : {}
    const policy = String(target['type']).startsWith('escalation_policy')
    const found = policy ? directory.levels[0]?.[0] : directory.byId(String(target['id']))
    if (!found) return undefined
    users.push(found)
  }
  return users
}
