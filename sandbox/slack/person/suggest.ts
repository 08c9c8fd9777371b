import { z } from 'zod'
import { fail } from '../api/answers.ts'
import { isObject, objects } from '../model/json.ts'
import { interaction, isBad, type PersonAnswer, type PersonContext, personOf, send, silence } from './context.ts'
import { findElement, isPlace, placeFields, placeOf, placePayload } from './place.ts'

export const suggestBody = z.strictObject({
  user: z.string(),
  ...placeFields,
  action_id: z.string(),
  value: z.string().default(''),
})

/** Where suggestions are kept for the choice that follows. */
export const placeKey = (userId: string, actionId: string): string => `${userId} ${actionId}`

/** A person types into an external menu: the app suggests options. */
export async function suggest(context: PersonContext, body: z.output<typeof suggestBody>): Promise<PersonAnswer> {
  const user = personOf(context.world, body.user)
  if (isBad(user)) return user
  const place = placeOf(context.world, user, body)
  if (!isPlace(place)) return place
  const found = findElement(place, body.action_id, body.block_id)
  if ('ok' in found) return found
  const delivered = await send(
    context,
    'interactive',
    {
      type: 'block_suggestion',
      ...interaction(context.world, user),
      ...placePayload(context, user, place),
      action_id: body.action_id,
      block_id: found.blockId,
      value: body.value,
    },
    true,
  )
  if (delivered.kind !== 'acked') return fail(silence(delivered))
  const payload = isObject(delivered.payload) ? delivered.payload : {}
  const groups = objects(payload['option_groups'])
  const options = [...objects(payload['options']), ...groups.flatMap((group) => objects(group['options']))]
  context.suggestions.set(placeKey(user.id, body.action_id), options)
  return { ok: true, options: objects(payload['options']), option_groups: groups }
}
