import type { KnownBlock } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { attempt, type SlackResult } from './errors.ts'

export type Message = { readonly blocks: readonly KnownBlock[]; readonly text: string }

export type Post = Message & {
  readonly channel: string
  /** Ours: the same key is the same message. Slack has no idempotency of its own, so it travels in the metadata. */
  readonly key: string
  readonly threadTs?: string
}

export type Place = { readonly channel: string; readonly ts: string }

const eventType = 'rescue_message'
const posted = z.object({ channel: z.string(), ts: z.string() })

/**
 * Posts once. A broken connection leaves open whether Slack took the message; the caller then looks (`findPosted`) before
 * it posts again.
 */
export async function postMessage(client: WebClient, post: Post): Promise<SlackResult<Place>> {
  return attempt(async () => {
    const answer = await client.chat.postMessage({
      channel: post.channel,
      text: post.text,
      blocks: [...post.blocks],
      unfurl_links: false,
      unfurl_media: false,
      metadata: { event_type: eventType, event_payload: { key: post.key } },
      ...(post.threadTs === undefined ? {} : { thread_ts: post.threadTs }),
    })
    return posted.parse(answer)
  })
}

const historySchema = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        metadata: z
          .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
          .optional()
          .catch(undefined),
      }),
    )
    .default([]),
})

/** Pages of history read at most; a message of a minute ago is on the first. */
const mostPages = 3

/**
 * A message with this key that is there already, looked for from `since` on; in its thread where it belongs into one.
 * @returns undefined when it is not there
 */
export async function findPosted(
  client: WebClient,
  wanted: Pick<Post, 'channel' | 'key' | 'threadTs'>,
  since: Date,
): Promise<SlackResult<Place | undefined>> {
  return attempt(async () => {
    // A minute earlier: Slack's clock is not ours.
    const oldest = String(since.getTime() / 1000 - 60)
    let cursor: string | undefined
    for (let page = 0; page < mostPages; page++) {
      const answer = await readPage(client, wanted, oldest, cursor)
      const { messages } = historySchema.parse(answer)
      const found = messages.find(
        ({ metadata }) => metadata?.event_type === eventType && metadata.event_payload['key'] === wanted.key,
      )
      if (found !== undefined) return { channel: wanted.channel, ts: found.ts }
      cursor = answer.response_metadata?.next_cursor
      if (cursor === undefined || cursor === '') return undefined
    }
    return undefined
  })
}

function readPage(
  client: WebClient,
  wanted: Pick<Post, 'channel' | 'threadTs'>,
  oldest: string,
  cursor: string | undefined,
) {
  const common = {
    channel: wanted.channel,
    oldest,
    include_all_metadata: true,
    limit: 200,
    ...(cursor === undefined ? {} : { cursor }),
  }
  return wanted.threadTs === undefined
    ? client.conversations.history(common)
    : client.conversations.replies({ ...common, ts: wanted.threadTs })
}

/** Edits a message. Blocks are always given: text alone would take them away. Metadata that is not sent stays. */
export async function updateMessage(client: WebClient, place: Place, message: Message): Promise<SlackResult<Place>> {
  return attempt(async () => {
    const answer = await client.chat.update({
      channel: place.channel,
      ts: place.ts,
      text: message.text,
      blocks: [...message.blocks],
    })
    return posted.parse(answer)
  })
}

/** Seen by one person only, and gone when they reload: best effort by its nature. */
export async function postEphemeral(
  client: WebClient,
  message: Message & { readonly channel: string; readonly user: string },
): Promise<SlackResult<undefined>> {
  return attempt(async () => {
    await client.chat.postEphemeral({
      channel: message.channel,
      user: message.user,
      text: message.text,
      blocks: [...message.blocks],
    })
    return undefined
  })
}

/** A link to a message. */
export async function permalink(client: WebClient, place: Place): Promise<SlackResult<string>> {
  return attempt(async () => {
    const answer = await client.chat.getPermalink({ channel: place.channel, message_ts: place.ts })
    return z.object({ permalink: z.url() }).parse(answer).permalink
  })
}
