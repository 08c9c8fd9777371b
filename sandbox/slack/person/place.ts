import { z } from 'zod'
import { fail } from '../api/answers.ts'
import { interactive } from '../blocks/validate.ts'
import { objects } from '../model/json.ts'
import { messageJson } from '../model/message-shape.ts'
import { initialState } from '../model/state.ts'
import type { Channel, Json, Message, StateValues, User } from '../model/types.ts'
import { viewJson } from '../model/view-shape.ts'
import { findView, type OpenView } from '../model/views.ts'
import type { World } from '../model/world.ts'
import { bad, channelOf, isBad, messageOf, type PersonAnswer, type PersonContext } from './context.ts'

export const placeFields = {
  channel: z.string().optional(),
  ts: z.string().optional(),
  view_id: z.string().optional(),
  block_id: z.string().optional(),
}

/** Where a person acts: in a view or in a message. */
export type Place =
  | { readonly kind: 'view'; readonly view: OpenView; readonly blocks: readonly Json[] }
  | { readonly kind: 'message'; readonly channel: Channel; readonly message: Message; readonly blocks: readonly Json[] }

type Given = {
  readonly channel?: string | undefined
  readonly ts?: string | undefined
  readonly view_id?: string | undefined
}

export const isPlace = (value: Place | PersonAnswer): value is Place => 'kind' in value

export function placeOf(world: World, user: User, given: Given): Place | PersonAnswer {
  if (given.view_id !== undefined) {
    const view = findView(world.views, given.view_id)
    if (view === undefined || view.userId !== user.id)
      return fail('view_not_found', { message: 'That view is no longer open.' })
    return { kind: 'view', view, blocks: objects(view.content['blocks']) }
  }
  if (given.channel === undefined) return bad('channel', 'channel and ts, or view_id', 'missing_field')
  if (given.ts === undefined) return bad('ts', 'channel and ts, or view_id', 'missing_field')
  const channel = channelOf(world, user, given.channel)
  if (isBad(channel)) return channel
  const message = messageOf(channel, user, given.ts)
  if ('ok' in message) return message
  const attached = (message.attachments ?? []).flatMap((attachment) => objects(attachment['blocks']))
  return { kind: 'message', channel, message, blocks: [...(message.blocks ?? []), ...attached] }
}

export type FoundElement = { readonly element: Json; readonly blockId: string }

/** The element with this action_id; several blocks may hold one, then block_id must say which. */
export function findElement(place: Place, actionId: string, blockId: string | undefined): FoundElement | PersonAnswer {
  const all = place.blocks.flatMap((block) =>
    interactive(block, '').map(([element]) => ({ element, blockId: String(block['block_id']) })),
  )
  const named = all.filter(({ element }) => element['action_id'] === actionId)
  const found = blockId === undefined ? named : named.filter((one) => one.blockId === blockId)
  const [first, second] = found
  if (first === undefined) {
    return fail('action_not_found', {
      message: 'That is no longer there.',
      actions: all.map(({ element, blockId: block }) => ({ action_id: element['action_id'], block_id: block })),
    })
  }
  return second === undefined
    ? first
    : bad(
        'block_id',
        found.map((one) => one.blockId),
        'ambiguous_action',
      )
}

/** What the person has in the place's inputs. */
export function stateIn(place: Place, user: User): StateValues {
  if (place.kind === 'view') return place.view.state
  return place.message.states.get(user.id) ?? initialState({ blocks: place.blocks })
}

export function keepState(place: Place, user: User, state: StateValues): void {
  if (place.kind === 'view') place.view.state = state
  else place.message.states.set(user.id, state)
}

/** The fields of a payload that say where it came from. */
export function placePayload({ world, responseUrls }: PersonContext, user: User, place: Place): Json {
  if (place.kind === 'view') {
    return { container: { type: 'view', view_id: place.view.id }, view: viewJson(world, place.view) }
  }
  const { channel, message } = place
  const isEphemeral = message.ephemeralTo !== undefined
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    },
    channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
    // Slack does not hand an ephemeral message back to the app.
    ...(isEphemeral ? {} : { message: messageJson(world, channel, message, true) }),
    state: { values: stateIn(place, user) },
    response_url: responseUrls.issue({ channel, userId: user.id, message }),
  }
}
