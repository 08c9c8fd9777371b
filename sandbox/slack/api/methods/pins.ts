import { z } from 'zod'
import { messageJson } from '../../model/message-shape.ts'
import { tellMessage } from '../../model/messages.ts'
import { audience, botUserId, seconds } from '../../model/world.ts'
import { openChannel, sharedMessage } from '../access.ts'
import { fail, isFailure, ok } from '../answers.ts'
import { text } from '../fields.ts'
import { type Method, method } from '../method.ts'

const pinLimit = 100
const place = z.object({ channel: text, timestamp: text })

export const pinMethods: Readonly<Record<string, Method>> = {
  'pins.add': method({
    scopes: ['pins:write'],
    tier: 2,
    args: place,
    run: (world, args) => {
      const channel = openChannel(world, args.channel)
      if (isFailure(channel)) return channel
      const message = sharedMessage(channel, args.timestamp)
      if (isFailure(message)) return message
      if (channel.pins.some((pin) => pin.ts === message.ts)) return fail('already_pinned')
      if (channel.pins.length >= pinLimit) return fail('too_many_pins')
      channel.pins.push({ ts: message.ts, user: botUserId, created: seconds(world) })
      tellMessage(world, channel, message)
      world.tellPages(audience(world, channel), { type: 'channels', channel: channel.id })
      return ok()
    },
  }),
  'pins.list': method({
    scopes: ['pins:read'],
    tier: 2,
    args: z.object({ channel: text }),
    run: (world, args) => {
      const channel = openChannel(world, args.channel)
      if (isFailure(channel)) return channel
      const items = channel.pins.flatMap((pin) => {
        const message = channel.messages.get(pin.ts)
        if (message === undefined) return []
        return [
          {
            type: 'message',
            channel: channel.id,
            created: pin.created,
            created_by: pin.user,
            message: messageJson(world, channel, message),
          },
        ]
      })
      return ok({ items })
    },
  }),
  'pins.remove': method({
    scopes: ['pins:write'],
    tier: 2,
    args: place,
    run: (world, args) => {
      const channel = openChannel(world, args.channel)
      if (isFailure(channel)) return channel
      const message = sharedMessage(channel, args.timestamp)
      if (isFailure(message)) return message
      if (!channel.pins.some((pin) => pin.ts === message.ts)) return fail('no_pin')
      channel.pins = channel.pins.filter((pin) => pin.ts !== message.ts)
      tellMessage(world, channel, message)
      return ok()
    },
  }),
}
