import { interactive } from '../blocks/validate.ts'
import { objects } from '../model/json.ts'
import type { Json, StateValues } from '../model/types.ts'
import type { OpenView } from '../model/views.ts'
import { type BadField, bad, type PersonContext } from './context.ts'
import { placeKey } from './suggest.ts'
import { choose } from './values.ts'

export type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Puts what a person typed into the view's state. @returns what was wrong with it, or undefined */
export function fill(context: PersonContext, view: OpenView, values: Values): BadField | undefined {
  const blocks = objects(view.content['blocks'])
  const state: StateValues = { ...view.state }
  for (const [blockId, actions] of Object.entries(values)) {
    const block = blocks.find((one) => one['block_id'] === blockId)
    if (block === undefined)
      return bad(
        `values.${blockId}`,
        blocks.map((one) => one['block_id']),
        'unknown_block',
      )
    for (const [actionId, value] of Object.entries(actions)) {
      const elements = interactive(block, '').map(([element]) => element)
      const element = elements.find((one) => one['action_id'] === actionId)
      const field = `values.${blockId}.${actionId}`
      if (element === undefined)
        return bad(
          field,
          elements.map((one) => one['action_id']),
          'unknown_action',
        )
      const chosen = choose(element, value, context.suggestions.get(placeKey(view.userId, actionId)))
      if ('allowed' in chosen) return bad(field, chosen.allowed, 'invalid_value')
      state[blockId] = { ...state[blockId], [actionId]: chosen.state }
    }
  }
  view.state = state
  return undefined
}

/** What Slack's own client refuses before the app hears of it, by block_id. */
export function inputErrors(view: OpenView): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const block of objects(view.content['blocks'])) {
    if (block['type'] !== 'input') continue
    const [found] = interactive(block, '')
    if (found === undefined) continue
    const [element] = found
    const state = view.state[String(block['block_id'])]?.[String(element['action_id'])]
    const problem = inputProblem(element, state, block['optional'] === true)
    if (problem !== undefined) errors[String(block['block_id'])] = problem
  }
  return errors
}

function inputProblem(element: Json, state: Json | undefined, optional: boolean): string | undefined {
  const [value] = Object.entries(state ?? {}).flatMap(([name, field]) => (name === 'type' ? [] : [field]))
  const empty =
    value === undefined ||
    value === null ||
    (typeof value === 'string' && value.trim() === '') ||
    (Array.isArray(value) && value.length === 0)
  if (empty) return optional ? undefined : 'Please complete this required field.'
  const most = element['max_selected_items']
  if (Array.isArray(value))
    return typeof most === 'number' && value.length > most ? `Choose no more than ${most}.` : undefined
  return typeof value === 'string' ? textProblem(element, value) : undefined
}

function textProblem(element: Json, value: string): string | undefined {
  const number = (name: string) => (element[name] === undefined ? undefined : Number(element[name]))
  if (element['type'] === 'plain_text_input') {
    const [least, most] = [number('min_length') ?? 0, number('max_length') ?? 3000]
    if (value.length < least) return `Must be at least ${least} characters.`
    return value.length > most ? `Must be no more than ${most} characters.` : undefined
  }
  if (element['type'] === 'number_input') {
    const form = element['is_decimal_allowed'] === true ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/
    if (!form.test(value))
      return element['is_decimal_allowed'] === true ? 'Must be a number.' : 'Must be a whole number.'
    const [least, most] = [number('min_value'), number('max_value')]
    if (least !== undefined && Number(value) < least) return `Must be ${least} or more.`
    return most !== undefined && Number(value) > most ? `Must be ${most} or less.` : undefined
  }
  if (element['type'] === 'email_text_input')
    return /^\S+@\S+\.\S+$/.test(value) ? undefined : 'Must be an email address.'
  if (element['type'] === 'url_text_input') return /^https?:\/\/\S+$/.test(value) ? undefined : 'Must be a URL.'
  return undefined
}
