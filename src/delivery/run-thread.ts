import type { Place } from '../services/slack/post.ts'
import { findMessage, listMessages } from '../store/messages.ts'
import type { Claimed, OutboxEntry } from '../store/outbox.ts'
import type { RunId, StepRow } from '../store/types.ts'
import { stepsOf } from '../texts/cards/progress.ts'
import { threadLogCard } from '../texts/cards/thread.ts'
import type { Look } from '../texts/language.ts'
import type { RunView } from '../texts/views.ts'
import { later } from './later.ts'
import { ensureMessage } from './message.ts'
import { runOwner } from './owners.ts'
import { comesSoon } from './presenter.ts'
import { readRunView } from './run-view.ts'
import { deliverEvidence } from './thread-evidence.ts'
import { type Delivered, done, type SlackContext } from './types.ts'

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
  const progress = await findMessage(db, owner, 'progress')
  // The thread belongs below the message in the incident's channel, which comes in a moment.
  if (progress === undefined && comesSoon(view, look.now))
    return { kind: 'later', seconds: 0.2, error: 'no message in the incident channel yet', away: false }
  const parent = progress ?? (await findMessage(db, owner, 'card'))
  if (parent === undefined) return done
  return (
    (await deliverLog(context, entry, view, parent, look)) ??
    (await deliverEvidence(context, entry, view, parent, look)) ??
    done
  )
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
