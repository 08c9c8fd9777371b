import { isObject, objects } from '../model/json.ts'
import { stateOf, stateShapes } from '../model/state.ts'
import type { Json } from '../model/types.ts'

/** The state that a person's choice gives an element, or the values that it could have taken. */
export type Chosen = { readonly state: Json } | { readonly allowed: unknown }

/** The options of a menu, its groups' among them. */
export function optionsOf(element: Json): readonly Json[] {
  return [
    ...objects(element['options']),
    ...objects(element['option_groups']).flatMap((group) => objects(group['options'])),
  ]
}

/**
 * Turns a plain value into the state that Slack would report for this element.
 * Options may be given by value or whole; `null` empties the element.
 * @param suggested options that the app suggested for an external menu
 */
export function choose(element: Json, value: unknown, suggested: readonly Json[] = []): Chosen {
  const type = String(element['type'])
  const key = stateShapes[type]?.key
  if (key === undefined) return { allowed: `${type} holds no value` }
  if (value === null || value === '') return { state: stateOf(element, undefined) }
  const options = type.includes('external') ? suggested : optionsOf(element)
  if (key === 'selected_option') return one(element, value, options)
  if (key === 'selected_options') return several(element, value, options)
  if (key === 'selected_date_time') {
    const time = Number(value)
    return Number.isInteger(time) ? { state: stateOf(element, time) } : { allowed: 'seconds since 1970' }
  }
  if (Array.isArray(stateShapes[type]?.none)) {
    return Array.isArray(value) ? { state: stateOf(element, value) } : { allowed: 'a list of ids' }
  }
  if (key === 'rich_text_value') return { state: stateOf(element, isObject(value) ? value : richText(String(value))) }
  if (typeof value !== 'string' && typeof value !== 'number') return { allowed: 'a text' }
  return { state: stateOf(element, String(value)) }
}

function one(element: Json, value: unknown, options: readonly Json[]): Chosen {
  const option = pick(element, value, options)
  return option === undefined ? { allowed: options.map((each) => each['value']) } : { state: stateOf(element, option) }
}

function several(element: Json, value: unknown, options: readonly Json[]): Chosen {
  const picked = (Array.isArray(value) ? value : [value]).map((each: unknown) => pick(element, each, options))
  return picked.includes(undefined)
    ? { allowed: options.map((each) => each['value']) }
    : { state: stateOf(element, picked) }
}

function pick(element: Json, value: unknown, options: readonly Json[]): Json | undefined {
  const wanted = isObject(value) ? value['value'] : value
  const found = options.find((option) => option['value'] === wanted)
  // An external menu's option was valid when the app suggested it, whatever it suggests by now.
  const whole = isObject(value) && isObject(value['text']) && typeof value['value'] === 'string'
  return found ?? (whole && String(element['type']).includes('external') ? value : undefined)
}

const richText = (text: string): Json => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
})
