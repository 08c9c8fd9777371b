import type { Channel, Message } from './types.ts'
import { audience, botUserId, type World } from './world.ts'

export type NewMessage = { readonly user: string; readonly text: string } & Partial<
  Pick<Message, 'subtype' | 'threadTs' | 'broadcast' | 'ephemeralTo' | 'blocks' | 'attachments' | 'metadata' | 'files'>
>

/** Puts a message into a channel and tells the pages; the app is told of what people say (see people.ts). */
export function addMessage(world: World, channel: Channel, wanted: NewMessage): Message {
  const message: Message = {
    ts: world.nextTs(),
    user: wanted.user,
    subtype: wanted.subtype,
    threadTs: wanted.threadTs,
    broadcast: wanted.broadcast ?? false,
    ephemeralTo: wanted.ephemeralTo,
    reactions: [],
    states: new Map(),
    text: wanted.text,
    blocks: wanted.blocks,
    attachments: wanted.attachments,
    metadata: wanted.metadata,
    files: wanted.files ?? [],
    edited: undefined,
  }
  channel.messages.set(message.ts, message)
  if (message.threadTs !== undefined && message.ephemeralTo === undefined) {
    channel.threads.set(message.threadTs, (channel.threads.get(message.threadTs) ?? new Set()).add(message.ts))
  }
  tellMessage(world, channel, message)
  return message
}

/** A line that the workspace itself writes, such as "joined". */
export function addSystemLine(world: World, channel: Channel, user: string, subtype: string, text: string): void {
  if (channel.kind !== 'im') addMessage(world, channel, { user, text, subtype })
}

export function tellMessage(world: World, channel: Channel, message: Message): void {
  const users = message.ephemeralTo === undefined ? audience(world, channel) : [message.ephemeralTo]
  world.tellPages(users, {
    type: message.ephemeralTo === undefined ? 'message' : 'ephemeral',
    channel: channel.id,
    ts: message.ts,
  })
}

export function removeMessage(world: World, channel: Channel, message: Message): void {
  channel.messages.delete(message.ts)
  channel.pins = channel.pins.filter((pin) => pin.ts !== message.ts)
  tellMessage(world, channel, message)
}

/** Messages that everybody in the channel sees, oldest first. */
export function shared(channel: Channel): Message[] {
  return [...channel.messages.values()].filter((message) => message.ephemeralTo === undefined)
}

export function repliesOf(channel: Channel, ts: string): Message[] {
  return [...(channel.threads.get(ts) ?? [])].flatMap((reply) => channel.messages.get(reply) ?? [])
}

export function isByApp(message: Message): boolean {
  return message.user === botUserId && (message.subtype === undefined || message.subtype === 'bot_message')
}
