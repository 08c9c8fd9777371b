import type { Block, Control, Option, OptionGroup } from '../blocks/types.ts'
import { post } from '../state/api.ts'
import { me, people } from '../state/session.ts'
import type { Host } from '../state/values.ts'
import { channels } from '../state/workspace.ts'

export type Choice = {
  readonly value: string
  readonly text: string
  readonly description?: string | undefined
  readonly option: Option
}
export type ChoiceGroup = { readonly label: string | undefined; readonly choices: readonly Choice[] }

const choiceOf = (option: Option): Choice => ({
  value: option.value ?? '',
  text: option.text.text,
  description: option.description?.text,
  option,
})

const named = (value: string, text: string): Choice => choiceOf({ value, text: { type: 'plain_text', text } })

/** What can be chosen without asking anybody; undefined for selects whose options the app supplies while one types. */
export function choicesOf(control: Control): ChoiceGroup[] | undefined {
  const kind = control.type.replace('multi_', '')
  if (kind === 'external_select') return undefined
  if (kind === 'users_select')
    return [
      {
        label: undefined,
        choices: people.value.filter((one) => one.id !== 'USLACKBOT').map((one) => named(one.id, one.realName)),
      },
    ]
  if (kind === 'channels_select' || kind === 'conversations_select') {
    const open = channels.value.filter((one) => !one.isArchived && (kind === 'conversations_select' || !one.isDirect))
    return [
      {
        label: undefined,
        choices: open.map((one) => named(one.id, one.isDirect ? directName(one.name) : `#${one.name}`)),
      },
    ]
  }
  return groupsOf(control.options, control.option_groups)
}

export const directName = (name: string) =>
  people.value.find((one) => one.id === name || one.name === name)?.realName ?? name

export const groupsOf = (options?: Option[], groups?: OptionGroup[]): ChoiceGroup[] =>
  groups?.length
    ? groups.map((group) => ({ label: group.label.text, choices: group.options.map(choiceOf) }))
    : [{ label: undefined, choices: (options ?? []).map(choiceOf) }]

/** Asks the app for the options that fit what was typed. */
export async function suggest(host: Host, block: Block, control: Control, value: string): Promise<ChoiceGroup[]> {
  const where = host.kind === 'view' ? { view_id: host.view.id } : { channel: host.channel, ts: host.ts }
  const body = { user: me.value, ...where, block_id: block.block_id, action_id: control.action_id, value }
  const answer = await post('/person/suggest', body)
  return groupsOf(answer['options'] as Option[] | undefined, answer['option_groups'] as OptionGroup[] | undefined)
}

/** Choices whose words contain every word that was typed, whatever its case and accents. */
export function filtered(groups: readonly ChoiceGroup[], query: string): ChoiceGroup[] {
  const wanted = fold(query).split(/\s+/).filter(Boolean)
  const fits = (choice: Choice) =>
    wanted.every((word) => fold(`${choice.text} ${choice.description ?? ''}`).includes(word))
  return groups
    .map((group) => ({ ...group, choices: group.choices.filter(fits) }))
    .filter((group) => group.choices.length > 0)
}

const fold = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
