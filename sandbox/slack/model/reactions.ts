import { tellMessage } from './messages.ts'
import type { Channel, Message } from './types.ts'
import type { World } from './world.ts'

/** Puts a reaction under a message and tells the app. @returns why not, or undefined */
export function addReaction(
  world: World,
  channel: Channel,
  message: Message,
  userId: string,
  name: string,
): 'already_reacted' | 'invalid_name' | undefined {
  if (!/^[a-z0-9_+'-]+(::skin-tone-\d)?$/.test(name)) return 'invalid_name'
  const reaction = message.reactions.find((one) => one.name === name)
  if (reaction?.users.includes(userId)) return 'already_reacted'
  if (reaction === undefined) message.reactions.push({ name, users: [userId] })
  else reaction.users.push(userId)
  tell(world, channel, message, userId, name, 'reaction_added')
  return undefined
}

/** @returns why not, or undefined */
export function removeReaction(
  world: World,
  channel: Channel,
  message: Message,
  userId: string,
  name: string,
): 'no_reaction' | undefined {
  const index = message.reactions.findIndex((one) => one.name === name && one.users.includes(userId))
  const reaction = message.reactions[index]
  if (reaction === undefined) return 'no_reaction'
  reaction.users.splice(reaction.users.indexOf(userId), 1)
  if (reaction.users.length === 0) message.reactions.splice(index, 1)
  tell(world, channel, message, userId, name, 'reaction_removed')
  return undefined
}

function tell(world: World, channel: Channel, message: Message, user: string, reaction: string, type: string): void {
  tellMessage(world, channel, message)
  world.tellApp({
    type,
    user,
    reaction,
    item_user: message.user,
    item: { type: 'message', channel: channel.id, ts: message.ts },
    event_ts: world.nextTs(),
  })
}
