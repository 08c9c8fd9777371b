import { interactive } from '../blocks/validate.ts'
import { objects } from './json.ts'
import type { Json, StateValues } from './types.ts'

type Shape = { readonly initial: string; readonly key: string; readonly none?: unknown }

/** How each element's value appears in `state.values`: under which key, and where its first value comes from. */
export const stateShapes: Readonly<Record<string, Shape>> = {
  plain_text_input: { initial: 'initial_value', key: 'value' },
  number_input: { initial: 'initial_value', key: 'value' },
  email_text_input: { initial: 'initial_value', key: 'value' },
  url_text_input: { initial: 'initial_value', key: 'value' },
  rich_text_input: { initial: 'initial_value', key: 'rich_text_value' },
  file_input: { initial: 'initial_files', key: 'files', none: [] },
  static_select: { initial: 'initial_option', key: 'selected_option' },
  external_select: { initial: 'initial_option', key: 'selected_option' },
  radio_buttons: { initial: 'initial_option', key: 'selected_option' },
  multi_static_select: { initial: 'initial_options', key: 'selected_options', none: [] },
  multi_external_select: { initial: 'initial_options', key: 'selected_options', none: [] },
  checkboxes: { initial: 'initial_options', key: 'selected_options', none: [] },
  users_select: { initial: 'initial_user', key: 'selected_user' },
  multi_users_select: { initial: 'initial_users', key: 'selected_users', none: [] },
  conversations_select: { initial: 'initial_conversation', key: 'selected_conversation' },
  multi_conversations_select: { initial: 'initial_conversations', key: 'selected_conversations', none: [] },
  channels_select: { initial: 'initial_channel', key: 'selected_channel' },
  multi_channels_select: { initial: 'initial_channels', key: 'selected_channels', none: [] },
  datepicker: { initial: 'initial_date', key: 'selected_date' },
  timepicker: { initial: 'initial_time', key: 'selected_time' },
  datetimepicker: { initial: 'initial_date_time', key: 'selected_date_time' },
}

/** The state of one element with this value. */
export function stateOf(element: Json, value: unknown): Json {
  const type = String(element['type'])
  const shape = stateShapes[type]
  return shape === undefined ? { type } : { type, [shape.key]: value ?? shape.none ?? null }
}

/** What a view's or message's inputs hold before anybody touches them. */
export function initialState(content: Json): StateValues {
  const state: StateValues = {}
  for (const block of objects(content['blocks'])) {
    for (const [element] of interactive(block, '')) {
      const shape = stateShapes[String(element['type'])]
      if (shape === undefined) continue
      const blockId = String(block['block_id'])
      state[blockId] = { ...state[blockId], [String(element['action_id'])]: stateOf(element, element[shape.initial]) }
    }
  }
  return state
}
