import { openDirect } from '../services/slack/people.ts'
import type { Claimed } from '../store/outbox.ts'
import { findPerson } from '../store/people.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import type { Notice } from '../texts/notices.ts'
import { later } from './later.ts'
import { ensureMessage } from './message.ts'
import { type Delivered, done, type SlackContext } from './types.ts'

/** Something for one person, in private; dropped when it is too old to be of use. */
export async function deliverDirect(context: SlackContext, entry: Claimed): Promise<Delivered> {
  const { user, until } = entry.payload
  const notice = noticeIn(entry)
  if (typeof user !== 'string' || notice === undefined || isOver(until)) return done
  const direct = await openDirect(context.lanes.state, user)
  if (direct.kind !== 'ok') return later(direct, entry) ?? done
  const person = await findPerson(context.db, user)
  return say(context, entry, direct.value, notice, person?.language)
}

async function say(
  context: SlackContext,
  entry: Claimed,
  channel: string,
  notice: Notice,
  language: 'es' | 'en' | undefined,
): Promise<Delivered> {
  const look = { language: language ?? context.catalog.language, now: new Date() }
  const ensured = await ensureMessage(context, entry, {
    owner: entry.key,
    role: 'message',
    channel,
    card: () => noticeCard(notice, look),
    state: 'said',
    since: entry.waitingSince,
  })
  return (ensured.kind === 'failed' ? later(ensured.failure, entry) : undefined) ?? done
}

const isOver = (until: unknown): boolean => typeof until === 'string' && Date.parse(until) <= Date.now()

/** What this program wrote into the outbox itself; an entry of a form that is no longer known is dropped. */
function noticeIn(entry: Claimed): Notice | undefined {
  const { notice } = entry.payload
  return typeof notice === 'object' && notice !== null && 'kind' in notice ? (notice as Notice) : undefined
}
