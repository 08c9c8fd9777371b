import { newId } from './ids.ts'
import type { Channel } from './types.ts'
import { botUserId, note, seconds, type World } from './world.ts'

export type NewChannel = {
  readonly id?: string | undefined
  readonly name: string
  readonly kind: Channel['kind']
  readonly creator: string
  readonly members: readonly string[]
  readonly topic?: string | undefined
  readonly purpose?: string | undefined
  readonly peer?: string | undefined
}

export function addChannel(world: World, wanted: NewChannel): Channel {
  const channel: Channel = {
    id: wanted.id ?? newId(wanted.kind === 'im' ? 'D' : 'C'),
    kind: wanted.kind,
    name: wanted.name,
    creator: wanted.creator,
    created: seconds(world),
    members: new Set(wanted.members),
    messages: new Map(),
    threads: new Map(),
    lastRead: new Map(),
    peer: wanted.peer,
    topic: note(world, wanted.topic ?? '', wanted.creator),
    purpose: note(world, wanted.purpose ?? '', wanted.creator),
    archived: false,
    pins: [],
    bookmarks: [],
  }
  world.channels.set(channel.id, channel)
  return channel
}

export function findChannelByName(world: World, name: string): Channel | undefined {
  return [...world.channels.values()].find((channel) => channel.kind !== 'im' && channel.name === name)
}

/** The direct message between the bot and a person, opened if it is not there yet. */
export function directMessage(world: World, userId: string): Channel {
  const found = [...world.channels.values()].find((channel) => channel.peer === userId)
  if (found !== undefined) return found
  const opened = addChannel(world, {
    id: `D0${userId.replace(/^U0?/, '')}`,
    name: userId,
    kind: 'im',
    creator: botUserId,
    members: [botUserId, userId],
    peer: userId,
  })
  world.tellPages([userId], { type: 'channels', channel: opened.id })
  return opened
}
