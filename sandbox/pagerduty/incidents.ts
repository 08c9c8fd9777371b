import { randomBytes } from 'node:crypto'
import type { Directory } from './directory.ts'
import type { Incident, LogEntry, PageReason, Severity, Status, User } from './types.ts'

/** What happened to an incident, in the words of V3 webhooks. */
export type IncidentEvent =
  | 'incident.triggered'
  | 'incident.acknowledged'
  | 'incident.unacknowledged'
  | 'incident.escalated'
  | 'incident.reassigned'
  | 'incident.reopened'
  | 'incident.resolved'
  | 'incident.annotated'
  | 'incident.responder.added'

export type Trigger = {
  readonly key: string
  readonly summary: string
  readonly source: string
  readonly severity: Severity
  readonly client: string | undefined
  readonly clientUrl: string | undefined
  readonly details: unknown
}

export type Agent = LogEntry['agent']

/** The book of incidents. Every change goes through here, so that nobody is paged without a line in the log. */
export type Incidents = ReturnType<typeof createIncidents>

/**
 * @param escalateAfterMs how long an unacknowledged level keeps the incident before the next one is called.
 * @param changed hears of every change, for webhooks.
 */
export function createIncidents(
  directory: Directory,
  escalateAfterMs: number,
  changed: (event: IncidentEvent, incident: Incident, agent: Agent) => void,
) {
  const all: Incident[] = []
  const timers = new Map<string, NodeJS.Timeout>()
  const openByKey = (key: string) => all.find((incident) => incident.key === key && incident.status !== 'resolved')

  function note(incident: Incident, type: string, summary: string, agent: Agent) {
    incident.changedAt = new Date().toISOString()
    incident.log.push({ id: newId('R'), type, summary, at: incident.changedAt, agent })
  }

  function page(incident: Incident, users: readonly User[], reason: PageReason) {
    for (const user of users) {
      incident.pages.push({ user, level: incident.level, at: new Date().toISOString(), reason })
      note(incident, 'notify_log_entry', `Notified ${user.name} by push and phone`, agentOf(user))
    }
  }

  function assign(incident: Incident, level: number, reason: PageReason) {
    incident.level = level
    incident.assigned = [...(directory.levels[level - 1] ?? [])]
    const names = incident.assigned.map((user) => user.name).join(', ')
    note(incident, 'assign_log_entry', `Assigned to ${names}`, serviceAgent)
    page(incident, incident.assigned, reason)
    waitForAnswer(incident)
  }

  function waitForAnswer(incident: Incident) {
    clearTimeout(timers.get(incident.id))
    if (incident.level >= directory.levels.length) return
    const timer = setTimeout(() => escalate(incident, incident.level + 1, serviceAgent), escalateAfterMs)
    timer.unref()
    timers.set(incident.id, timer)
  }

  function escalate(incident: Incident, level: number, agent: Agent) {
    note(incident, 'escalate_log_entry', `Escalated to level ${level}`, agent)
    if (incident.status === 'acknowledged') incident.status = 'triggered'
    incident.acknowledgedBy = undefined
    assign(incident, level, 'escalated')
    changed('incident.escalated', incident, agent)
  }

  /** A new incident, or the open one with this key, which swallows the event and pages nobody again. */
  function trigger(event: Trigger): Incident {
    const open = openByKey(event.key)
    if (open) {
      open.events += 1
      note(open, 'trigger_log_entry', event.summary, serviceAgent)
      return open
    }
    const incident = newIncident(event, all.length + 1)
    all.push(incident)
    note(incident, 'trigger_log_entry', event.summary, serviceAgent)
    assign(incident, 1, 'triggered')
    changed('incident.triggered', incident, serviceAgent)
    return incident
  }

  /**
   * Acknowledges, resolves, or brings back to `triggered`. A resolved incident that is not resolved again is reopened.
   * @returns false when the incident was resolved already (PagerDuty's error 1001).
   */
  function setStatus(incident: Incident, status: Status, agent: Agent, by: User | undefined): boolean {
    if (incident.status === 'resolved' && status === 'resolved') return false
    const reopened = incident.status === 'resolved'
    if (!reopened && incident.status === status) return true
    clearTimeout(timers.get(incident.id))
    incident.status = status
    incident.resolvedAt = status === 'resolved' ? new Date().toISOString() : undefined
    incident.acknowledgedBy = status === 'acknowledged' && by ? { user: by, at: new Date().toISOString() } : undefined
    if (reopened) note(incident, 'reopen_log_entry', 'Reopened', agent)
    if (status === 'resolved') incident.assigned = []
    if (status === 'acknowledged' && by) incident.assigned = [by]
    if (status === 'triggered') assign(incident, 1, reopened ? 'reopened' : 'triggered')
    else
      note(
        incident,
        `${status === 'resolved' ? 'resolve' : 'acknowledge'}_log_entry`,
        `${status} by ${agent.summary}`,
        agent,
      )
    changed(reopened ? 'incident.reopened' : eventOf(status), incident, agent)
    return true
  }

  function addNote(incident: Incident, content: string, user: User) {
    const added = { id: newId('N'), content, user, at: new Date().toISOString() }
    incident.notes.push(added)
    note(incident, 'annotate_log_entry', content, agentOf(user))
    changed('incident.annotated', incident, agentOf(user))
    return added
  }

  function askToHelp(incident: Incident, users: readonly User[], requester: User) {
    note(
      incident,
      'responder_request_for_escalation_policy_log_entry',
      `${requester.name} asked for help`,
      agentOf(requester),
    )
    page(incident, users, 'asked_to_help')
    changed('incident.responder.added', incident, agentOf(requester))
  }

  return {
    all: all as readonly Incident[],
    openByKey,
    byId: (id: string) => all.find((incident) => incident.id === id || String(incident.number) === id),
    trigger,
    setStatus,
    escalate,
    addNote,
    askToHelp,
    stop: () => {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

export const serviceAgent: Agent = { type: 'service_reference', id: 'PSVC001', summary: 'Events API' }
export const agentOf = (user: User): Agent => ({ type: 'user_reference', id: user.id, summary: user.name })

const newId = (prefix: string) => prefix + randomBytes(6).toString('hex').toUpperCase()

const eventOf = (status: Status): IncidentEvent =>
  status === 'resolved'
    ? 'incident.resolved'
    : status === 'acknowledged'
      ? 'incident.acknowledged'
      : 'incident.unacknowledged'

function newIncident(event: Trigger, number: number): Incident {
  const now = new Date().toISOString()
  return {
    id: newId('Q'),
    number,
    key: event.key,
    title: event.summary,
    status: 'triggered',
    severity: event.severity,
    urgency: event.severity === 'info' || event.severity === 'warning' ? 'low' : 'high',
    source: event.source,
    client: event.client,
    clientUrl: event.clientUrl,
    details: event.details,
    createdAt: now,
    changedAt: now,
    resolvedAt: undefined,
    level: 1,
    assigned: [],
    acknowledgedBy: undefined,
    log: [],
    notes: [],
    pages: [],
    events: 1,
  }
}
