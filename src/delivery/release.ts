import { findMessage } from '../store/messages.ts'
import type { Claimed } from '../store/outbox.ts'
import { leftCard, notedCard } from '../texts/cards/automatic.ts'
import { dataIn, textIn } from '../texts/data.ts'
import { runOwner } from './incident/owners.ts'
import { laterOrNever } from './later.ts'
import { ensureMessage } from './message.ts'
import { runIdIn } from './run/run-cards.ts'
import { type Delivered, done, type SlackContext } from './types.ts'

/** Tells of a bad release that is left to people: in the operations channel, or below the card of the run that works on it. */
export async function deliverRelease(context: SlackContext, entry: Claimed): Promise<Delivered> {
  const look = { language: context.catalog.language, now: new Date() }
  const { payload } = entry
  const left = {
    release: dataIn(payload, 'release'),
    reason: textIn(payload, 'reason'),
    detail: dataIn(payload, 'detail'),
  }
  const run = runIdIn(entry)
  const place = run === undefined ? undefined : await findMessage(context.db, runOwner(run), 'card')
  // Where the run has no card, whoever works on it sees the release themselves.
  if (run !== undefined && place === undefined) return done
  const ensured = await ensureMessage(context, entry, {
    owner: entry.key,
    role: 'message',
    channel: place?.channel ?? context.catalog.channels.operations,
    ...(place === undefined ? {} : { threadTs: place.ts }),
    card: () => (run === undefined ? leftCard(left, look) : notedCard(left, look)),
    state: 'said',
    since: entry.waitingSince,
  })
  return (ensured.kind === 'failed' ? laterOrNever(ensured.failure, entry) : undefined) ?? done
}
