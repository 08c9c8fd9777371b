import type { Json, StateValues } from './types.ts'

/** A modal or a home tab that a person has in front of them. */
export type OpenView = {
  readonly id: string
  readonly userId: string
  readonly rootId: string
  readonly previousId: string | undefined
  /** What the app gave, with block and action ids filled in. */
  content: Json
  hash: string
  state: StateValues
  /** The app's errors under inputs, by block_id. */
  errors: Readonly<Record<string, string>>
}

export type Views = {
  /** Modals by person, the top one last. */
  readonly stacks: Map<string, OpenView[]>
  readonly homes: Map<string, OpenView>
}

export const stackLimit = 3

export function createViews(): Views {
  return { stacks: new Map(), homes: new Map() }
}

export function stackOf(views: Views, userId: string): readonly OpenView[] {
  return views.stacks.get(userId) ?? []
}

function allViews(views: Views): OpenView[] {
  return [...[...views.stacks.values()].flat(), ...views.homes.values()]
}

export function findView(views: Views, id: string): OpenView | undefined {
  return allViews(views).find((view) => view.id === id)
}

export function findByExternalId(views: Views, externalId: string): OpenView | undefined {
  return allViews(views).find((view) => view.content['external_id'] === externalId)
}

/** Takes one modal, and those above it, off a person's stack. */
export function removeView(views: Views, view: OpenView): OpenView[] {
  const stack = views.stacks.get(view.userId) ?? []
  const index = stack.indexOf(view)
  return index < 0 ? [] : stack.splice(index)
}
