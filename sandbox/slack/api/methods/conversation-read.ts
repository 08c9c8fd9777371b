import { z } from 'zod'
import { channelJson } from '../../model/channel-shape.ts'
import type { Channel } from '../../model/types.ts'
import { botUserId, type World } from '../../model/world.ts'
import { readScopes, scopeProblem, visibleChannel } from '../access.ts'
import { type Answer, fail, isFailure, ok } from '../answers.ts'
import { flag, freeText, paging, text } from '../fields.ts'
import { type Method, method } from '../method.ts'
import { page } from '../paging.ts'
import { missingScope } from '../scopes.ts'

const anyRead = Object.values(readScopes)

const listArgs = z.object({ types: freeText.optional(), exclude_archived: flag.optional(), ...paging })
const infoArgs = z.object({ channel: text, include_locale: flag.optional(), include_num_members: flag.optional() })
const membersArgs = z.object({ channel: text, ...paging })

const kinds: Readonly<Record<string, Channel['kind'] | 'mpim'>> = {
  public_channel: 'public',
  private_channel: 'private',
  im: 'im',
  mpim: 'mpim',
}

export const conversationReadMethods: Readonly<Record<string, Method>> = {
  'conversations.list': method({ scopes: anyRead, tier: 2, args: listArgs, run: list }),
  'conversations.info': method({ scopes: anyRead, tier: 3, args: infoArgs, run: info }),
  'conversations.members': method({ scopes: anyRead, tier: 4, args: membersArgs, run: members }),
}

function list(world: World, args: z.output<typeof listArgs>): Answer {
  const wanted = (args.types ?? 'public_channel').split(',').map((type) => type.trim())
  const unknown = wanted.find((type) => !Object.hasOwn(kinds, type))
  if (unknown !== undefined) return fail('invalid_types')
  const asked = wanted.flatMap((type) => kinds[type] ?? [])
  const needed = asked.map((kind) => (kind === 'mpim' ? 'mpim:read' : readScopes[kind]))
  if (needed.some((scope) => !world.manifest.scopes.includes(scope))) return missingScope(needed, world.manifest.scopes)
  const found = [...world.channels.values()].filter(
    (channel) =>
      asked.includes(channel.kind) &&
      !isFailure(visibleChannel(world, channel.id)) &&
      !(args.exclude_archived === true && channel.archived),
  )
  const shown = page(found, args, 100, 1000)
  if (isFailure(shown)) return shown
  return ok({
    channels: shown.items.map((channel) => ({ ...channelJson(world, channel), num_members: channel.members.size })),
    response_metadata: shown.metadata,
  })
}

function info(world: World, args: z.output<typeof infoArgs>): Answer {
  const channel = visibleChannel(world, args.channel)
  if (isFailure(channel)) return channel
  return (
    scopeProblem(world, channel, readScopes) ??
    ok({
      channel: {
        ...channelJson(world, channel),
        ...(args.include_num_members === true ? { num_members: channel.members.size } : {}),
        ...(args.include_locale === true ? { locale: 'en-US' } : {}),
      },
    })
  )
}

function members(world: World, args: z.output<typeof membersArgs>): Answer {
  const channel = visibleChannel(world, args.channel)
  if (isFailure(channel)) return channel
  const problem = scopeProblem(world, channel, readScopes)
  if (problem !== undefined) return problem
  if (channel.kind !== 'public' && !channel.members.has(botUserId)) return fail('channel_not_found')
  const shown = page([...channel.members], args, 100, 1000)
  return isFailure(shown) ? shown : ok({ members: shown.items, response_metadata: shown.metadata })
}
