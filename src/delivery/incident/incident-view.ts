import { getIncident, incidentTimeline, runsOfIncident } from '../../store/incidents.ts'
import type { RunRow } from '../../store/types.ts'
import type { IncidentView } from '../../texts/views.ts'
import { pagingOf } from '../run/run-view.ts'
import type { Context } from '../types.ts'

/** An incident as it is now; undefined when the store does not have it. */
export async function readIncidentView(context: Context, id: string): Promise<IncidentView | undefined> {
  const { db, catalog } = context
  const incident = await getIncident(db, id)
  if (incident === undefined) return undefined
  const [runs, timeline] = await Promise.all([runsOfIncident(db, id), incidentTimeline(db, id)])
  const lead = leaderOf(runs)
  const app = incident.subject.kind === 'app' ? catalog.apps[incident.subject.name] : undefined
  return {
    incident,
    runs,
    owners: app?.owners ?? [],
    commander: lead?.slack ?? lead?.name,
    commanderName: lead?.name,
    paging: pagingOf(timeline),
    environment:
      app?.environment ??
      (incident.subject.kind === 'database' ? catalog.databases[incident.subject.name]?.environment : undefined),
  }
}

/** Whoever confirmed last leads. */
function leaderOf(runs: readonly RunRow[]): RunRow['actor'] | undefined {
  const people = runs.flatMap((run) => [run.actor, ...(run.confirmedBy === undefined ? [] : [run.confirmedBy])])
  return (
    runs.findLast((run) => run.confirmedBy?.kind === 'person')?.confirmedBy ??
    people.findLast((actor) => actor.kind === 'person')
  )
}

/** Slack ids of everybody who belongs into the channel: owners, and whoever asked or confirmed. */
export function peopleOf(context: Context, view: IncidentView): readonly string[] {
  const owners = view.owners.flatMap((name) => context.catalog.people[name]?.slack ?? [])
  const actors = view.runs.flatMap((run) => [run.actor.slack ?? [], run.confirmedBy?.slack ?? []].flat())
  return [...new Set([...owners, ...actors])]
}
