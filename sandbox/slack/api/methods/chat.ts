import { z } from 'zod'
import { directMessage } from '../../model/channels.ts'
import { messageJson } from '../../model/message-shape.ts'
import { addMessage } from '../../model/messages.ts'
import type { Channel } from '../../model/types.ts'
import { botUserId, type World } from '../../model/world.ts'
import { visibleChannel, visibleChannelByIdOrName } from '../access.ts'
import { type Answer, type Failure, fail, isFailure, ok } from '../answers.ts'
import { isEmpty, readContent } from '../content.ts'
import { flag, freeText, nested, text } from '../fields.ts'
import { type Method, method } from '../method.ts'

/** chat.postMessage cuts longer texts; chat.update refuses them. */
const cutAt = 40_000

const content = {
  text: freeText.optional(),
  markdown_text: freeText.optional(),
  blocks: nested.optional(),
  attachments: nested.optional(),
  metadata: nested.optional(),
}

const postArgs = z.object({ channel: text, thread_ts: text.optional(), reply_broadcast: flag.optional(), ...content })
const ephemeralArgs = z.object({ channel: text, user: text, thread_ts: text.optional(), ...content })

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': method({ scopes: ['chat:write'], tier: 'post', args: postArgs, run: post }),
  'chat.postEphemeral': method({ scopes: ['chat:write'], tier: 4, args: ephemeralArgs, run: postEphemeral }),
}

function post(world: World, args: z.output<typeof postArgs>): Answer {
  const content = readContent(args)
  if (isFailure(content)) return content
  if (isEmpty(content)) return fail('no_text')
  const channel = postable(world, args.channel)
  if (isFailure(channel)) return channel
  const thread = threadProblem(channel, args.thread_ts)
  if (thread !== undefined) return thread
  const message = addMessage(world, channel, {
    user: botUserId,
    text: (content.text ?? '').slice(0, cutAt),
    blocks: content.blocks,
    attachments: content.attachments,
    metadata: content.metadata ?? undefined,
    threadTs: args.thread_ts,
    broadcast: args.reply_broadcast ?? false,
  })
  return ok({ channel: channel.id, ts: message.ts, message: messageJson(world, channel, message, true) })
}

function postEphemeral(world: World, args: z.output<typeof ephemeralArgs>): Answer {
  const content = readContent(args)
  if (isFailure(content)) return content
  if (isEmpty(content)) return fail('no_text')
  const channel = visibleChannel(world, args.channel)
  if (isFailure(channel)) return channel
  if (channel.archived) return fail('is_archived')
  if (!channel.members.has(botUserId)) return fail('not_in_channel')
  if (!channel.members.has(args.user)) return fail('user_not_in_channel')
  const message = addMessage(world, channel, {
    user: botUserId,
    text: content.text ?? '',
    blocks: content.blocks,
    attachments: content.attachments,
    threadTs: args.thread_ts,
    ephemeralTo: args.user,
  })
  return ok({ message_ts: message.ts })
}

/** Where the app may post: its channels, direct messages by a person's id, and any public one with chat:write.public. */
function postable(world: World, wanted: string): Channel | Failure {
  const person = world.users.get(wanted)
  if (person !== undefined) return person.isBot ? fail('cannot_dm_bot') : directMessage(world, person.id)
  const channel = visibleChannelByIdOrName(world, wanted)
  if (isFailure(channel)) return channel
  if (channel.archived) return fail('is_archived')
  const anywhere = channel.kind === 'public' && world.manifest.scopes.includes('chat:write.public')
  return channel.members.has(botUserId) || anywhere ? channel : fail('not_in_channel')
}

function threadProblem(channel: Channel, threadTs: string | undefined): Failure | undefined {
  if (threadTs === undefined) return undefined
  const parent = channel.messages.get(threadTs)
  if (parent === undefined || parent.ephemeralTo !== undefined) return fail('thread_not_found')
  return parent.threadTs === undefined || parent.threadTs === parent.ts ? undefined : fail('cannot_reply_to_message')
}
