import { z } from 'zod'
import { messageJson } from '../../model/message-shape.ts'
import { repliesOf, shared } from '../../model/messages.ts'
import type { Channel, Message } from '../../model/types.ts'
import { botUserId, type World } from '../../model/world.ts'
import { historyScopes, scopeProblem, visibleChannel } from '../access.ts'
import { type Answer, type Failure, fail, isFailure, ok } from '../answers.ts'
import { flag, freeText, paging, text } from '../fields.ts'
import { type Method, method } from '../method.ts'
import { page } from '../paging.ts'

const span = {
  channel: text,
  oldest: freeText.optional(),
  latest: freeText.optional(),
  inclusive: flag.optional(),
  include_all_metadata: flag.optional(),
  ...paging,
}
const historyArgs = z.object(span)
const repliesArgs = z.object({ ...span, ts: text })

const anyHistory = Object.values(historyScopes)

export const historyMethods: Readonly<Record<string, Method>> = {
  'conversations.history': method({ scopes: anyHistory, tier: 3, args: historyArgs, run: history }),
  'conversations.replies': method({ scopes: anyHistory, tier: 3, args: repliesArgs, run: replies }),
}

/** Newest first; replies that were not also sent to the channel are left out. */
function history(world: World, args: z.output<typeof historyArgs>): Answer {
  const channel = readable(world, args.channel)
  if (isFailure(channel)) return channel
  const all = shared(channel).filter((message) => message.threadTs === undefined || message.broadcast)
  const shown = page(all.filter(within(args)).reverse(), args, 100, 999)
  if (isFailure(shown)) return shown
  return ok({
    messages: shown.items.map((message) => messageJson(world, channel, message, args.include_all_metadata === true)),
    has_more: shown.hasMore,
    pin_count: channel.pins.length,
    ...(shown.hasMore ? { response_metadata: shown.metadata } : {}),
  })
}

/** The thread's first message, then its replies, oldest first. */
function replies(world: World, args: z.output<typeof repliesArgs>): Answer {
  const channel = readable(world, args.channel)
  if (isFailure(channel)) return channel
  const asked = channel.messages.get(args.ts)
  const parent = asked?.threadTs === undefined ? asked : channel.messages.get(asked.threadTs)
  if (parent === undefined || parent.ephemeralTo !== undefined) return fail('thread_not_found')
  const shown = page([parent, ...repliesOf(channel, parent.ts).filter(within(args))], args, 100, 1000)
  if (isFailure(shown)) return shown
  return ok({
    messages: shown.items.map((message) => messageJson(world, channel, message, args.include_all_metadata === true)),
    has_more: shown.hasMore,
    ...(shown.hasMore ? { response_metadata: shown.metadata } : {}),
  })
}

function readable(world: World, id: string): Channel | Failure {
  const channel = visibleChannel(world, id)
  if (isFailure(channel)) return channel
  const problem = scopeProblem(world, channel, historyScopes)
  if (problem !== undefined) return problem
  return channel.members.has(botUserId) ? channel : fail('not_in_channel')
}

type Span = {
  readonly oldest?: string | undefined
  readonly latest?: string | undefined
  readonly inclusive?: boolean | undefined
}

function within({ oldest = '', latest = '', inclusive = false }: Span): (message: Message) => boolean {
  return ({ ts }) => {
    const after = oldest === '' || Number(ts) > Number(oldest) || (inclusive && ts === oldest)
    const before = latest === '' || Number(ts) < Number(latest) || (inclusive && ts === latest)
    return after && before
  }
}
