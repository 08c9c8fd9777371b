import { type ElementType, elements } from './elements.ts'
import type { Rule } from './rules.ts'

const menus = ['static_select', 'external_select', 'users_select', 'conversations_select', 'channels_select'] as const
const multiMenus = [
  'multi_static_select',
  'multi_external_select',
  'multi_users_select',
  'multi_conversations_select',
  'multi_channels_select',
] as const
const choices = ['radio_buttons', 'checkboxes', 'datepicker', 'timepicker'] as const

/** Where each element may stand. */
export const places = {
  section: ['button', 'image', 'overflow', 'workflow_button', ...menus, ...multiMenus, ...choices],
  actions: [
    'button',
    'overflow',
    'workflow_button',
    'datetimepicker',
    'rich_text_input',
    ...menus,
    ...multiMenus,
    ...choices,
  ],
  input: [
    'plain_text_input',
    'number_input',
    'email_text_input',
    'url_text_input',
    'rich_text_input',
    'file_input',
    'datetimepicker',
    ...menus,
    ...multiMenus,
    ...choices,
  ],
  context_actions: ['feedback_buttons', 'icon_button'],
} as const satisfies Readonly<Record<string, readonly ElementType[]>>

/** The rules of the elements that may stand in one place. */
export function elementsIn(place: keyof typeof places): Record<string, Rule> {
  return Object.fromEntries(places[place].map((type) => [type, elements[type]]))
}
