import type { Catalog } from '../catalog/schema.ts'
import { showIncident, tellAnswer } from '../delivery/enqueue.ts'
import { type PageAnswer, readAnswers, readEmail } from '../services/pagerduty/answers.ts'
import type { PagerDutyFailure } from '../services/pagerduty/call.ts'
import { listIncidents, type RestTarget } from '../services/pagerduty/rest.ts'
import { appendAudit } from '../store/audit.ts'
import { type Tx, transaction } from '../store/db.ts'
import { addIncidentEntry, getIncident, incidentTimeline, runsOfIncident } from '../store/incidents.ts'
import { lockInTransaction } from '../store/locks.ts'
import type { Actor, IncidentEntry, IncidentRow } from '../store/types.ts'
import { endIncident } from './run/incident.ts'
import type { Services } from './services.ts'

/** Entries of the timeline that tell what people answered in PagerDuty; each holds the id of PagerDuty's own log entry. */
const kindOf: Readonly<Record<PageAnswer['kind'], string>> = { acknowledged: 'page_seen', resolved: 'page_closed' }

type Ground = Pick<Services, 'db' | 'catalog'>

/**
 * Brings back what people answered in PagerDuty to the calls of one incident: each answer is written down and told in its
 * channel once. A resolution there ends the incident here, unless a run of it still goes on or another call is open.
 * Safe to repeat, also by two replicas at once.
 * @returns why PagerDuty did not tell; undefined when it did
 */
export async function notePageAnswers(
  services: Ground,
  rest: RestTarget,
  incident: IncidentRow,
): Promise<PagerDutyFailure | undefined> {
  const pages = await listIncidents(rest, incident.key)
  if (pages.kind !== 'ok') return pages
  const known = answersIn(await incidentTimeline(services.db, incident.id))
  const over = pages.value.every(({ status }) => status === 'resolved')
  for (const page of pages.value.toReversed()) {
    // Nobody has touched it: its log holds nothing to tell.
    if (page.status === 'triggered' && known.size === 0) continue
    const answers = await readAnswers(rest, page.id)
    if (answers.kind !== 'ok') return answers
    for (const answer of answers.value)
      if (!known.has(answer.id)) await note(services, rest, incident, { answer, over, url: page.url })
  }
  return undefined
}

const answersIn = (timeline: readonly IncidentEntry[]): ReadonlySet<unknown> =>
  new Set(timeline.flatMap(({ data }) => (data['answer'] === undefined ? [] : [data['answer']])))

type Told = { readonly answer: PageAnswer; readonly over: boolean; readonly url: string | undefined }

async function note({ db, catalog }: Ground, rest: RestTarget, incident: IncidentRow, told: Told): Promise<void> {
  const { answer, url } = told
  const actor = await actorOf(catalog, rest, answer)
  await transaction(db, async (tx) => {
    await lockInTransaction(tx, `answers ${incident.id}`)
    if (answersIn(await incidentTimeline(tx, incident.id)).has(answer.id)) return
    const kind = kindOf[answer.kind]
    const data = { answer: answer.id, people: [actor.name], at: answer.at, ...(url === undefined ? {} : { url }) }
    await addIncidentEntry(tx, incident.id, { kind, actor, data })
    await appendAudit(tx, { kind, actor, data: { incident: incident.id, at: answer.at } })
    const end = answer.kind === 'resolved' ? await endOf(tx, incident, actor, told.over) : { kind: 'seen' as const }
    await tellAnswer(tx, incident.id, { id: answer.id, by: actor.name, ...end })
    await showIncident(tx, incident.id)
  })
}

type End =
  | { readonly kind: 'closed' }
  | { readonly kind: 'closed_other_open' }
  | { readonly kind: 'closed_busy'; readonly run: string }

/** What a resolution over there means here. */
async function endOf(tx: Tx, { id }: IncidentRow, by: Actor, over: boolean): Promise<End> {
  const busy = (await runsOfIncident(tx, id)).find((run) => run.state === 'confirmed' || run.state === 'running')
  if (busy !== undefined) return { kind: 'closed_busy', run: busy.id }
  if (!over) return { kind: 'closed_other_open' }
  if ((await getIncident(tx, id))?.state === 'open') await endIncident(tx, id, by)
  return { kind: 'closed' }
}

/** The person of the catalog with the same address; else as PagerDuty names them. */
async function actorOf(catalog: Catalog, rest: RestTarget, { user }: PageAnswer): Promise<Actor> {
  const email = await readEmail(rest, user.id)
  const found =
    email.kind === 'ok'
      ? Object.entries(catalog.people).find(
          ([, entry]) => entry.email !== undefined && entry.email.toLowerCase() === email.value.toLowerCase(),
        )
      : undefined
  if (found === undefined) return { kind: 'person', name: user.name }
  return { kind: 'person', name: found[0], slack: found[1].slack }
}
