import { isObject } from '../model/json.ts'
import { boolean, byType, exactlyOne, list, object, type Rule, report, required, string, url, word } from './rules.ts'

/** Slack's composition objects: texts, options, confirm dialogs. Limits: docs.slack.dev/reference/block-kit. */

const plain = (max: number, min: number): Rule =>
  object({ type: required(word('plain_text')), text: required(string({ min, max })), emoji: boolean })

const mrkdwn = (max: number, min: number): Rule =>
  object({ type: required(word('mrkdwn')), text: required(string({ min, max })), verbatim: boolean })

export const plainText = (max: number, min = 1): Rule => byType({ plain_text: plain(max, min) })

export const anyText = (max: number, min = 1): Rule => byType({ plain_text: plain(max, min), mrkdwn: mrkdwn(max, min) })

export const style = word('primary', 'danger')

export const confirm = object({
  title: required(plainText(100)),
  text: required(anyText(300)),
  confirm: required(plainText(30)),
  deny: required(plainText(30)),
  style,
})

const option = (text: Rule, withUrl: boolean): Rule =>
  object({
    text: required(text),
    value: required(string({ min: 1, max: 150 })),
    description: plainText(75),
    ...(withUrl ? { url: url(3000) } : {}),
  })

/** Options of menus are plain text; those of radio buttons and checkboxes may be mrkdwn. */
export const menuOption = option(plainText(75), false)
export const overflowOption = option(plainText(75), true)
export const choiceOption = option(anyText(75), false)

const optionGroup = object({
  label: required(plainText(75)),
  options: required(list(menuOption, { min: 1, max: 100 })),
})

export const menuOptions = {
  options: list(menuOption, { min: 1, max: 100 }),
  option_groups: list(optionGroup, { min: 1, max: 100 }),
}

export const oneMenu = exactlyOne('options', 'option_groups')

/** An initial option must be one of the options, word for word. */
export const initialAmongOptions: Rule = (value, pointer, check) => {
  if (!isObject(value)) return
  const groups = Array.isArray(value['option_groups']) ? value['option_groups'].filter(isObject) : []
  const lists = [value['options'], ...groups.map((group) => group['options'])].filter(Array.isArray)
  const values = lists.flat().map((one: unknown) => (isObject(one) ? one['value'] : undefined))
  const named = value['initial_option'] === undefined ? [] : [['initial_option', value['initial_option']] as const]
  const several = Array.isArray(value['initial_options']) ? value['initial_options'] : []
  for (const [name, one] of [
    ...named,
    ...several.map((each: unknown, index) => [`initial_options/${index}`, each] as const),
  ]) {
    const chosen = isObject(one) ? one['value'] : undefined
    if (!values.includes(chosen)) report(check, `${pointer}/${name}`, 'failed to match one of the provided options')
  }
}

export const dispatchConfig = object({
  trigger_actions_on: required(list(word('on_enter_pressed', 'on_character_entered'), { min: 1, max: 2 })),
})

export const conversationFilter = object({
  include: list(word('im', 'mpim', 'private', 'public'), { min: 1, max: 4 }),
  exclude_external_shared_channels: boolean,
  exclude_bot_users: boolean,
})

export const slackFile = object({ id: string(), url: string() }, exactlyOne('id', 'url'))
