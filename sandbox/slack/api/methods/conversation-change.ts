import { z } from 'zod'
import { channelJson } from '../../model/channel-shape.ts'
import { addChannel, findChannelByName } from '../../model/channels.ts'
import { addSystemLine } from '../../model/messages.ts'
import type { Channel } from '../../model/types.ts'
import { audience, botUserId, note, type World } from '../../model/world.ts'
import { manageScopes, openChannel, scopeProblem, visibleChannel } from '../access.ts'
import { type Answer, type Failure, fail, isFailure, ok } from '../answers.ts'
import { flag, freeText, text } from '../fields.ts'
import { type Method, method } from '../method.ts'
import { missingScope } from '../scopes.ts'

const noteLimit = 250
const nameLimit = 80

const channelArgs = z.object({ channel: text })
const createArgs = z.object({ name: freeText.optional(), is_private: flag.optional() })
const topicArgs = z.object({ channel: text, topic: freeText })
const purposeArgs = z.object({ channel: text, purpose: freeText })
const renameArgs = z.object({ channel: text, name: freeText })
const anyManage = ['channels:manage', 'groups:write', 'im:write']

export const conversationChangeMethods: Readonly<Record<string, Method>> = {
  'conversations.create': method({ scopes: anyManage, tier: 2, args: createArgs, run: create }),
  'conversations.setTopic': method({
    scopes: [...anyManage, 'channels:write.topic', 'groups:write.topic'],
    tier: 2,
    args: topicArgs,
    run: (world, { channel, topic }) => setNote(world, channel, 'topic', topic),
  }),
  'conversations.setPurpose': method({
    scopes: [...anyManage, 'channels:write.topic', 'groups:write.topic'],
    tier: 2,
    args: purposeArgs,
    run: (world, { channel, purpose }) => setNote(world, channel, 'purpose', purpose),
  }),
  'conversations.rename': method({ scopes: anyManage, tier: 2, args: renameArgs, run: rename }),
  'conversations.archive': method({ scopes: anyManage, tier: 2, args: channelArgs, run: archive }),
  'conversations.unarchive': method({ scopes: anyManage, tier: 2, args: channelArgs, run: unarchive }),
}

function create(world: World, { name = '', is_private: isPrivate = false }: z.output<typeof createArgs>): Answer {
  const kind = isPrivate ? 'private' : 'public'
  if (!world.manifest.scopes.includes(manageScopes[kind]))
    return missingScope([manageScopes[kind]], world.manifest.scopes)
  const problem = nameProblem(world, name)
  if (problem !== undefined) return problem
  const channel = addChannel(world, { name, kind, creator: botUserId, members: [botUserId] })
  world.tellPages(audience(world, channel), { type: 'channels', channel: channel.id })
  if (kind === 'public')
    world.tellApp({
      type: 'channel_created',
      channel: { id: channel.id, name, created: channel.created, creator: botUserId },
    })
  return ok({
    channel: { ...channelJson(world, channel), last_read: '0000000000.000000', latest: null, unread_count: 0 },
  })
}

function nameProblem(world: World, name: string): Failure | undefined {
  if (name === '') return fail('invalid_name_required')
  if (name.length > nameLimit) return fail('invalid_name_maxlength')
  if (/^[-_]+$/u.test(name)) return fail('invalid_name_punctuation')
  if (!/^[\p{Ll}\p{Lo}\p{N}_-]+$/u.test(name)) return fail('invalid_name_specials')
  return findChannelByName(world, name) === undefined ? undefined : fail('name_taken')
}

function setNote(world: World, id: string, which: 'topic' | 'purpose', value: string): Answer {
  if (value.length > noteLimit) return fail('too_long')
  const channel = managed(world, id)
  if (isFailure(channel)) return channel
  channel[which] = note(world, value, botUserId)
  const said = value === '' ? `cleared the channel ${which}` : `set the channel ${which}: ${value}`
  addSystemLine(world, channel, botUserId, `channel_${which}`, said)
  world.tellPages(audience(world, channel), { type: 'channels', channel: channel.id })
  return ok({ channel: channelJson(world, channel), [which]: value })
}

function rename(world: World, { channel: id, name }: z.output<typeof renameArgs>): Answer {
  const channel = managed(world, id)
  if (isFailure(channel)) return channel
  if (channel.creator !== botUserId) return fail('not_authorized')
  const problem = channel.name === name ? undefined : nameProblem(world, name)
  if (problem !== undefined) return problem
  const before = channel.name
  channel.name = name
  addSystemLine(world, channel, botUserId, 'channel_name', `has renamed the channel from "${before}" to "${name}"`)
  world.tellPages(audience(world, channel), { type: 'channels', channel: channel.id })
  return ok({ channel: channelJson(world, channel) })
}

function archive(world: World, { channel: id }: z.output<typeof channelArgs>): Answer {
  const seen = visibleChannel(world, id)
  if (isFailure(seen)) return seen
  if (seen.archived) return fail('already_archived')
  if (seen.name === 'general') return fail('cant_archive_general')
  const channel = managed(world, id)
  if (isFailure(channel)) return channel
  addSystemLine(world, channel, botUserId, 'channel_archive', `archived #${channel.name}`)
  return setArchived(world, channel, true)
}

function unarchive(world: World, { channel: id }: z.output<typeof channelArgs>): Answer {
  const channel = visibleChannel(world, id)
  if (isFailure(channel)) return channel
  return channel.archived ? setArchived(world, channel, false) : fail('not_archived')
}

function setArchived(world: World, channel: Channel, archived: boolean): Answer {
  const problem = scopeProblem(world, channel, manageScopes)
  if (problem !== undefined) return problem
  channel.archived = archived
  world.tellPages(audience(world, channel), { type: 'channels', channel: channel.id })
  world.tellApp({ type: archived ? 'channel_archive' : 'channel_unarchive', channel: channel.id, user: botUserId })
  return ok()
}

/** A channel that the app is in and may change; direct messages have no topic and no name. */
function managed(world: World, id: string): Channel | Failure {
  const channel = openChannel(world, id)
  if (isFailure(channel)) return channel
  if (channel.kind === 'im') return fail('method_not_supported_for_channel_type')
  return scopeProblem(world, channel, manageScopes) ?? channel
}
