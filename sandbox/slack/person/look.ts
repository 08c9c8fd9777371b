import { z } from 'zod'
import { bookmarkJson } from '../model/channel-shape.ts'
import { messageJson } from '../model/message-shape.ts'
import { repliesOf } from '../model/messages.ts'
import type { Channel, Json, Message, User } from '../model/types.ts'
import { viewJson } from '../model/view-shape.ts'
import { stackOf } from '../model/views.ts'
import { botUserId, type World } from '../model/world.ts'
import { bad, channelOf, isBad, type PersonAnswer, personOf } from './context.ts'

const shownAtMost = 500

export const userQuery = z.strictObject({ user: z.string() })
export const messagesQuery = z.strictObject({ user: z.string(), channel: z.string(), thread_ts: z.string().optional() })

/** A message as one person sees it: Slack's object and what only the page needs. */
export function personMessage(world: World, channel: Channel, message: Message, user: User): Json {
  const state = message.states.get(user.id)
  return {
    ...messageJson(world, channel, message),
    ...(message.ephemeralTo === undefined ? {} : { is_ephemeral: true }),
    ...(channel.pins.some((pin) => pin.ts === message.ts) ? { pinned: true } : {}),
    ...(state === undefined ? {} : { state: { values: state } }),
  }
}

export function channels(world: World, query: z.output<typeof userQuery>): PersonAnswer {
  const user = personOf(world, query.user)
  if (isBad(user)) return user
  const mine = [...world.channels.values()].filter(
    (channel) => channel.kind === 'public' || channel.members.has(user.id),
  )
  return { ok: true, channels: mine.map((channel) => channelFor(world, channel, user)) }
}

function channelFor(world: World, channel: Channel, user: User): Json {
  const lastRead = channel.lastRead.get(user.id) ?? ''
  const seen = [...channel.messages.values()].filter((message) => visible(message, user))
  const top = seen.filter((message) => message.threadTs === undefined || message.broadcast)
  const unread = top.filter((message) => message.ts > lastRead && message.user !== user.id && isSaid(message))
  const last = top.filter((message) => message.ephemeralTo === undefined).at(-1)
  return {
    id: channel.id,
    name: channel.kind === 'im' ? world.manifest.botName : channel.name,
    is_im: channel.kind === 'im',
    is_private: channel.kind === 'private',
    is_member: channel.members.has(user.id),
    is_archived: channel.archived,
    ...(channel.kind === 'im' ? { user: botUserId } : {}),
    topic: channel.topic.value,
    purpose: channel.purpose.value,
    members: [...channel.members],
    bookmarks: channel.bookmarks.map((bookmark) => bookmarkJson(world, channel, bookmark)),
    pinned: channel.pins.map((pin) => pin.ts),
    last_read: lastRead,
    unread: channel.members.has(user.id) ? unread.length : 0,
    mention_count: channel.members.has(user.id)
      ? unread.filter((message) => mentions(channel, message, user)).length
      : 0,
    last_message: last === undefined ? null : { ts: last.ts, user: last.user, text: last.text },
  }
}

/** Lines such as "joined" do not make a channel unread. */
const isSaid = (message: Message): boolean => message.subtype === undefined && message.ephemeralTo === undefined

const visible = (message: Message, user: User): boolean =>
  message.ephemeralTo === undefined || message.ephemeralTo === user.id

/** Blocks as one text; they are never changed in place, so that each list is written out once. */
const written = new WeakMap<object, string>()

function textOf(blocks: Message['blocks']): string {
  if (blocks === undefined) return ''
  const text = written.get(blocks) ?? JSON.stringify(blocks)
  written.set(blocks, text)
  return text
}

function mentions(channel: Channel, message: Message, user: User): boolean {
  if (channel.kind === 'im') return true
  const said = `${message.text}\n${textOf(message.blocks)}`
  return said.includes(`<@${user.id}`) || /<!(channel|here|everyone)/.test(said)
}

export function messages(world: World, query: z.output<typeof messagesQuery>): PersonAnswer {
  const user = personOf(world, query.user)
  if (isBad(user)) return user
  const channel = channelOf(world, user, query.channel)
  if (isBad(channel)) return channel
  const found = query.thread_ts === undefined ? inChannel(channel, user) : inThread(channel, user, query.thread_ts)
  if (found === undefined) return bad('thread_ts', 'the ts of a message in this channel', 'thread_not_found')
  return {
    ok: true,
    messages: found.slice(-shownAtMost).map((message) => personMessage(world, channel, message, user)),
  }
}

function inChannel(channel: Channel, user: User): Message[] {
  return [...channel.messages.values()].filter(
    (message) => visible(message, user) && (message.threadTs === undefined || message.broadcast),
  )
}

function inThread(channel: Channel, user: User, ts: string): Message[] | undefined {
  const parent = channel.messages.get(ts)
  if (parent === undefined) return undefined
  const own = [...channel.messages.values()].filter(
    (message) => message.ephemeralTo === user.id && message.threadTs === ts,
  )
  return [parent, ...[...repliesOf(channel, ts), ...own].sort((a, b) => (a.ts < b.ts ? -1 : 1))]
}

/** The open modal itself, also under `view`; `view: null` when none is open, which is sent as a bare `null`. */
export function view(world: World, query: z.output<typeof userQuery>): PersonAnswer {
  const user = personOf(world, query.user)
  if (isBad(user)) return user
  const open = stackOf(world.views, user.id).at(-1)
  if (open === undefined) return { ok: true, view: null }
  const shown = { ...viewJson(world, open), errors: open.errors }
  return { ...shown, ok: true, view: shown }
}
