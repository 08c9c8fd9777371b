import { useMemo, useState } from 'preact/hooks'
import type { Option } from '../blocks/types.ts'
import { plain } from '../format/mrkdwn-view.ts'
import { classes, type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { Popover } from '../lib/popover.ts'
import type { Payload } from '../state/act.ts'
import { words } from '../state/session.ts'
import { heldValue, keyOf, rememberOption } from '../state/values.ts'
import { change } from './change.ts'
import { type Choice, choicesOf, suggest } from './choices.ts'
import { OptionList } from './option-list.ts'
import type { ControlProps } from './props.ts'

/** All ten selects: of options, people, channels, conversations, or whatever the app suggests; of one or of several. */
export function Select({ host, block, control, label, describedBy, invalid = false }: ControlProps): Drawn {
  const multiple = control.type.startsWith('multi_')
  const groups = choicesOf(control)
  const value = heldValue(host, block, control)
  const selected = Array.isArray(value) ? value : value === null || value === '' ? [] : [String(value)]
  // Suggestions come and go with the search, so what was chosen is remembered with its words.
  const [seen, setSeen] = useState<readonly Choice[]>(() => initialChoices(control))
  const known = [...(groups ?? []).flatMap((group) => group.choices), ...seen]
  const textOf = (one: string) => plain(known.find((choice) => choice.value === one)?.text ?? one)
  const id = useMemo(() => `options-${keyOf(host, block, control).replaceAll(/\W/g, '-')}`, [])
  const take = (next: readonly string[], choices: readonly Choice[]) => {
    const options = next.flatMap((one) => choices.find((choice) => choice.value === one)?.option ?? [])
    void change(host, block, control, multiple ? [...next] : (next[0] ?? null), payloadOf(control.type, next, options))
  }
  const choose = (choice: Choice, close: () => void) => {
    const choices = [...known, choice]
    rememberOption(choice.option)
    setSeen([...seen, choice])
    if (!multiple) {
      close()
      return take([choice.value], choices)
    }
    const without = selected.filter((one) => one !== choice.value)
    if (without.length < selected.length) return take(without, choices)
    if (selected.length < (control.max_selected_items ?? 100)) take([...selected, choice.value], choices)
  }
  const placeholder = plain(control.placeholder?.text ?? words.value.choose)
  const shown = selected.map(textOf).join(', ')
  const face = html`<span class=${classes('select-text', shown === '' && 'select-placeholder')}>${shown || placeholder}</span><${Icon} name="chevron" />`
  return html`<span class="select ${multiple ? 'select-multiple' : ''}">
    <${Popover} label=${face} name=${`${label}: ${shown || placeholder}`} class="select-button" popup="listbox" wide describedBy=${describedBy} invalid=${invalid}>
      ${(
        close: () => void,
      ) => html`<${OptionList} id=${id} label=${label} groups=${groups} minQuery=${control.min_query_length ?? 3} selected=${selected} multiple=${multiple}
        suggest=${groups ? undefined : (query: string) => suggest(host, block, control, query)} onChoose=${(choice: Choice) => choose(choice, close)} />`}
    </${Popover}>
    ${
      multiple &&
      selected.length > 0 &&
      html`<span class="tags">${selected.map(
        (one) => html`<span class="tag">${textOf(one)}
      <button type="button" class="tag-remove" aria-label=${words.value.remove(textOf(one))} onClick=${() =>
        take(
          selected.filter((other) => other !== one),
          known,
        )}><${Icon} name="close" /></button></span>`,
      )}</span>`
    }
  </span>`
}

const initialChoices = (control: ControlProps['control']): Choice[] =>
  [...(control.initial_options ?? []), ...(control.initial_option ? [control.initial_option] : [])].map((option) => ({
    value: option.value ?? '',
    text: option.text.text,
    option,
  }))

/** Each kind of select tells the app in a field of its own. */
function payloadOf(type: string, values: readonly string[], options: Option[]): Payload {
  const [first] = values
  const all = [...values]
  switch (type) {
    case 'multi_static_select':
    case 'multi_external_select':
      return { selected_options: options }
    case 'multi_users_select':
      return { selected_users: all }
    case 'multi_channels_select':
      return { selected_channels: all }
    case 'multi_conversations_select':
      return { selected_conversations: all }
  }
  if (first === undefined) return {}
  if (type === 'users_select') return { selected_user: first }
  if (type === 'channels_select') return { selected_channel: first }
  if (type === 'conversations_select') return { selected_conversation: first }
  return options[0] ? { selected_option: options[0] } : {}
}
