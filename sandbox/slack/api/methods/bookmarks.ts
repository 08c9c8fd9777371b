import { z } from 'zod'
import { bookmarkJson } from '../../model/channel-shape.ts'
import { newId } from '../../model/ids.ts'
import type { Bookmark, Channel } from '../../model/types.ts'
import { audience, seconds, type World } from '../../model/world.ts'
import { openChannel } from '../access.ts'
import { type Answer, fail, isFailure, ok } from '../answers.ts'
import { freeText, text } from '../fields.ts'
import { type Method, method } from '../method.ts'

const bookmarkLimit = 100

const addArgs = z.object({
  channel_id: text,
  title: text,
  type: text,
  link: freeText.optional(),
  emoji: freeText.optional(),
})
const editArgs = z.object({
  channel_id: text,
  bookmark_id: text,
  title: text.optional(),
  link: freeText.optional(),
  emoji: freeText.optional(),
})
const removeArgs = z.object({ channel_id: text, bookmark_id: text })

export const bookmarkMethods: Readonly<Record<string, Method>> = {
  'bookmarks.add': method({ scopes: ['bookmarks:write'], tier: 2, args: addArgs, run: add }),
  'bookmarks.edit': method({ scopes: ['bookmarks:write'], tier: 2, args: editArgs, run: edit }),
  'bookmarks.remove': method({
    scopes: ['bookmarks:write'],
    tier: 2,
    args: removeArgs,
    run: (world, args) => {
      const channel = openChannel(world, args.channel_id)
      if (isFailure(channel)) return channel
      if (!channel.bookmarks.some((one) => one.id === args.bookmark_id)) return fail('not_found')
      return keep(
        world,
        channel,
        channel.bookmarks.filter((one) => one.id !== args.bookmark_id),
      )
    },
  }),
  'bookmarks.list': method({
    scopes: ['bookmarks:read'],
    tier: 3,
    args: z.object({ channel_id: text }),
    run: (world, args) => {
      const channel = openChannel(world, args.channel_id)
      if (isFailure(channel)) return channel
      return ok({ bookmarks: channel.bookmarks.map((bookmark) => bookmarkJson(world, channel, bookmark)) })
    },
  }),
}

function add(world: World, args: z.output<typeof addArgs>): Answer {
  const channel = openChannel(world, args.channel_id)
  if (isFailure(channel)) return channel
  if (args.type !== 'link') return fail('invalid_bookmark_type')
  if (!isLink(args.link)) return fail('invalid_link')
  if (channel.bookmarks.length >= bookmarkLimit) return fail('too_many_bookmarks')
  const now = seconds(world)
  const bookmark: Bookmark = {
    id: newId('Bk'),
    title: args.title,
    link: args.link ?? '',
    emoji: args.emoji ?? '',
    created: now,
    updated: 0,
  }
  keep(world, channel, [...channel.bookmarks, bookmark])
  return ok({ bookmark: bookmarkJson(world, channel, bookmark) })
}

function edit(world: World, args: z.output<typeof editArgs>): Answer {
  const channel = openChannel(world, args.channel_id)
  if (isFailure(channel)) return channel
  const before = channel.bookmarks.find((one) => one.id === args.bookmark_id)
  if (before === undefined) return fail('not_found')
  if (args.link !== undefined && !isLink(args.link)) return fail('invalid_link')
  const after: Bookmark = {
    ...before,
    title: args.title ?? before.title,
    link: args.link ?? before.link,
    emoji: args.emoji ?? before.emoji,
    updated: seconds(world),
  }
  keep(
    world,
    channel,
    channel.bookmarks.map((one) => (one === before ? after : one)),
  )
  return ok({ bookmark: bookmarkJson(world, channel, after) })
}

function keep(world: World, channel: Channel, bookmarks: Bookmark[]): Answer {
  channel.bookmarks = bookmarks
  world.tellPages(audience(world, channel), { type: 'channels', channel: channel.id })
  return ok()
}

function isLink(link: string | undefined): boolean {
  return link !== undefined && /^https?:\/\/\S+$/.test(link)
}
