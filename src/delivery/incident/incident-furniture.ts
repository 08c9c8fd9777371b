import { addBookmark, invite, pin, setPurpose, setTopic } from '../../services/slack/channels.ts'
import type { SlackResult } from '../../services/slack/errors.ts'
import { permalink } from '../../services/slack/post.ts'
import { findMessage, listMessages, rememberMessage } from '../../store/messages.ts'
import type { Claimed } from '../../store/outbox.ts'
import { incidentPurpose, incidentTopic } from '../../texts/cards/incident.ts'
import { inLanguage } from '../../texts/language.ts'
import type { IncidentView } from '../../texts/views.ts'
import { incidentWords } from '../../texts/words/incident.ts'
import { later } from '../later.ts'
import type { Delivered, SlackContext } from '../types.ts'
import { peopleOf } from './incident-view.ts'
import { incidentOwner, runOwner } from './owners.ts'

/** One thing to be done to a channel: `mark` remembers that it was, `value` what it was then; another value is done anew. */
type Piece = { readonly mark: string; readonly value?: string; readonly put: () => Promise<SlackResult<unknown>> }

/**
 * Topic, purpose, pinned card, people and bookmarks, each done once and again only when it changes. What Slack refuses is
 * logged and left: a missing bookmark must not keep an incident's news back.
 */
export async function furnish(
  context: SlackContext,
  entry: Claimed,
  view: IncidentView,
  channel: string,
): Promise<Delivered | undefined> {
  const { db, log } = context
  const owner = incidentOwner(view.incident.id)
  const done = new Map((await listMessages(db, owner)).map(({ role, ts }) => [role, ts]))
  const pieces = [...(await channelPieces(context, view, channel)), ...(await bookmarkPieces(context, view, channel))]
  for (const { mark, value, put } of pieces) {
    if (done.get(mark) === (value ?? '')) continue
    const result = await put()
    const wait = result.kind === 'ok' ? undefined : later(result, entry)
    if (wait !== undefined) return wait
    if (result.kind !== 'ok')
      log.warn(
        { incident: view.incident.id, what: mark, error: 'error' in result ? result.error : '' },
        'a part of the incident channel could not be made',
      )
    await rememberMessage(db, { owner, role: mark, channel, ts: value ?? '' })
  }
  return undefined
}

async function channelPieces(context: SlackContext, view: IncidentView, channel: string): Promise<readonly Piece[]> {
  const client = context.lanes.state
  const { language } = context.catalog
  const topic = incidentTopic(view, { language })
  const people = peopleOf(context, view)
  const invited = new Set(
    (await listMessages(context.db, incidentOwner(view.incident.id))).flatMap(({ role }) =>
      role.startsWith('invited:') ? role.slice(8).split(',') : [],
    ),
  )
  const missing = people.filter((user) => !invited.has(user))
  const card = await findMessage(context.db, incidentOwner(view.incident.id), 'card')
  return [
    { mark: 'purpose', put: () => setPurpose(client, channel, incidentPurpose(view, { language })) },
    ...(missing.length === 0
      ? []
      : [{ mark: `invited:${missing.join(',')}`, put: () => invite(client, channel, missing) }]),
    { mark: 'topic', value: topic, put: () => setTopic(client, channel, topic) },
    ...(card === undefined || card.channel !== channel
      ? []
      : [{ mark: 'pinned', value: card.ts, put: () => pin(client, channel, card.ts) }]),
  ]
}

async function bookmarkPieces(context: SlackContext, view: IncidentView, channel: string): Promise<readonly Piece[]> {
  const client = context.lanes.state
  const { catalog, db } = context
  const words = inLanguage(incidentWords, { language: catalog.language })
  const first = view.runs[0]
  const plan = first === undefined ? undefined : await findMessage(db, runOwner(first.id), 'card')
  const mark = (title: string, url: string): Piece => ({
    mark: `bookmark:${title}`,
    put: () => addBookmark(client, { channel, title, url }),
  })
  const link = async () => {
    if (plan === undefined) return { kind: 'ok', value: undefined } as const
    const found = await permalink(client, plan)
    return found.kind === 'ok'
      ? addBookmark(client, { channel, title: `${words.planLink} ${first?.id ?? ''}`, url: found.value })
      : found
  }
  const checks = view.incident.subject.kind === 'app' ? (catalog.apps[view.incident.subject.name]?.health ?? []) : []
  const { paging } = view
  return [
    ...(plan === undefined ? [] : [{ mark: 'bookmark:plan', put: link }]),
    ...(paging?.url === undefined ? [] : [mark('PagerDuty', paging.url)]),
    ...checks.slice(0, 2).map((check) => mark(`${view.incident.subject.name}: ${check.name}`, check.url)),
  ]
}
