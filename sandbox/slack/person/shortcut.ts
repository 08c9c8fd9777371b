import { z } from 'zod'
import { fail } from '../api/answers.ts'
import { messageJson } from '../model/message-shape.ts'
import type { Json, User } from '../model/types.ts'
import {
  bad,
  channelOf,
  interaction,
  isBad,
  messageOf,
  type PersonAnswer,
  type PersonContext,
  personOf,
  send,
  silence,
} from './context.ts'

export const shortcutBody = z.strictObject({
  user: z.string(),
  callback_id: z.string(),
  channel: z.string().optional(),
  ts: z.string().optional(),
})

type Body = z.output<typeof shortcutBody>

/** A person uses a shortcut of the app: from anywhere, or on a message. */
export async function shortcut(context: PersonContext, body: Body): Promise<PersonAnswer> {
  const user = personOf(context.world, body.user)
  if (isBad(user)) return user
  const { shortcuts } = context.world.manifest
  const found = shortcuts.find((one) => one.callbackId === body.callback_id)
  if (found === undefined)
    return bad(
      'callback_id',
      shortcuts.map((one) => one.callbackId),
      'unknown_shortcut',
    )
  const about = found.type === 'global' ? { type: 'shortcut' } : messagePart(context, user, body)
  if (isRefusal(about)) return about
  const payload = {
    ...interaction(context.world, user),
    ...about,
    callback_id: found.callbackId,
    action_ts: context.world.nextTs(),
  }
  const delivered = await send(context, 'interactive', payload, false)
  return delivered.kind === 'acked' ? { ok: true } : fail(silence(delivered), { message: 'The app did not answer.' })
}

const isRefusal = (value: Json | PersonAnswer): value is PersonAnswer => value['ok'] === false

/** What a shortcut on a message carries of it. */
function messagePart({ world, responseUrls }: PersonContext, user: User, body: Body): Json | PersonAnswer {
  if (body.channel === undefined || body.ts === undefined)
    return bad('ts', 'channel and ts of a message', 'missing_field')
  const channel = channelOf(world, user, body.channel)
  if (isBad(channel)) return channel
  const message = messageOf(channel, user, body.ts)
  if ('ok' in message) return message
  return {
    type: 'message_action',
    message_ts: message.ts,
    channel: { id: channel.id, name: channel.name },
    message: messageJson(world, channel, message),
    response_url: responseUrls.issue({ channel, userId: user.id, message }),
  }
}
