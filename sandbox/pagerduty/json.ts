import { names, policyId, serviceId } from './directory.ts'
import type { Incident, LogEntry, Note, User } from './types.ts'

/** The shapes of REST v2, made from the book of incidents. `base` is this server's own URL. */

const reference = (type: string, id: string, summary: string, path: string, base: string) => ({
  id,
  type: `${type}_reference`,
  summary,
  self: `${base}/${path}/${id}`,
  html_url: `${base}/${path}/${id}`,
})

export const serviceReference = (base: string) => reference('service', serviceId, names.service, 'services', base)
export const policyReference = (base: string) =>
  reference('escalation_policy', policyId, names.policy, 'escalation_policies', base)
export const userReference = (user: User, base: string) => reference('user', user.id, user.name, 'users', base)

export const contactMethods = (user: User) => [
  { id: `${user.id}P`, type: 'phone_contact_method', summary: 'Mobile', label: 'Mobile', ...phone(user) },
  { id: `${user.id}E`, type: 'email_contact_method', summary: 'Work', label: 'Work', address: user.email },
]

export const userJson = (user: User, base: string, withContacts: boolean) => ({
  ...userReference(user, base),
  type: 'user',
  name: user.name,
  email: user.email,
  time_zone: user.timeZone,
  role: 'user',
  contact_methods: withContacts
    ? contactMethods(user)
    : contactMethods(user).map(({ id, type, summary }) => ({ id, type: `${type}_reference`, summary })),
})

export const incidentJson = (incident: Incident, base: string) => ({
  ...reference('incident', incident.id, `[#${incident.number}] ${incident.title}`, 'incidents', base),
  type: 'incident',
  incident_number: incident.number,
  title: incident.title,
  description: incident.title,
  created_at: incident.createdAt,
  updated_at: incident.changedAt,
  status: incident.status,
  incident_key: incident.key,
  urgency: incident.urgency,
  resolved_at: incident.resolvedAt ?? null,
  service: serviceReference(base),
  escalation_policy: policyReference(base),
  assignments: incident.assigned.map((user) => ({ at: incident.changedAt, assignee: userReference(user, base) })),
  acknowledgements: incident.acknowledgedBy
    ? [{ at: incident.acknowledgedBy.at, acknowledger: userReference(incident.acknowledgedBy.user, base) }]
    : [],
  last_status_change_at: incident.changedAt,
  alert_counts: {
    all: 1,
    triggered: incident.status === 'resolved' ? 0 : 1,
    resolved: incident.status === 'resolved' ? 1 : 0,
  },
  is_mergeable: true,
  pending_actions: [],
  teams: [],
})

export const noteJson = (note: Note, base: string) => ({
  id: note.id,
  content: note.content,
  created_at: note.at,
  user: userReference(note.user, base),
  channel: { summary: 'The PagerDuty website or APIs' },
})

export const logEntryJson = (entry: LogEntry, incident: Incident, base: string) => ({
  ...reference('log_entry', entry.id, entry.summary, 'log_entries', base),
  type: entry.type,
  created_at: entry.at,
  agent: { ...entry.agent, self: null, html_url: null },
  channel: { type: 'auto' },
  service: serviceReference(base),
  incident: reference('incident', incident.id, incident.title, 'incidents', base),
})

const phone = (user: User) => {
  const [country = '+34', ...rest] = user.phone.split(' ')
  return { country_code: Number(country.replace('+', '')), address: rest.join('') }
}
