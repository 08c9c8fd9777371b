import { z } from 'zod'
import { fail } from '../api/answers.ts'
import { isObject } from '../model/json.ts'
import { stateShapes } from '../model/state.ts'
import type { Json, User } from '../model/types.ts'
import { bad, interaction, isBad, type PersonAnswer, type PersonContext, personOf, send, silence } from './context.ts'
import { fill } from './inputs.ts'
import {
  type FoundElement,
  findElement,
  isPlace,
  keepState,
  type Place,
  placeFields,
  placeOf,
  placePayload,
  stateIn,
} from './place.ts'
import { placeKey } from './suggest.ts'
import { choose, optionsOf } from './values.ts'

const chosenFields = [
  'value',
  'selected_option',
  'selected_options',
  'selected_user',
  'selected_users',
  'selected_channel',
  'selected_channels',
  'selected_conversation',
  'selected_conversations',
  'selected_date',
  'selected_time',
  'selected_date_time',
] as const

export const clickBody = z.strictObject({
  user: z.string(),
  ...placeFields,
  action_id: z.string(),
  /** What else the view's inputs hold by now. */
  values: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  ...Object.fromEntries(chosenFields.map((name) => [name, z.unknown().optional()])),
})

/** A person presses a button or chooses something; answers when the app has acked, or after 3 s. */
export async function click(context: PersonContext, body: z.output<typeof clickBody>): Promise<PersonAnswer> {
  const { world } = context
  const user = personOf(world, body.user)
  if (isBad(user)) return user
  const place = placeOf(world, user, body)
  if (!isPlace(place)) return place
  const found = findElement(place, body.action_id, body.block_id)
  if ('ok' in found) return found
  const problem = place.kind === 'view' ? fill(context, place.view, body.values ?? {}) : undefined
  if (problem !== undefined) return problem
  const fields: Json = body
  const given = chosenFields.map((name) => fields[name]).find((value) => value !== undefined)
  const action = actionOf(context, user, place, found, given)
  if (isBad(action)) return action
  const delivered = await send(
    context,
    'interactive',
    {
      type: 'block_actions',
      ...interaction(
        world,
        user,
        place.kind === 'view' && place.view.content['type'] === 'modal' ? place.view.id : undefined,
      ),
      ...placePayload(context, user, place),
      actions: [{ ...action, action_ts: world.nextTs() }],
    },
    false,
  )
  if (delivered.kind === 'acked') return { ok: true }
  return fail(silence(delivered), { message: 'The app did not answer. Press again.' })
}

/** The `actions` entry of this press; a choice is kept in the place's state. */
function actionOf(
  context: PersonContext,
  user: User,
  place: Place,
  { element, blockId }: FoundElement,
  given: unknown,
): Json {
  const type = String(element['type'])
  const common = { type, action_id: element['action_id'], block_id: blockId }
  if (type === 'overflow') {
    const wanted = isObject(given) ? given['value'] : given
    const option = optionsOf(element).find((one) => one['value'] === wanted)
    return option === undefined
      ? bad(
          'selected_option',
          optionsOf(element).map((one) => one['value']),
          'invalid_value',
        )
      : { ...common, selected_option: option }
  }
  if (type === 'feedback_buttons') {
    const buttons = [element['positive_button'], element['negative_button']].filter(isObject)
    const pressed = buttons.find((one) => one['value'] === given)
    return pressed === undefined
      ? bad(
          'value',
          buttons.map((one) => one['value']),
          'invalid_value',
        )
      : { ...common, ...pressed }
  }
  const shape = stateShapes[type]
  if (shape === undefined) return { ...common, ...only(element, ['text', 'value', 'style', 'icon', 'url', 'confirm']) }
  const before = stateIn(place, user)
  const current = before[blockId]?.[String(element['action_id'])]
  const key = placeKey(user.id, String(element['action_id']))
  const chosen = given === undefined ? { state: current ?? {} } : choose(element, given, context.suggestions.get(key))
  if ('allowed' in chosen) return bad('value', chosen.allowed, 'invalid_value')
  keepState(place, user, { ...before, [blockId]: { ...before[blockId], [String(element['action_id'])]: chosen.state } })
  return { ...common, ...chosen.state, ...only(element, ['placeholder', shape.initial, 'confirm']) }
}

function only(element: Json, names: readonly string[]): Json {
  return Object.fromEntries(names.filter((name) => element[name] !== undefined).map((name) => [name, element[name]]))
}
