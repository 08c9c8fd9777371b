import { z } from 'zod'
import { fail } from '../api/answers.ts'
import { joinChannel, leaveChannel } from '../model/membership.ts'
import { addMessage, removeMessage } from '../model/messages.ts'
import { addReaction, removeReaction } from '../model/reactions.ts'
import type { Channel, Message, User } from '../model/types.ts'
import { botUserId, type World } from '../model/world.ts'
import { bad, channelOf, isBad, messageOf, type PersonAnswer, personOf } from './context.ts'
import { asTyped } from './escape.ts'

export const sayBody = z.strictObject({
  user: z.string(),
  channel: z.string(),
  text: z.string().trim().min(1).max(40_000),
  thread_ts: z.string().optional(),
})
export const channelBody = z.strictObject({ user: z.string(), channel: z.string() })
export const messageBody = z.strictObject({ user: z.string(), channel: z.string(), ts: z.string() })
export const reactionBody = z.strictObject({ user: z.string(), channel: z.string(), ts: z.string(), name: z.string() })

/** A person writes a message. */
export function say(world: World, body: z.output<typeof sayBody>): PersonAnswer {
  const place = channelFor(world, body)
  if ('ok' in place) return place
  const { user, channel } = place
  if (!channel.members.has(user.id)) return fail('not_in_channel', { message: 'Join the channel first.' })
  if (channel.archived) return fail('is_archived', { message: 'This channel is archived.' })
  const parent = body.thread_ts === undefined ? undefined : channel.messages.get(body.thread_ts)
  if (body.thread_ts !== undefined && parent === undefined)
    return bad('thread_ts', 'the ts of a message here', 'thread_not_found')
  const message = addMessage(world, channel, {
    user: user.id,
    text: asTyped(world, body.text),
    threadTs: body.thread_ts,
  })
  channel.lastRead.set(user.id, message.ts)
  tellOfMessage(world, channel, message)
  return { ok: true, ts: message.ts }
}

/** The app hears messages of its own channels, and mentions of itself. */
function tellOfMessage(world: World, channel: Channel, message: Message): void {
  if (!channel.members.has(botUserId)) return
  const common = {
    user: message.user,
    text: message.text,
    ts: message.ts,
    channel: channel.id,
    team: world.team.id,
    event_ts: message.ts,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
  }
  const type = channel.kind === 'im' ? 'im' : channel.kind === 'private' ? 'group' : 'channel'
  world.tellApp({ type: 'message', ...common, channel_type: type })
  if (channel.kind !== 'im' && message.text.includes(`<@${botUserId}>`))
    world.tellApp({ type: 'app_mention', ...common })
}

/** Puts a reaction under a message, or takes one's own away. */
export function react(world: World, body: z.output<typeof reactionBody>): PersonAnswer {
  const place = channelFor(world, body)
  if ('ok' in place) return place
  const message = messageOf(place.channel, place.user, body.ts)
  if ('ok' in message) return message
  const name = body.name.replaceAll(':', '')
  const problem = addReaction(world, place.channel, message, place.user.id, name)
  if (problem === 'invalid_name') return bad('name', 'the name of an emoji, such as pushpin')
  if (problem === 'already_reacted') removeReaction(world, place.channel, message, place.user.id, name)
  return { ok: true, added: problem === undefined }
}

export function read(world: World, body: z.output<typeof messageBody>): PersonAnswer {
  const place = channelFor(world, body)
  if ('ok' in place) return place
  place.channel.lastRead.set(place.user.id, body.ts)
  world.tellPages([place.user.id], { type: 'read', channel: place.channel.id, ts: body.ts })
  return { ok: true }
}

export function join(world: World, body: z.output<typeof channelBody>): PersonAnswer {
  const place = channelFor(world, body)
  if ('ok' in place) return place
  if (place.channel.archived) return fail('is_archived', { message: 'This channel is archived.' })
  if (!place.channel.members.has(place.user.id)) joinChannel(world, place.channel, place.user.id)
  return { ok: true }
}

export function leave(world: World, body: z.output<typeof channelBody>): PersonAnswer {
  const place = channelFor(world, body)
  if ('ok' in place) return place
  if (place.channel.kind === 'im') return fail('cant_leave', { message: 'A direct message cannot be left.' })
  if (place.channel.members.has(place.user.id)) leaveChannel(world, place.channel, place.user.id)
  return { ok: true }
}

/** Takes an ephemeral message out of the person's sight. */
export function dismiss(world: World, body: z.output<typeof messageBody>): PersonAnswer {
  const place = channelFor(world, body)
  if ('ok' in place) return place
  const message = messageOf(place.channel, place.user, body.ts)
  if ('ok' in message) return message
  if (message.ephemeralTo !== place.user.id)
    return fail('cant_dismiss', { message: 'Only ephemeral messages can be dismissed.' })
  removeMessage(world, place.channel, message)
  return { ok: true }
}

type Place = { readonly user: User; readonly channel: Channel }

function channelFor(world: World, body: { readonly user: string; readonly channel: string }): Place | PersonAnswer {
  const user = personOf(world, body.user)
  if (isBad(user)) return user
  const channel = channelOf(world, user, body.channel)
  return isBad(channel) ? channel : { user, channel }
}
