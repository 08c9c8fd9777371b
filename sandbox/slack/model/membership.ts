import { addSystemLine } from './messages.ts'
import type { Channel } from './types.ts'
import { audience, everyone, type World } from './world.ts'

/** Puts somebody into a channel, and says so there. */
export function joinChannel(world: World, channel: Channel, userId: string, inviter?: string): void {
  channel.members.add(userId)
  const said = inviter === undefined ? `<@${userId}> has joined the channel` : `<@${userId}> was added by <@${inviter}>`
  addSystemLine(world, channel, userId, 'channel_join', said)
  world.tellPages(audience(world, channel), { type: 'channels', channel: channel.id })
  world.tellApp({
    type: 'member_joined_channel',
    user: userId,
    channel: channel.id,
    channel_type: channel.kind === 'private' ? 'G' : 'C',
    team: world.team.id,
    ...(inviter === undefined ? {} : { inviter }),
  })
}

export function leaveChannel(world: World, channel: Channel, userId: string): void {
  channel.members.delete(userId)
  addSystemLine(world, channel, userId, 'channel_leave', `<@${userId}> has left the channel`)
  world.tellPages(everyone(world), { type: 'channels', channel: channel.id })
}
