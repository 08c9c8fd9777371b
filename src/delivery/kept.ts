import type { Claimed } from '../store/outbox.ts'
import { keptDropCard } from '../texts/cards/kept.ts'
import { laterOrNever } from './later.ts'
import { ensureMessage } from './message.ts'
import { type Delivered, done, type SlackContext } from './types.ts'

/** That what a restore has put aside will be dropped, some hours before. */
export async function deliverKept(context: SlackContext, entry: Claimed): Promise<Delivered> {
  const look = { language: context.catalog.language, now: new Date() }
  const ensured = await ensureMessage(context, entry, {
    owner: entry.key,
    role: 'message',
    channel: context.catalog.channels.operations,
    card: () => keptDropCard(entry.payload, look),
    state: 'said',
    since: entry.waitingSince,
  })
  return (ensured.kind === 'failed' ? laterOrNever(ensured.failure, entry) : undefined) ?? done
}
