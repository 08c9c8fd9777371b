import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { attempt, type SlackResult } from './errors.ts'

export type Channel = { readonly id: string; readonly name: string }

const channelSchema = z.object({ channel: z.object({ id: z.string(), name: z.string() }) })
const infoSchema = z.object({
  channel: z.object({
    id: z.string(),
    name: z.string().optional(),
    is_member: z.boolean().optional(),
    is_im: z.boolean().optional(),
    is_archived: z.boolean().optional(),
  }),
})

export type ChannelInfo = {
  readonly id: string
  readonly name: string | undefined
  /** The bot can post and read there: it is a member, or it is a direct conversation with it. */
  readonly member: boolean
  readonly archived: boolean
}

export async function readChannel(client: WebClient, id: string): Promise<SlackResult<ChannelInfo>> {
  return attempt(async () => {
    const { channel } = infoSchema.parse(await client.conversations.info({ channel: id }))
    const member = channel.is_member === true || channel.is_im === true
    return { id: channel.id, name: channel.name, member, archived: channel.is_archived === true }
  })
}

/** Names that are tried: `inc-…`, `inc-…-2`, and so on. */
const mostNames = 9

/**
 * Makes a public channel. A name that is taken gets `-2`, `-3` and so on, unless `ours` says that the channel of this name
 * is the one wanted: a call whose answer was lost made it.
 * @returns `refused` with `name_taken` when every name is taken
 */
export async function createChannel(
  client: WebClient,
  name: string,
  ours: (name: string) => Promise<SlackResult<Channel | undefined>>,
): Promise<SlackResult<Channel>> {
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name}-${number}`
    const made = await attempt(
      async () => channelSchema.parse(await client.conversations.create({ name: tried })).channel,
    )
    if (made.kind !== 'refused' || made.error !== 'name_taken') return made
    const found = await ours(tried)
    if (found.kind !== 'ok') return found
    if (found.value !== undefined) return { kind: 'ok', value: found.value }
    if (number >= mostNames) return made
  }
}

const listSchema = z.object({
  channels: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        creator: z.string().optional(),
        is_archived: z.boolean().optional(),
        purpose: z.object({ value: z.string() }).optional(),
      }),
    )
    .default([]),
})

const mostPages = 20

/** A channel of this name that the bot made itself, with its purpose; undefined when somebody else's has the name. */
export async function findOwnChannel(
  client: WebClient,
  name: string,
  botUser: string,
): Promise<SlackResult<(Channel & { readonly purpose: string }) | undefined>> {
  return attempt(async () => {
    let cursor: string | undefined
    for (let page = 0; page < mostPages; page++) {
      const answer = await client.conversations.list({
        types: 'public_channel',
        limit: 999,
        ...(cursor === undefined ? {} : { cursor }),
      })
      const found = listSchema.parse(answer).channels.find((channel) => channel.name === name)
      if (found !== undefined) {
        const mine = found.creator === botUser && found.is_archived !== true
        return mine ? { id: found.id, name: found.name, purpose: found.purpose?.value ?? '' } : undefined
      }
      cursor = answer.response_metadata?.next_cursor
      if (cursor === undefined || cursor === '') return undefined
    }
    return undefined
  })
}

export async function setTopic(client: WebClient, channel: string, topic: string): Promise<SlackResult<undefined>> {
  return attempt(async () => void (await client.conversations.setTopic({ channel, topic })))
}

export async function setPurpose(client: WebClient, channel: string, purpose: string): Promise<SlackResult<undefined>> {
  return attempt(async () => void (await client.conversations.setPurpose({ channel, purpose })))
}

/**
 * Invites everybody in one call; whoever cannot be invited (left, already there) does not keep the others out.
 * @returns Slack's words about those who could not be invited
 */
export async function invite(
  client: WebClient,
  channel: string,
  users: readonly string[],
): Promise<SlackResult<readonly string[]>> {
  if (users.length === 0) return { kind: 'ok', value: [] }
  const invited = await attempt(async () => {
    await client.conversations.invite({ channel, users: users.join(','), force: true })
    return []
  })
  const harmless = [
    'already_in_channel',
    'cant_invite_self',
    'cant_invite',
    'user_not_found',
    'user_disabled',
    'ura_max_channels',
  ]
  if ((invited.kind === 'refused' || invited.kind === 'gone') && harmless.includes(invited.error))
    return { kind: 'ok', value: [invited.error] }
  return invited
}

export async function pin(client: WebClient, channel: string, ts: string): Promise<SlackResult<undefined>> {
  const pinned = await attempt(async () => void (await client.pins.add({ channel, timestamp: ts })))
  return pinned.kind === 'refused' && pinned.error === 'already_pinned' ? { kind: 'ok', value: undefined } : pinned
}

const bookmarkSchema = z.object({ bookmark: z.object({ id: z.string() }) })

/** @returns the bookmark's id */
export async function addBookmark(
  client: WebClient,
  bookmark: { readonly channel: string; readonly title: string; readonly url: string },
): Promise<SlackResult<string>> {
  return attempt(async () => {
    const answer = await client.bookmarks.add({
      channel_id: bookmark.channel,
      title: bookmark.title,
      type: 'link',
      link: bookmark.url,
    })
    return bookmarkSchema.parse(answer).bookmark.id
  })
}
