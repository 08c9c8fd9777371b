import { ask } from '../dialogs/ask.ts'
import { plain } from '../format/mrkdwn-view.ts'
import { type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { press } from '../state/act.ts'
import type { ControlProps } from './props.ts'

/** A button that is only a picture; its text is its name. */
export function IconButton({ host, block, control }: ControlProps): Drawn {
  const name = control.accessibility_label ?? plain(control.text?.text ?? '')
  const act = async () => {
    if (await ask(control.confirm))
      await press(host, block, control, control.value === undefined ? {} : { value: control.value })
  }
  return html`<button type="button" class="button button-icon" aria-label=${name} title=${name} onClick=${act}><${Icon} name="close" /></button>`
}

/** Two answers to "was this useful?". */
export function Feedback({ host, block, control }: ControlProps): Drawn {
  const answers = [control.positive_button, control.negative_button].filter((one) => one !== undefined)
  return html`<span class="feedback">${answers.map(
    (answer) => html`<button type="button" class="button" aria-label=${answer.accessibility_label}
    onClick=${() => press(host, block, control, { value: answer.value })}>${plain(answer.text.text)}</button>`,
  )}</span>`
}
