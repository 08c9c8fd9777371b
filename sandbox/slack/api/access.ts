import { findChannelByName } from '../model/channels.ts'
import type { Channel, Message } from '../model/types.ts'
import { botUserId, type World } from '../model/world.ts'
import { type Failure, fail } from './answers.ts'
import { missingScope } from './scopes.ts'

/** A channel that the app can see: public ones, and those it is in. */
export function visibleChannel(world: World, id: string): Channel | Failure {
  const channel = world.channels.get(id)
  const visible = channel !== undefined && (channel.kind === 'public' || channel.members.has(botUserId))
  return visible ? channel : fail('channel_not_found')
}

/** A channel by id or, as chat.postMessage allows, by name. */
export function visibleChannelByIdOrName(world: World, wanted: string): Channel | Failure {
  return visibleChannel(world, findChannelByName(world, wanted.replace(/^#/, ''))?.id ?? wanted)
}

/** A channel that the app is in and that is not archived. */
export function openChannel(world: World, id: string): Channel | Failure {
  const channel = visibleChannel(world, id)
  if ('ok' in channel) return channel
  if (channel.archived) return fail('is_archived')
  return channel.members.has(botUserId) ? channel : fail('not_in_channel')
}

/** A message that everybody in the channel sees. */
export function sharedMessage(channel: Channel, ts: string): Message | Failure {
  const message = channel.messages.get(ts)
  return message === undefined || message.ephemeralTo !== undefined ? fail('message_not_found') : message
}

export type ScopeByKind = Readonly<Record<Channel['kind'], string>>

export const readScopes: ScopeByKind = { public: 'channels:read', private: 'groups:read', im: 'im:read' }
export const historyScopes: ScopeByKind = { public: 'channels:history', private: 'groups:history', im: 'im:history' }
export const manageScopes: ScopeByKind = { public: 'channels:manage', private: 'groups:write', im: 'im:write' }

/** Some methods need another scope for each kind of channel. */
export function scopeProblem(world: World, channel: Channel, scopes: ScopeByKind): Failure | undefined {
  const needed = scopes[channel.kind]
  return world.manifest.scopes.includes(needed) ? undefined : missingScope([needed], world.manifest.scopes)
}
