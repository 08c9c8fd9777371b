import type { Option } from '../blocks/types.ts'
import { ask } from '../dialogs/ask.ts'
import { safeUrl } from '../format/entity.ts'
import { plain } from '../format/mrkdwn-view.ts'
import { classes, type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { menuKeys, Popover } from '../lib/popover.ts'
import { actStates, press } from '../state/act.ts'
import { words } from '../state/session.ts'
import { keyOf } from '../state/values.ts'
import type { ControlProps } from './props.ts'

const styleOf = (style: string | undefined) =>
  style === 'primary' ? 'button-primary' : style === 'danger' ? 'button-danger' : ''

/** A button; while the app has not answered it waits, and when no answer came it says so and can be pressed again. */
export function ButtonControl({ host, block, control }: ControlProps): Drawn {
  const state = actStates.value[keyOf(host, block, control)]
  const look = classes('button', styleOf(control.style), state === 'pending' && 'button-pending')
  const text = plain(control.text?.text ?? '')
  const act = async () => {
    if (await ask(control.confirm))
      await press(host, block, control, control.value === undefined ? {} : { value: control.value })
  }
  if (control.url && safeUrl(control.url))
    return html`<a class=${look} href=${control.url} target="_blank" rel="noopener noreferrer" aria-label=${control.accessibility_label} onClick=${act}>${text}<${Icon} name="external" /></a>`
  return html`<button type="button" class=${look} aria-label=${control.accessibility_label} aria-busy=${state === 'pending'} onClick=${act}>
    <span class="button-text">${text}</span>
    ${state === 'pending' && html`<span class="spinner" role="status" aria-label=${words.value.pending}></span>`}
    ${state === 'failed' && html`<span class="button-failed" title=${words.value.trouble}><${Icon} name="alert" /><span class="hidden">${words.value.trouble}</span></span>`}
  </button>`
}

/** The menu behind three points. */
export function Overflow({ host, block, control, label }: ControlProps): Drawn {
  const choose = async (option: Option, close: () => void) => {
    close()
    if (option.url && safeUrl(option.url)) window.open(option.url, '_blank', 'noopener')
    if (await ask(control.confirm)) await press(host, block, control, { selected_option: option })
  }
  return html`<${Popover} label=${html`<${Icon} name="more" />`} name=${label || words.value.moreActions} class="button button-icon" popup="menu" side="end">
    ${(close: () => void) => html`<div role="menu" class="menu" onKeyDown=${menuKeys}>
      ${(control.options ?? []).map(
        (
          option,
          index,
        ) => html`<button type="button" role="menuitem" class="menu-item" ref=${index === 0 ? focusOnce : undefined} onClick=${() => choose(option, close)}>
        <span>${plain(option.text.text)}${option.description && html`<span class="option-description">${plain(option.description.text)}</span>`}</span>
      </button>`,
      )}
    </div>`}
  </${Popover}>`
}

export const focusOnce = (element: HTMLElement | null) => {
  if (element && !element.dataset['focused']) {
    element.dataset['focused'] = 'once'
    requestAnimationFrame(() => element.focus())
  }
}
