import { openDirect } from '../../services/slack/people.ts'
import { postEphemeral } from '../../services/slack/post.ts'
import { findMessage, rememberMessage } from '../../store/messages.ts'
import type { Claimed } from '../../store/outbox.ts'
import { findPerson } from '../../store/people.ts'
import { outcomeCard } from '../../texts/cards/outcome.ts'
import type { RunView } from '../../texts/views.ts'
import { runOwner, toldPrivately } from '../incident/owners.ts'
import { later } from '../later.ts'
import { ensureMessage } from '../message.ts'
import { type Delivered, done, type SlackContext } from '../types.ts'

/** Of no use to anybody after this long. */
const staleMs = 600_000

/**
 * A run that ended before it had a plan is told to whoever asked, in their language, where they asked; in a direct message
 * where the bot cannot speak. Slack has no way to look for an ephemeral message: an answer that was lost means a second one.
 */
export async function tellRequester(context: SlackContext, entry: Claimed, view: RunView): Promise<Delivered> {
  const { db, catalog } = context
  const { actor, id, origin, endedAt } = view.run
  const user = actor.slack
  if (user === undefined || Date.now() - (endedAt?.getTime() ?? Date.now()) > staleMs) return done
  if ((await findMessage(db, runOwner(id), toldPrivately)) !== undefined) return done
  const person = await findPerson(db, user)
  const look = { language: person?.language ?? origin.language, now: new Date() }
  const card = outcomeCard(view, catalog.channels.progress, look)
  if (origin.channel !== undefined) {
    const said = await postEphemeral(context.lanes.state, { ...card, channel: origin.channel, user })
    if (said.kind === 'ok') {
      await rememberMessage(db, { owner: runOwner(id), role: toldPrivately, channel: origin.channel, ts: '' })
      return done
    }
    const wait = later(said, entry)
    if (wait !== undefined) return wait
  }
  const direct = await openDirect(context.lanes.state, user)
  if (direct.kind !== 'ok') return later(direct, entry) ?? done
  const ensured = await ensureMessage(context, entry, {
    owner: runOwner(id),
    role: toldPrivately,
    channel: direct.value,
    card: () => card,
    state: 'told',
    since: view.run.createdAt,
  })
  return (ensured.kind === 'failed' ? later(ensured.failure, entry) : undefined) ?? done
}
