import {
  anyText,
  choiceOption,
  confirm,
  conversationFilter,
  dispatchConfig,
  initialAmongOptions,
  menuOption,
  menuOptions,
  oneMenu,
  overflowOption,
  plainText,
  slackFile,
  style,
} from './composition.ts'
import {
  anything,
  boolean,
  both,
  exactlyOne,
  integer,
  list,
  object,
  type Rule,
  required,
  string,
  url,
} from './rules.ts'

/** Slack's block elements, each with its limits. */

const actionId = string({ min: 1, max: 255 })
const common = { type: required(anything), action_id: actionId }
const placed = { ...common, placeholder: plainText(150), focus_on_load: boolean }
const confirmed = { ...placed, confirm }
const chosen = { ...common, confirm, focus_on_load: boolean }
const typed = { ...placed, dispatch_action_config: dispatchConfig }
const several = { max_selected_items: integer({ min: 1 }) }
const id = string({ min: 1, max: 255 })
const ids = list(id, { max: 100 })
const date = string({ form: /^\d{4}-\d{2}-\d{2}$/ })
const time = string({ form: /^([01]\d|2[0-3]):[0-5]\d$/ })
const numberText = string({ min: 1, form: /^-?\d+(\.\d+)?$/ })

export const image = object(
  {
    type: required(anything),
    image_url: url(3000),
    slack_file: slackFile,
    alt_text: required(string({ min: 1, max: 2000 })),
  },
  exactlyOne('image_url', 'slack_file'),
)

const button = object({
  ...common,
  text: required(plainText(75)),
  value: string({ max: 2000 }),
  url: url(3000),
  style,
  confirm,
  accessibility_label: string({ max: 75 }),
})

const feedback = object({
  text: required(plainText(75)),
  value: required(string({ min: 1, max: 2000 })),
  accessibility_label: string({ max: 75 }),
})

export const elements = {
  button,
  image,
  overflow: object({ ...common, options: required(list(overflowOption, { min: 1, max: 5 })), confirm }),
  static_select: object(
    { ...confirmed, ...menuOptions, initial_option: menuOption },
    both(oneMenu, initialAmongOptions),
  ),
  multi_static_select: object(
    { ...confirmed, ...menuOptions, ...several, initial_options: list(menuOption, { min: 1, max: 100 }) },
    both(oneMenu, initialAmongOptions),
  ),
  external_select: object({ ...confirmed, initial_option: menuOption, min_query_length: integer({ min: 0 }) }),
  multi_external_select: object({
    ...confirmed,
    ...several,
    initial_options: list(menuOption, { min: 1, max: 100 }),
    min_query_length: integer({ min: 0 }),
  }),
  users_select: object({ ...confirmed, initial_user: id }),
  multi_users_select: object({ ...confirmed, ...several, initial_users: ids }),
  conversations_select: object({
    ...confirmed,
    initial_conversation: id,
    default_to_current_conversation: boolean,
    response_url_enabled: boolean,
    filter: conversationFilter,
  }),
  multi_conversations_select: object({
    ...confirmed,
    ...several,
    initial_conversations: ids,
    default_to_current_conversation: boolean,
    filter: conversationFilter,
  }),
  channels_select: object({ ...confirmed, initial_channel: id, response_url_enabled: boolean }),
  multi_channels_select: object({ ...confirmed, ...several, initial_channels: ids }),
  radio_buttons: object(
    { ...chosen, options: required(list(choiceOption, { min: 1, max: 10 })), initial_option: choiceOption },
    initialAmongOptions,
  ),
  checkboxes: object(
    {
      ...chosen,
      options: required(list(choiceOption, { min: 1, max: 10 })),
      initial_options: list(choiceOption, { min: 1, max: 10 }),
    },
    initialAmongOptions,
  ),
  datepicker: object({ ...confirmed, initial_date: date }),
  timepicker: object({ ...confirmed, initial_time: time, timezone: string({ min: 1 }) }),
  datetimepicker: object({ ...chosen, initial_date_time: integer({ min: 1_000_000_000, max: 9_999_999_999 }) }),
  plain_text_input: object({
    ...typed,
    initial_value: string({ max: 3000 }),
    multiline: boolean,
    min_length: integer({ min: 0, max: 3000 }),
    max_length: integer({ min: 1, max: 3000 }),
  }),
  number_input: object({
    ...typed,
    is_decimal_allowed: required(boolean),
    initial_value: numberText,
    min_value: numberText,
    max_value: numberText,
  }),
  email_text_input: object({ ...typed, initial_value: string() }),
  url_text_input: object({ ...typed, initial_value: string() }),
  rich_text_input: object({
    ...typed,
    initial_value: anything,
    min_lines: integer({ min: 1 }),
    max_lines: integer({ min: 1 }),
  }),
  file_input: object({ ...common, filetypes: list(string()), max_files: integer({ min: 1, max: 10 }) }),
  workflow_button: object({
    ...common,
    text: required(plainText(75)),
    workflow: required(anything),
    style,
    accessibility_label: string({ max: 75 }),
  }),
  feedback_buttons: object({ ...common, positive_button: required(feedback), negative_button: required(feedback) }),
  icon_button: object({
    ...common,
    icon: required(string({ min: 1 })),
    text: required(anyText(75)),
    value: string({ max: 2000 }),
    confirm,
    accessibility_label: string({ max: 75 }),
    visible_to_user_ids: list(id),
  }),
} satisfies Readonly<Record<string, Rule>>

export type ElementType = keyof typeof elements
