import { z } from 'zod'
import { messageJson } from '../../model/message-shape.ts'
import { isByApp, removeMessage, tellMessage } from '../../model/messages.ts'
import type { Channel, Message } from '../../model/types.ts'
import { botUserId, type World } from '../../model/world.ts'
import { sharedMessage, visibleChannel } from '../access.ts'
import { type Answer, type Failure, fail, isFailure, ok } from '../answers.ts'
import { readContent } from '../content.ts'
import { flag, freeText, nested, text } from '../fields.ts'
import { type Method, method } from '../method.ts'

const updateTextLimit = 4000

const updateArgs = z.object({
  channel: text,
  ts: text,
  text: freeText.optional(),
  markdown_text: freeText.optional(),
  blocks: nested.optional(),
  attachments: nested.optional(),
  metadata: nested.optional(),
  reply_broadcast: flag.optional(),
})
const placeArgs = z.object({ channel: text, ts: text })
const linkArgs = z.object({ channel: text, message_ts: text })

export const chatChangeMethods: Readonly<Record<string, Method>> = {
  'chat.update': method({ scopes: ['chat:write'], tier: 3, args: updateArgs, run: update }),
  'chat.delete': method({
    scopes: ['chat:write'],
    tier: 3,
    args: placeArgs,
    run: (world, args) => {
      const found = ownMessage(world, args, 'cant_delete_message')
      if (isFailure(found)) return found
      removeMessage(world, found.channel, found.message)
      return ok({ channel: found.channel.id, ts: args.ts })
    },
  }),
  'chat.getPermalink': method({
    tier: 'none',
    args: linkArgs,
    run: (world, args) => {
      const channel = visibleChannel(world, args.channel)
      if (isFailure(channel)) return channel
      const message = sharedMessage(channel, args.message_ts)
      if (isFailure(message)) return message
      const thread = message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`
      return ok({
        channel: channel.id,
        permalink: `${world.url}/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`,
      })
    },
  }),
}

/**
 * Blocks survive only when neither text nor blocks are sent; text alone takes them away and shows "(edited)".
 * Metadata that is left out is kept; an empty object takes it away.
 */
function update(world: World, args: z.output<typeof updateArgs>): Answer {
  const content = readContent(args)
  if (isFailure(content)) return content
  if ((content.text?.length ?? 0) > updateTextLimit) return fail('msg_too_long')
  const saysNothing = content.text === undefined && content.blocks === undefined && content.attachments === undefined
  if (saysNothing && content.metadata === undefined) return fail('no_text')
  const found = ownMessage(world, args, 'cant_update_message')
  if (isFailure(found)) return found
  const { channel, message } = found
  if (!saysNothing) {
    message.text = content.text ?? (content.blocks === undefined ? message.text : '')
    message.blocks = content.blocks?.length === 0 ? undefined : content.blocks
    if (content.attachments !== undefined) message.attachments = content.attachments
    if (content.blocks === undefined && content.text !== undefined)
      message.edited = { user: botUserId, ts: world.nextTs() }
  }
  if (content.metadata !== undefined) message.metadata = content.metadata ?? undefined
  tellMessage(world, channel, message)
  return ok({
    channel: channel.id,
    ts: message.ts,
    text: message.text,
    message: messageJson(world, channel, message, true),
  })
}

type Own = { readonly channel: Channel; readonly message: Message }

function ownMessage(
  world: World,
  { channel: id, ts }: z.output<typeof placeArgs>,
  refusal: 'cant_update_message' | 'cant_delete_message',
): Own | Failure {
  const channel = visibleChannel(world, id)
  if (isFailure(channel)) return channel
  if (channel.archived) return fail('is_inactive')
  const message = sharedMessage(channel, ts)
  if (isFailure(message)) return message
  return isByApp(message) ? { channel, message } : fail(refusal)
}
