import { type Failure, fail, failWith } from '../api/answers.ts'
import { interactive, withIds } from '../blocks/validate.ts'
import { viewProblems } from '../blocks/views.ts'
import { newId, shortId } from './ids.ts'
import { isObject, objects, stringOf } from './json.ts'
import { initialState } from './state.ts'
import type { Json, StateValues } from './types.ts'
import { findByExternalId, type OpenView, removeView } from './views.ts'
import type { World } from './world.ts'

/** Checks a view and fills in the ids that it leaves out. */
export function readView(world: World, given: unknown, kind: 'modal' | 'home', instead?: OpenView): Json | Failure {
  if (!isObject(given)) return failWith('invalid_arguments', ['must provide an object [json-pointer:/view]'])
  const problems = viewProblems(given, kind)
  if (problems?.error === 'view_too_large') return fail('view_too_large')
  if (problems !== undefined) return failWith(problems.error, problems.messages)
  const externalId = stringOf(given['external_id']) ?? ''
  const holder = externalId === '' ? undefined : findByExternalId(world.views, externalId)
  if (holder !== undefined && holder !== instead) return fail('duplicate_external_id')
  return { ...given, blocks: withIds(objects(given['blocks'])) }
}

const newHash = (world: World): string => `${Math.floor(world.clock() / 1000)}.${shortId()}${shortId()}`

/** Opens a modal in front of a person: on top of theirs, or instead of them. */
export function placeModal(world: World, userId: string, content: Json, push: boolean): OpenView {
  const below = push ? (world.views.stacks.get(userId) ?? []) : []
  const id = newId('V')
  const view: OpenView = {
    id,
    userId,
    rootId: below[0]?.rootId ?? id,
    previousId: below.at(-1)?.id,
    content,
    hash: newHash(world),
    state: initialState(content),
    errors: {},
  }
  world.views.stacks.set(userId, [...below, view])
  world.tellPages([userId], { type: 'view' })
  return view
}

/** Changes what a view shows; what people typed stays where block and action ids stay the same. */
export function replaceContent(world: World, view: OpenView, content: Json): void {
  view.state = keptState(view, content)
  view.content = content
  view.hash = newHash(world)
  view.errors = {}
  world.tellPages([view.userId], { type: content['type'] === 'home' ? 'home' : 'view' })
}

function keptState(view: OpenView, content: Json): StateValues {
  const types = elementTypes(view.content)
  const state = initialState(content)
  for (const [place, type] of elementTypes(content)) {
    const [blockId = '', actionId = ''] = place.split('\n')
    const before = view.state[blockId]?.[actionId]
    if (before !== undefined && types.get(place) === type) state[blockId] = { ...state[blockId], [actionId]: before }
  }
  return state
}

function elementTypes(content: Json): Map<string, unknown> {
  return new Map(
    objects(content['blocks']).flatMap((block) =>
      interactive(block, '').map(
        ([element]) => [`${block['block_id']}\n${element['action_id']}`, element['type']] as const,
      ),
    ),
  )
}

export function publishHome(world: World, userId: string, content: Json): OpenView {
  const before = world.views.homes.get(userId)
  if (before !== undefined) {
    replaceContent(world, before, content)
    return before
  }
  const id = newId('V')
  const home: OpenView = {
    id,
    userId,
    rootId: id,
    previousId: undefined,
    content,
    hash: newHash(world),
    state: initialState(content),
    errors: {},
  }
  world.views.homes.set(userId, home)
  world.tellPages([userId], { type: 'home' })
  return home
}

/** Takes one modal away, and those above it. */
export function closeView(world: World, view: OpenView): OpenView[] {
  const gone = removeView(world.views, view)
  world.tellPages([view.userId], { type: 'view' })
  return gone
}

/** Takes all modals of a person away. */
export function clearViews(world: World, userId: string): OpenView[] {
  const gone = world.views.stacks.get(userId) ?? []
  world.views.stacks.delete(userId)
  world.tellPages([userId], { type: 'view' })
  return gone
}
