import { z } from 'zod'
import { messageJson } from '../../model/message-shape.ts'
import { addReaction, removeReaction } from '../../model/reactions.ts'
import type { Channel, Message } from '../../model/types.ts'
import { botUserId, type World } from '../../model/world.ts'
import { openChannel, sharedMessage } from '../access.ts'
import { type Failure, fail, isFailure, ok } from '../answers.ts'
import { flag, text } from '../fields.ts'
import { type Method, method } from '../method.ts'

const args = z.object({ channel: text, timestamp: text, name: text })

export const reactionMethods: Readonly<Record<string, Method>> = {
  'reactions.add': method({
    scopes: ['reactions:write'],
    tier: 3,
    args,
    run: (world, given) => {
      const found = find(world, given)
      if (isFailure(found)) return found
      const problem = addReaction(world, found.channel, found.message, botUserId, given.name)
      return problem === undefined ? ok() : fail(problem)
    },
  }),
  'reactions.remove': method({
    scopes: ['reactions:write'],
    tier: 2,
    args,
    run: (world, given) => {
      const found = find(world, given)
      if (isFailure(found)) return found
      const problem = removeReaction(world, found.channel, found.message, botUserId, given.name)
      return problem === undefined ? ok() : fail(problem)
    },
  }),
  'reactions.get': method({
    scopes: ['reactions:read'],
    tier: 3,
    args: z.object({ channel: text, timestamp: text, full: flag.optional() }),
    run: (world, given) => {
      const found = find(world, given)
      if (isFailure(found)) return found
      return ok({
        type: 'message',
        channel: found.channel.id,
        message: messageJson(world, found.channel, found.message),
      })
    },
  }),
}

type Found = { readonly channel: Channel; readonly message: Message }

function find(
  world: World,
  { channel: id, timestamp }: { readonly channel: string; readonly timestamp: string },
): Found | Failure {
  const channel = openChannel(world, id)
  if (isFailure(channel)) return channel
  const message = sharedMessage(channel, timestamp)
  return isFailure(message) ? message : { channel, message }
}
