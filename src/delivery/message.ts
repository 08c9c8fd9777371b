import type { SlackFailure, SlackResult } from '../services/slack/errors.ts'
import { findPosted, type Place, postMessage, updateMessage } from '../services/slack/post.ts'
import { findMessage, forgetMessage, rememberMessage } from '../store/messages.ts'
import type { Claimed } from '../store/outbox.ts'
import { type Card, card, section } from '../texts/blocks.ts'
import { mrkdwn } from '../texts/escape.ts'
import type { SlackContext } from './types.ts'

export type Wanted = {
  /** `run/R-0042` */
  readonly owner: string
  /** Which of the owner's messages. */
  readonly role: string
  readonly channel: string
  readonly threadTs?: string
  /** @param movedFrom the channel where it should have been */
  readonly card: (movedFrom: string | undefined) => Card
  /** Changes with every change of state; the same means mere progress. */
  readonly state: string
  /** Not looked for earlier than this when it may have been posted already. */
  readonly since: Date
}

export type Ensured =
  | { readonly kind: 'there'; readonly place: Place; readonly posted: boolean }
  /** Mere progress, too early: shown again after `ms`. */
  | { readonly kind: 'early'; readonly ms: number; readonly place: Place }
  | { readonly kind: 'failed'; readonly failure: SlackFailure }

/** Posts a message once, or edits the one that is there; elsewhere when its channel is closed. */
export async function ensureMessage(context: SlackContext, entry: Claimed, wanted: Wanted): Promise<Ensured> {
  const { db } = context
  const known = await findMessage(db, wanted.owner, wanted.role)
  if (known === undefined) return postNew(context, entry, wanted)
  const movedFrom = known.channel === wanted.channel ? undefined : wanted.channel
  const card = wanted.card(isOperations(context, known.channel) ? movedFrom : undefined)
  const edited = await edit(context, known, card, wanted)
  if (edited.kind !== 'failed' || edited.failure.kind !== 'gone') return edited
  context.log.info(
    { owner: wanted.owner, role: wanted.role, error: edited.failure.error },
    'a message is gone; posting it anew',
  )
  await forgetMessage(db, wanted.owner, wanted.role)
  return postNew(context, entry, wanted)
}

const isOperations = (context: SlackContext, channel: string): boolean =>
  channel === context.catalog.channels.operations

async function edit(context: SlackContext, known: Place, card: Card, wanted: Wanted): Promise<Ensured> {
  const { memory, lanes } = context
  const key = keyOf(wanted)
  const place = { channel: known.channel, ts: known.ts }
  const content = JSON.stringify([place, card.blocks])
  const shown = memory.shown(key)
  if (shown?.content === content) return { kind: 'there', place, posted: false }
  const progressOnly = shown !== undefined && shown.state === wanted.state
  const now = Date.now()
  if (progressOnly) {
    const wait = Math.max(shown.at + context.progressMs, memory.progressPausedUntil) - now
    if (wait > 0) return { kind: 'early', ms: wait, place }
  }
  const edited = await withoutBlocks(card, (message) =>
    updateMessage(progressOnly ? lanes.progress : lanes.state, place, message),
  )
  if (edited.kind === 'rate_limited' && progressOnly) {
    memory.progressPausedUntil = now + edited.retryAfterSeconds * 1000
    return { kind: 'early', ms: edited.retryAfterSeconds * 1000 + 50, place }
  }
  if (edited.kind !== 'ok') return { kind: 'failed', failure: edited }
  memory.show(key, { content, state: wanted.state, at: Date.now() })
  return { kind: 'there', place, posted: false }
}

const keyOf = (wanted: Pick<Wanted, 'owner' | 'role'>): string => `${wanted.owner}/${wanted.role}`

async function postNew(context: SlackContext, entry: Claimed, wanted: Wanted): Promise<Ensured> {
  const first = await postTo(context, entry, wanted, wanted.channel, undefined)
  const { operations } = context.catalog.channels
  if (first.kind !== 'gone' || wanted.channel === operations) return remembered(context, wanted, first)
  context.log.warn(
    { channel: wanted.channel, error: first.error },
    'a channel is closed to the bot; using the operations channel',
  )
  // A thread belongs to its channel: elsewhere it is a message of its own.
  return remembered(context, wanted, await postTo(context, entry, withoutThread(wanted), operations, wanted.channel))
}

type Posted = SlackResult<{
  readonly place: Place
  readonly movedFrom: string | undefined
  /** Undefined: it was there from an earlier attempt, and may show an earlier state. */
  readonly content: string | undefined
}>

async function postTo(
  context: SlackContext,
  entry: Claimed,
  wanted: Wanted,
  channel: string,
  movedFrom: string | undefined,
): Promise<Posted> {
  const client = context.lanes.state
  const key = keyOf(wanted)
  const place = { channel, key, ...(wanted.threadTs === undefined ? {} : { threadTs: wanted.threadTs }) }
  // An earlier attempt may have arrived although its answer did not.
  if (entry.attempts > 1) {
    const found = await findPosted(client, place, wanted.since)
    if (found.kind !== 'ok') return found
    if (found.value !== undefined) return { kind: 'ok', value: { place: found.value, movedFrom, content: undefined } }
  }
  const card = wanted.card(movedFrom)
  const posted = await withoutBlocks(card, (message) => postMessage(client, { ...place, ...message }))
  if (posted.kind !== 'ok') return posted
  const content = JSON.stringify([posted.value, card.blocks])
  return { kind: 'ok', value: { place: posted.value, movedFrom, content } }
}

async function remembered(context: SlackContext, wanted: Wanted, posted: Posted): Promise<Ensured> {
  if (posted.kind !== 'ok') return { kind: 'failed', failure: posted }
  const { place, movedFrom, content } = posted.value
  await rememberMessage(context.db, { owner: wanted.owner, role: wanted.role, channel: place.channel, ts: place.ts })
  if (content === undefined) return edit(context, place, wanted.card(movedFrom), wanted)
  // A post is no edit: the first edit may follow at once.
  context.memory.show(keyOf(wanted), { content, state: wanted.state, at: 0 })
  return { kind: 'there', place, posted: true }
}

function withoutThread({ threadTs: _threadTs, ...wanted }: Wanted): Wanted {
  return wanted
}

/**
 * A card that Slack does not take (a block that this workspace does not know) is told as plain text: the message matters more than
 * its form.
 */
async function withoutBlocks<T>(card: Card, send: (message: Card) => Promise<SlackResult<T>>): Promise<SlackResult<T>> {
  const sent = await send(card)
  const formal =
    sent.kind === 'refused' &&
    /^(invalid_blocks|invalid_blocks_format|msg_blocks_too_long|msg_too_long|invalid_arguments)$/.test(sent.error)
  return formal ? send(plainCard(card)) : sent
}

function plainCard(whole: Card): Card {
  return card(mrkdwn`${whole.text.slice(0, 2500)}`, [section(mrkdwn`${whole.text.slice(0, 2500)}`)])
}
