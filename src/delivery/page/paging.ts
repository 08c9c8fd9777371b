import { z } from 'zod'
import { getIncident } from '../../store/incidents.ts'
import type { Claimed } from '../../store/outbox.ts'
import { type AnswerView, pageAnswerCard, pageBackCard, pagingFailedCard } from '../../texts/cards/paging.ts'
import { laterOrNever } from '../later.ts'
import { ensureMessage } from '../message.ts'
import { patienceMs } from '../presenter.ts'
import { readPaging } from '../run/run-view.ts'
import { type Delivered, done, type SlackContext } from '../types.ts'

/** Says in the incident's channel that calling people failed, with the numbers to call by hand; that it works again; or who answered. */
export async function deliverPaging(context: SlackContext, entry: Claimed): Promise<Delivered> {
  const { payload } = entry
  const incident = await getIncident(context.db, String(payload['incident'] ?? ''))
  if (incident === undefined) return done
  // Its channel is about to be there; whoever should call must not wait for it long.
  if (incident.channel === undefined && Date.now() - entry.waitingSince.getTime() < patienceMs)
    return { kind: 'later', seconds: 0.3, error: 'no channel yet', away: false }
  const now = await readPaging(context.db, incident.id)
  const back = payload['back'] === true
  // Only what is still true: a page that arrived meanwhile needs no telephone.
  const answer = answerIn(payload['answer'])
  const failing = now?.state === 'failed' || now?.state === 'unconfirmed' || now?.state === 'off'
  if (!back && answer === undefined && !failing) return done
  const look = { language: context.catalog.language, now: new Date() }
  const view = {
    why: typeof payload['why'] === 'string' ? payload['why'] : '',
    phones: phonesIn(payload['phones']),
    accepted: now?.state === 'unconfirmed',
  }
  const ensured = await ensureMessage(context, entry, {
    owner: entry.key,
    role: 'message',
    channel: incident.channel ?? context.catalog.channels.operations,
    card: () =>
      answer !== undefined ? pageAnswerCard(answer, look) : back ? pageBackCard(look) : pagingFailedCard(view, look),
    state: 'said',
    since: entry.waitingSince,
  })
  return (ensured.kind === 'failed' ? laterOrNever(ensured.failure, entry) : undefined) ?? done
}

function phonesIn(value: unknown): readonly { readonly name: string; readonly phone: string }[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((each: unknown) =>
    typeof each === 'object' && each !== null && 'name' in each && 'phone' in each
      ? [{ name: String(each.name), phone: String(each.phone) }]
      : [],
  )
}

const answerSchema = z.object({
  by: z.string(),
  kind: z.enum(['seen', 'closed', 'closed_busy', 'closed_other_open']),
  run: z.string().optional(),
})

/** What was written into the outbox; an entry of a form that is no longer known tells no answer. */
function answerIn(value: unknown): AnswerView | undefined {
  const read = answerSchema.safeParse(value).data
  return read === undefined ? undefined : { by: read.by, kind: read.kind, run: read.run }
}
