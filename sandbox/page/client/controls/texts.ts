import type { TargetedInputEvent, TargetedKeyboardEvent } from 'preact'
import { plain } from '../format/mrkdwn-view.ts'
import { type Drawn, html } from '../lib/html.ts'
import { press } from '../state/act.ts'
import { words } from '../state/session.ts'
import { heldValue } from '../state/values.ts'
import { tellsOnEnter, typed } from './change.ts'
import type { ControlProps } from './props.ts'

const kinds: Readonly<Record<string, string>> = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'text',
}

/** Plain text of one line or several, number, email and URL. Quotes stay as they are typed. */
export function TextInput({ host, block, control, label, describedBy, invalid }: ControlProps): Drawn {
  const value = String(heldValue(host, block, control) ?? '')
  const left = control.max_length === undefined ? undefined : control.max_length - [...value].length
  const number = control.type === 'number_input'
  const shared = {
    class: 'input',
    value,
    placeholder: plain(control.placeholder?.text ?? ''),
    maxlength: control.max_length,
    autofocus: control.focus_on_load,
    autocomplete: 'off',
    spellcheck: !number,
    'aria-label': label,
    'aria-describedby': describedBy,
    'aria-invalid': invalid || undefined,
    'aria-required': block.type === 'input' && !block.optional,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => typed(host, block, control, event.currentTarget.value),
  }
  const enter = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Enter' || !tellsOnEnter(host, block)) return
    event.preventDefault()
    void press(host, block, control, { value: event.currentTarget.value })
  }
  const field =
    control.multiline || control.type === 'rich_text_input'
      ? html`<textarea ...${shared} rows="4"></textarea>`
      : html`<input ...${shared} type=${kinds[control.type] ?? 'text'} inputmode=${number ? (control.is_decimal_allowed ? 'decimal' : 'numeric') : undefined} onKeyDown=${enter} />`
  return html`<span class="text-input">${field}${left !== undefined && left < 100 && html`<span class="counter ${left < 10 ? 'counter-low' : ''}" role="status">${words.value.chars(left)}</span>`}</span>`
}
