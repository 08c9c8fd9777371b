import { reviewersOf } from '../catalog/reviewers.ts'
import { getIncident } from '../store/incidents.ts'
import type { Claimed } from '../store/outbox.ts'
import { findReview } from '../store/reviews.ts'
import { getRun } from '../store/runs.ts'
import { reviewCard, reviewReminderCard } from '../texts/cards/review.ts'
import type { ReviewView } from '../texts/views.ts'
import { reviewOwner } from './incident/owners.ts'
import { laterOrNever } from './later.ts'
import { ensureMessage, type Wanted } from './message.ts'
import { runIdIn } from './run/run-cards.ts'
import { type Delivered, done, type SlackContext } from './types.ts'

/**
 * Brings the review of a run to its present state: one card in the operations channel, and below it, once, the reminder.
 * The operations channel, because the incident's own may be over and archived when somebody comes to it.
 */
export async function deliverReview(context: SlackContext, entry: Claimed): Promise<Delivered> {
  const id = runIdIn(entry)
  const view = id === undefined ? undefined : await readReviewView(context, id)
  if (view === undefined) return done
  const { review, run } = view
  const look = { language: context.catalog.language, now: new Date() }
  const common = { owner: reviewOwner(run.id), channel: context.catalog.channels.operations, since: review.requestedAt }
  const shown: Wanted = {
    ...common,
    role: 'card',
    card: () => reviewCard(view, look),
    state: JSON.stringify([review.verdict, review.remindedAt, run.undoneBy, view.incident?.channel]),
  }
  const card = await ensureMessage(context, entry, shown)
  if (card.kind === 'failed') return laterOrNever(card.failure, entry) ?? done
  if (review.remindedAt === undefined || review.verdict !== undefined) return done
  const reminder = await ensureMessage(context, entry, {
    ...common,
    role: 'reminder',
    threadTs: card.place.ts,
    card: () => reviewReminderCard(view, look),
    state: 'said',
    since: review.remindedAt,
  })
  return (reminder.kind === 'failed' ? laterOrNever(reminder.failure, entry) : undefined) ?? done
}

async function readReviewView(
  { db, catalog }: SlackContext,
  id: ReviewView['run']['id'],
): Promise<ReviewView | undefined> {
  const [run, review] = await Promise.all([getRun(db, id), findReview(db, id)])
  if (run === undefined || review === undefined) return undefined
  const incident = run.incidentId === undefined ? undefined : await getIncident(db, run.incidentId)
  return { run, review, incident, reviewers: reviewersOf(catalog, review.actors) }
}
