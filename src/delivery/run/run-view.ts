import { decisionOfRun } from '../../store/automatic.ts'
import type { Db } from '../../store/db.ts'
import { listEvidence } from '../../store/evidence.ts'
import { getIncident, incidentTimeline } from '../../store/incidents.ts'
import { findMessage } from '../../store/messages.ts'
import { findReview } from '../../store/reviews.ts'
import { getRun } from '../../store/runs.ts'
import { listSteps } from '../../store/steps.ts'
import type { IncidentEntry, IncidentRow, RunId } from '../../store/types.ts'
import type { PagingView, RunView } from '../../texts/views.ts'
import { incidentOwner, noChannel } from '../incident/owners.ts'
import type { Context } from '../types.ts'

/** A run as it is now, with everything that its cards tell; undefined when the store no longer has it. */
export async function readRunView(context: Context, id: RunId): Promise<RunView | undefined> {
  const { db, ruleOf } = context
  const run = await getRun(db, id)
  if (run === undefined) return undefined
  const [steps, evidence, incident, review, release, paging] = await Promise.all([
    listSteps(db, id),
    listEvidence(db, id),
    run.incidentId === undefined ? undefined : getIncident(db, run.incidentId),
    run.risk === 'break-glass' ? findReview(db, id) : undefined,
    run.actor.kind === 'watcher' ? decisionOfRun(db, id) : undefined,
    run.incidentId === undefined || run.outcome?.kind !== 'failed' ? undefined : readPaging(db, run.incidentId),
  ])
  return {
    run,
    steps,
    evidence: evidence.map((item) => item.name),
    incident: incident === undefined ? undefined : await reachable(db, incident),
    inIncident: false,
    ...(ruleOf === undefined ? {} : { rule: ruleOf(run) }),
    ...(paging === undefined ? {} : { paging }),
    ...(review === undefined ? {} : { review }),
    ...(release === undefined ? {} : { release }),
  }
}

/** An incident whose channel could not be made is told in the run's own card. */
async function reachable(db: Db, incident: IncidentRow): Promise<IncidentRow | undefined> {
  if (incident.channel !== undefined) return incident
  const given = await findMessage(db, incidentOwner(incident.id), noChannel)
  return given === undefined ? incident : undefined
}

/** What is known of calling people for an incident. */
export async function readPaging(db: Db, incident: string): Promise<PagingView | undefined> {
  return pagingOf(await incidentTimeline(db, incident))
}

const states: Readonly<Record<string, PagingView['state']>> = {
  page_sent: 'sent',
  paged: 'confirmed',
  page_failed: 'failed',
  page_unconfirmed: 'unconfirmed',
  page_seen: 'acknowledged',
  page_closed: 'resolved',
  page_resolved: 'resolved',
  page_off: 'off',
}

/** From the timeline: the last word on paging, with the names and the address of the last one that had them. Pure. */
export function pagingOf(timeline: readonly IncidentEntry[]): PagingView | undefined {
  const told = timeline.filter((entry) => Object.hasOwn(states, entry.kind))
  const last = told.at(-1)
  const state = last === undefined ? undefined : states[last.kind]
  if (last === undefined || state === undefined) return undefined
  const named = told.findLast((entry) => Array.isArray(entry.data['people']))?.data
  const people = named?.['people']
  const url = named?.['url']
  const why = last.data['why']
  return {
    state,
    people: Array.isArray(people) ? people.map(String) : [],
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof why === 'string' ? { why } : {}),
  }
}
