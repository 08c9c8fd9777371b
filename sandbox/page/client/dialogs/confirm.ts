import { TextObject } from '../format/mrkdwn-view.ts'
import { Dialog } from '../lib/dialog.ts'
import { type Drawn, html } from '../lib/html.ts'
import { words } from '../state/session.ts'
import { question } from './ask.ts'

/** The confirm dialog of a control: what happens, the way out first, then the act. */
export function ConfirmDialog(): Drawn {
  const open = question.value
  if (!open) return null
  const { title, text, confirm, deny, style } = open.confirm
  const { areYouSure, cancel, confirm: yes } = words.value
  return html`<${Dialog} class="dialog confirm" labelledBy="confirm-title" describedBy="confirm-text" onDismiss=${() => open.answer(false)}>
    <h2 id="confirm-title" class="confirm-title">${title ? html`<${TextObject} text=${title} />` : areYouSure}</h2>
    <div id="confirm-text" class="confirm-text">${text && html`<${TextObject} text=${text} />`}</div>
    <div class="dialog-buttons">
      <button type="button" class="button" autofocus onClick=${() => open.answer(false)}>${deny?.text ?? cancel}</button>
      <button type="button" class=${`button ${style === 'danger' ? 'button-danger-strong' : 'button-primary'}`} onClick=${() => open.answer(true)}>${confirm?.text ?? yes}</button>
    </div>
  </${Dialog}>`
}
