import { type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { words } from '../state/session.ts'
import { dismissToast, toasts } from '../state/toasts.ts'

export const Toasts = (): Drawn =>
  html`<div class="toasts" role="status" aria-live="polite">${toasts.value.map(
    (one) => html`<div class="toast" key=${one.id}><span>${one.text}</span>
    <button type="button" class="icon-button" aria-label=${words.value.close} onClick=${() => dismissToast(one.id)}><${Icon} name="close" /></button></div>`,
  )}</div>`
