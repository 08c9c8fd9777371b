import type { Catalog } from '../../catalog/schema.ts'
import type { Place } from '../../services/slack/post.ts'
import { findMessage, listMessages } from '../../store/messages.ts'
import type { Claimed, OutboxEntry } from '../../store/outbox.ts'
import type { RunId, StepRow } from '../../store/types.ts'
import { stepsOf } from '../../texts/cards/progress.ts'
import { threadLogCard } from '../../texts/cards/thread.ts'
import type { Look } from '../../texts/language.ts'
import type { RunView } from '../../texts/views.ts'
import { runOwner } from '../incident/owners.ts'
import { later } from '../later.ts'
import { ensureMessage } from '../message.ts'
import { type Delivered, done, type SlackContext } from '../types.ts'
import { readRunView } from './run-view.ts'
import { deliverEvidence } from './thread-evidence.ts'

/** Has the thread below a run brought up to date. A lane of its own: a slow file must not hold up the run's card. */
export function threadEntry(run: RunId): OutboxEntry {
  return { to: 'slack', lane: `thread/${run}`, key: `thread/${run}`, kind: 'thread', payload: { run }, coalesce: true }
}

/** The details below a run's message: a line for each finished step, and at the end the evidence as a file. */
export async function deliverThread(context: SlackContext, entry: Claimed, run: RunId): Promise<Delivered> {
  const view = await readRunView(context, run)
  if (view === undefined) return done
  const { db } = context
  const owner = runOwner(run)
  const look = { language: context.catalog.language, now: new Date() }
  const nothing = finished(view).length === 0 && (view.run.state !== 'ended' || view.evidence.length === 0)
  if (nothing) return done
  const parent = await parentOf(context, view)
  if (parent === undefined && awaitsIncident(view, context.catalog, look.now))
    return { kind: 'later', seconds: 0.3, error: 'no message in the incident channel yet', away: false }
  const below = parent ?? (await findMessage(db, owner, 'card'))
  if (below === undefined) return done
  return (
    (await deliverLog(context, entry, view, below, look)) ??
    (await deliverEvidence(context, entry, view, below, look)) ??
    done
  )
}

/** A thread is whole: what has begun below the card goes on there, also when an incident gets its channel later. */
async function parentOf({ db }: SlackContext, { run }: RunView): Promise<Place | undefined> {
  const owner = runOwner(run.id)
  const all = await listMessages(db, owner)
  const [progress, card] = ['progress', 'card'].map((role) => all.find((message) => message.role === role))
  const begun = all.find(({ role }) => role.startsWith('log:'))
  return begun !== undefined && begun.channel === card?.channel ? card : progress
}

/** How long a thread waits for the message in the incident's channel. */
const channelMs = 20_000

/**
 * The thread belongs below the message in the incident's channel, which is about to be there: the incident is opened by the
 * first act, and its channel is made then. Pure.
 */
export function awaitsIncident({ run, incident }: RunView, catalog: Catalog, now: Date): boolean {
  const since = Math.max(run.confirmedAt?.getTime() ?? 0, incident?.openedAt.getTime() ?? 0)
  if (now.getTime() - since >= channelMs) return false
  if (incident !== undefined) return incident.channel !== undefined || incident.state === 'open'
  // It has one whose channel could not be made, or it ended without ever needing one.
  if (run.incidentId !== undefined || run.state === 'ended') return false
  const app = run.subject.kind === 'app' ? catalog.apps[run.subject.name] : undefined
  return app?.incident === 'always'
}

/** Steps that are over, in order; those that were not needed only once the run has ended. */
function finished(view: RunView): readonly StepRow[] {
  const ended = view.run.state === 'ended'
  return stepsOf(view).filter(({ state }) => state === 'done' || state === 'failed' || (ended && state === 'skipped'))
}

async function deliverLog(
  context: SlackContext,
  entry: Claimed,
  view: RunView,
  parent: Place,
  look: Look,
): Promise<Delivered | undefined> {
  const over = finished(view)
  const owner = runOwner(view.run.id)
  const told = (await listMessages(context.db, owner)).map(({ role }) => Number(/^log:(\d+)$/.exec(role)?.[1] ?? 0))
  const from = Math.max(0, ...told)
  if (over.length <= from) return undefined
  const last = context.memory.shown(`${owner}/log`)
  const early = view.run.state === 'ended' || last === undefined ? 0 : last.at + context.progressMs - Date.now()
  if (early > 0) return { kind: 'later', seconds: early / 1000, error: 'a little later, with more', away: false }
  const ensured = await ensureMessage(context, entry, {
    owner,
    role: `log:${over.length}`,
    channel: parent.channel,
    threadTs: parent.ts,
    card: () => threadLogCard(view, over.slice(from), look),
    state: 'log',
    since: view.run.createdAt,
  })
  if (ensured.kind === 'failed') return later(ensured.failure, entry)
  context.memory.show(`${owner}/log`, { content: '', state: '', at: Date.now() })
  return undefined
}
