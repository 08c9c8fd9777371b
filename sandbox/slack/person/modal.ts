import { z } from 'zod'
import { fail, isFailure } from '../api/answers.ts'
import type { Delivered } from '../app/delivery.ts'
import { isObject, objects } from '../model/json.ts'
import type { Json, User } from '../model/types.ts'
import { clearViews, closeView, placeModal, readView, replaceContent } from '../model/view-changes.ts'
import { viewJson } from '../model/view-shape.ts'
import { findView, type OpenView, stackLimit, stackOf } from '../model/views.ts'
import type { World } from '../model/world.ts'
import { interaction, isBad, type PersonAnswer, type PersonContext, personOf, send, silence } from './context.ts'
import { fill, inputErrors } from './inputs.ts'

export const submitBody = z.strictObject({
  user: z.string(),
  view_id: z.string(),
  values: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
})
export const closeBody = z.strictObject({ user: z.string(), view_id: z.string() })

/** A person submits a modal; the app answers within 3 s with errors, another view, or nothing. */
export async function submit(context: PersonContext, body: z.output<typeof submitBody>): Promise<PersonAnswer> {
  const found = modalOf(context.world, body)
  if ('ok' in found) return found
  const { user, view } = found
  if (view.content['submit'] === undefined) return fail('no_submit', { message: 'This view has nothing to submit.' })
  const problem = fill(context, view, body.values)
  if (problem !== undefined) return problem
  const refused = inputErrors(view)
  if (Object.keys(refused).length > 0) return showErrors(context.world, view, refused)
  const delivered = await send(
    context,
    'interactive',
    {
      type: 'view_submission',
      ...interaction(context.world, user, view.id),
      view: viewJson(context.world, view),
      response_urls: [],
    },
    true,
  )
  return follow(context.world, user, view, delivered)
}

function follow(world: World, user: User, view: OpenView, delivered: Delivered): PersonAnswer {
  if (delivered.kind !== 'acked') {
    return fail(silence(delivered), { message: 'We had some trouble connecting. Try again?' })
  }
  const answer = isObject(delivered.payload) ? delivered.payload : {}
  switch (answer['response_action']) {
    case undefined:
      closeView(world, view)
      return { ok: true }
    case 'clear':
      clearViews(world, user.id)
      return { ok: true }
    case 'errors':
      return answeredErrors(world, view, answer['errors'])
    case 'update':
    case 'push':
      return answeredView(world, user, view, answer)
    default:
      return unusable(`response_action must be one of: errors, update, push, clear`)
  }
}

const unusable = (...problems: readonly string[]): PersonAnswer =>
  fail('invalid_response', { message: 'We had some trouble connecting. Try again?', problems })

function answeredErrors(world: World, view: OpenView, errors: unknown): PersonAnswer {
  const inputs = objects(view.content['blocks'])
    .filter((block) => block['type'] === 'input')
    .map((block) => block['block_id'])
  const known = isObject(errors)
    ? Object.entries(errors).filter(([id, text]) => inputs.includes(id) && typeof text === 'string')
    : []
  if (!isObject(errors) || known.length === 0 || known.length < Object.keys(errors).length) {
    return unusable(`errors must be texts by the block_id of input blocks: ${inputs.join(', ')}`)
  }
  return showErrors(world, view, Object.fromEntries(known.map(([id, text]) => [id, String(text)])))
}

function showErrors(world: World, view: OpenView, errors: Readonly<Record<string, string>>): PersonAnswer {
  view.errors = errors
  world.tellPages([view.userId], { type: 'view' })
  return fail('invalid_inputs', { errors })
}

function answeredView(world: World, user: User, view: OpenView, answer: Json): PersonAnswer {
  const push = answer['response_action'] === 'push'
  const content = readView(world, answer['view'], 'modal', push ? undefined : view)
  if (isFailure(content)) return unusable(content.error, JSON.stringify(content['response_metadata'] ?? {}))
  if (!stackOf(world.views, user.id).includes(view)) return { ok: true }
  if (!push) replaceContent(world, view, content)
  else if (stackOf(world.views, user.id).length >= stackLimit) return unusable('push_limit_reached')
  else placeModal(world, user.id, content, true)
  return { ok: true }
}

/** A person closes a modal without submitting; the app hears of it when it asked to. */
export async function close(context: PersonContext, body: z.output<typeof closeBody>): Promise<PersonAnswer> {
  const found = modalOf(context.world, body)
  if ('ok' in found) return found
  const { user, view } = found
  const isCleared = view.content['clear_on_close'] === true
  const gone = isCleared ? clearViews(context.world, user.id) : closeView(context.world, view)
  const asked = gone.filter((one) => one.content['notify_on_close'] === true)
  await Promise.all(
    asked.map((one) =>
      send(
        context,
        'interactive',
        {
          type: 'view_closed',
          ...interaction(context.world, user),
          view: viewJson(context.world, one),
          is_cleared: isCleared,
        },
        false,
      ),
    ),
  )
  return { ok: true }
}

type Found = { readonly user: User; readonly view: OpenView }

function modalOf(world: World, body: { readonly user: string; readonly view_id: string }): Found | PersonAnswer {
  const user = personOf(world, body.user)
  if (isBad(user)) return user
  const view = findView(world.views, body.view_id)
  const open = view !== undefined && stackOf(world.views, user.id).includes(view)
  return open ? { user, view } : fail('view_not_found', { message: 'That view is no longer open.' })
}
