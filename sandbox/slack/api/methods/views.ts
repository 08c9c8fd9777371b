import { z } from 'zod'
import { isObject } from '../../model/json.ts'
import { placeModal, publishHome, readView, replaceContent } from '../../model/view-changes.ts'
import { viewJson } from '../../model/view-shape.ts'
import { findByExternalId, findView, stackLimit, stackOf } from '../../model/views.ts'
import type { World } from '../../model/world.ts'
import { type Answer, fail, failWith, isFailure, ok } from '../answers.ts'
import { freeText, nested, text } from '../fields.ts'
import { type Method, method } from '../method.ts'

const openArgs = z.object({ trigger_id: text, view: nested })
const updateArgs = z.object({
  view_id: text.optional(),
  external_id: text.optional(),
  hash: freeText.optional(),
  view: nested,
})
const publishArgs = z.object({ user_id: text, hash: freeText.optional(), view: nested })

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': method({ tier: 4, args: openArgs, run: (world, args) => place(world, args, false) }),
  'views.push': method({ tier: 4, args: openArgs, run: (world, args) => place(world, args, true) }),
  'views.update': method({ tier: 4, args: updateArgs, run: update }),
  'views.publish': method({ tier: 4, args: publishArgs, run: publish }),
}

/** Slack looks at the view first, so that a bad view does not use the trigger up. */
function place(world: World, { trigger_id: triggerId, view }: z.output<typeof openArgs>, push: boolean): Answer {
  const content = readView(world, view, 'modal')
  if (isFailure(content)) return content
  const trigger = world.triggers.exchange(triggerId)
  if (typeof trigger === 'string') return fail(trigger)
  const stack = stackOf(world.views, trigger.userId)
  if (push) {
    if (trigger.viewId === undefined || stack.length === 0) return fail('not_found')
    if (stack.length >= stackLimit) return fail('push_limit_reached')
  }
  return ok({ view: viewJson(world, placeModal(world, trigger.userId, content, push)) })
}

function update(world: World, args: z.output<typeof updateArgs>): Answer {
  const { view_id: id, external_id: externalId, hash, view } = args
  if (id === undefined && externalId === undefined) {
    return failWith('invalid_arguments', ['missing required field: view_id or external_id'])
  }
  const open = id !== undefined ? findView(world.views, id) : findByExternalId(world.views, externalId ?? '')
  if (open === undefined) return fail('not_found')
  const kind = open.content['type'] === 'home' ? 'home' : 'modal'
  const content = readView(world, view, kind, open)
  if (isFailure(content)) return content
  if (hash !== undefined && hash !== '' && hash !== open.hash) return fail('hash_conflict')
  replaceContent(world, open, content)
  return ok({ view: viewJson(world, open) })
}

function publish(world: World, { user_id: userId, hash, view }: z.output<typeof publishArgs>): Answer {
  if (!world.manifest.homeTab) return fail('not_enabled')
  const user = world.users.get(userId)
  if (user === undefined || user.isBot)
    return failWith('invalid_arguments', ['invalid `user_id` [json-pointer:/user_id]'])
  const content = readView(world, isObject(view) ? view : undefined, 'home', world.views.homes.get(userId))
  if (isFailure(content)) return content
  const before = world.views.homes.get(userId)
  if (hash !== undefined && hash !== '' && before !== undefined && hash !== before.hash) return fail('hash_conflict')
  return ok({ view: viewJson(world, publishHome(world, userId, content)) })
}
