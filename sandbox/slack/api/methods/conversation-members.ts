import { z } from 'zod'
import { channelJson } from '../../model/channel-shape.ts'
import { directMessage } from '../../model/channels.ts'
import { joinChannel, leaveChannel } from '../../model/membership.ts'
import type { Channel } from '../../model/types.ts'
import { botUserId, type World } from '../../model/world.ts'
import { manageScopes, openChannel, scopeProblem, visibleChannel } from '../access.ts'
import { type Answer, fail, isFailure, ok, warn } from '../answers.ts'
import { flag, idList, text } from '../fields.ts'
import { type Method, method } from '../method.ts'

const inviteLimit = 1000

const channelArgs = z.object({ channel: text })
const inviteArgs = z.object({ channel: text, users: idList, force: flag.optional() })
const openArgs = z.object({
  channel: text.optional(),
  users: idList.optional(),
  return_im: flag.optional(),
  prevent_creation: flag.optional(),
})

export const conversationMemberMethods: Readonly<Record<string, Method>> = {
  'conversations.invite': method({
    scopes: ['channels:manage', 'channels:write.invites', 'groups:write', 'groups:write.invites'],
    tier: 3,
    args: inviteArgs,
    run: invite,
  }),
  'conversations.join': method({ scopes: ['channels:join'], tier: 3, args: channelArgs, run: join }),
  'conversations.leave': method({
    scopes: ['channels:manage', 'groups:write'],
    tier: 3,
    args: channelArgs,
    run: leave,
  }),
  'conversations.open': method({ scopes: ['im:write', 'mpim:write'], tier: 3, args: openArgs, run: open }),
}

/** One bad user fails the whole call unless `force` is set; `errors` names each. */
function invite(world: World, { channel: id, users, force }: z.output<typeof inviteArgs>): Answer {
  const channel = openChannel(world, id)
  if (isFailure(channel)) return channel
  if (channel.kind === 'im') return fail('method_not_supported_for_channel_type')
  const problem = inviteScopeProblem(world, channel)
  if (problem !== undefined) return problem
  if (users.length > inviteLimit) return fail('too_many_users')
  const errors = users.flatMap((user) => {
    const error = inviteProblem(world, channel, user)
    return error === undefined ? [] : [{ user, ok: false, error }]
  })
  const [first] = errors
  if (first !== undefined && force !== true) return fail(first.error, { errors })
  const welcome = users.filter((user) => inviteProblem(world, channel, user) === undefined)
  if (welcome.length === 0 && first !== undefined) return fail(first.error, { errors })
  for (const user of new Set(welcome)) joinChannel(world, channel, user, botUserId)
  return ok({ channel: channelJson(world, channel), ...(first === undefined ? {} : { errors }) })
}

function inviteScopeProblem(world: World, channel: Channel) {
  const narrow = channel.kind === 'private' ? 'groups:write.invites' : 'channels:write.invites'
  return world.manifest.scopes.includes(narrow) ? undefined : scopeProblem(world, channel, manageScopes)
}

function inviteProblem(world: World, channel: Channel, user: string): string | undefined {
  if (!world.users.has(user)) return 'user_not_found'
  if (user === botUserId) return 'cant_invite_self'
  return channel.members.has(user) ? 'already_in_channel' : undefined
}

function join(world: World, { channel: id }: z.output<typeof channelArgs>): Answer {
  const channel = visibleChannel(world, id)
  if (isFailure(channel)) return channel
  if (channel.kind !== 'public') return fail('method_not_supported_for_channel_type')
  if (channel.archived) return fail('is_archived')
  if (channel.members.has(botUserId)) return warn('already_in_channel', { channel: channelJson(world, channel) })
  joinChannel(world, channel, botUserId)
  return ok({ channel: channelJson(world, channel) })
}

function leave(world: World, { channel: id }: z.output<typeof channelArgs>): Answer {
  const channel = visibleChannel(world, id)
  if (isFailure(channel)) return channel
  if (channel.kind === 'im') return fail('method_not_supported_for_channel_type')
  if (channel.archived) return fail('is_archived')
  if (channel.name === 'general') return fail('cant_leave_general')
  if (!channel.members.has(botUserId)) return ok({ not_in_channel: true })
  leaveChannel(world, channel, botUserId)
  return ok()
}

function open(world: World, { channel: id, users, return_im: whole }: z.output<typeof openArgs>): Answer {
  if (id !== undefined) {
    const channel = visibleChannel(world, id)
    return isFailure(channel) ? channel : ok({ no_op: true, already_open: true, channel: shown(world, channel, whole) })
  }
  const [user] = users ?? []
  if (user === undefined) return fail('users_list_not_supplied')
  if ((users?.length ?? 0) > 1)
    return fail('missing_scope', { needed: 'mpim:write', provided: world.manifest.scopes.join(',') })
  const person = world.users.get(user)
  if (person === undefined) return fail('user_not_found')
  if (person.isBot) return fail('cannot_dm_bot')
  const known = [...world.channels.values()].some((channel) => channel.peer === user)
  const channel = directMessage(world, user)
  return ok({ ...(known ? { no_op: true, already_open: true } : {}), channel: shown(world, channel, whole) })
}

const shown = (world: World, channel: Channel, whole: boolean | undefined) =>
  whole === true ? channelJson(world, channel) : { id: channel.id }
