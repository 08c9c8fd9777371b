import type { Option } from '../blocks/types.ts'
import { TextObject } from '../format/mrkdwn-view.ts'
import { type Drawn, html } from '../lib/html.ts'
import { heldValue, keyOf } from '../state/values.ts'
import { change } from './change.ts'
import type { ControlProps } from './props.ts'

const words = (option: Option) => html`<span class="toggle-words"><${TextObject} text=${option.text} />
  ${option.description && html`<span class="option-description"><${TextObject} text=${option.description} /></span>`}</span>`

export function RadioButtons({ host, block, control, label, describedBy, invalid }: ControlProps): Drawn {
  const value = heldValue(host, block, control)
  const name = keyOf(host, block, control)
  return html`<div class="toggles" role="radiogroup" aria-label=${label} aria-describedby=${describedBy} aria-invalid=${invalid || undefined}>
    ${(control.options ?? []).map(
      (option) => html`<label class="toggle">
      <input type="radio" name=${name} checked=${value === option.value} onChange=${() => change(host, block, control, option.value ?? '', { selected_option: option })} />${words(option)}
    </label>`,
    )}
  </div>`
}

export function Checkboxes({ host, block, control, label, describedBy }: ControlProps): Drawn {
  const value = heldValue(host, block, control)
  const chosen = Array.isArray(value) ? value : []
  const flip = (option: Option) => {
    const own = option.value ?? ''
    const next = chosen.includes(own) ? chosen.filter((one) => one !== own) : [...chosen, own]
    const options = (control.options ?? []).filter((one) => next.includes(one.value ?? ''))
    void change(host, block, control, next, { selected_options: options })
  }
  return html`<div class="toggles" role="group" aria-label=${label} aria-describedby=${describedBy}>
    ${(control.options ?? []).map(
      (option) => html`<label class="toggle">
      <input type="checkbox" checked=${chosen.includes(option.value ?? '')} onChange=${() => flip(option)} />${words(option)}
    </label>`,
    )}
  </div>`
}
