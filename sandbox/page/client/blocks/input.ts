import { ControlView } from '../controls/control.ts'
import { plain } from '../format/mrkdwn-view.ts'
import { type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { errorOf } from '../state/errors.ts'
import { words } from '../state/session.ts'
import type { Host } from '../state/values.ts'
import type { Block } from './types.ts'

/** What the form itself refuses is said in the reader's language; the app's own errors stay as they are. */
function inOwnWords(error: string): string {
  const number = /-?\d+(\.\d+)?/.exec(error)?.[0] ?? ''
  return words.value.formErrors[number === '' ? error : error.replace(number, '#')]?.replace('#', number) ?? error
}

/** A labelled input with its hint, and the error that the form or the app found. */
export function Input({ host, block }: { host: Host; block: Block }): Drawn {
  if (!block.element) return null
  const id = `${host.kind === 'view' ? host.view.id : host.ts}-${block.block_id}`.replaceAll(/[^\w-]/g, '-')
  const error = host.kind === 'view' ? errorOf(host.view, block.block_id) : undefined
  const label = plain(block.label?.text ?? '')
  const described = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(' ') || undefined
  return html`<div class="field ${error ? 'field-wrong' : ''}">
    <div class="field-label" aria-hidden="true">${label}${block.optional && html` <span class="field-optional">${words.value.optional}</span>`}</div>
    <${ControlView} host=${host} block=${block} control=${block.element} label=${label} describedBy=${described} invalid=${error !== undefined} />
    ${error && html`<p id=${`${id}-error`} class="field-error" role="alert"><${Icon} name="alert" />${inOwnWords(error)}</p>`}
    ${block.hint && html`<p id=${`${id}-hint`} class="field-hint">${plain(block.hint.text)}</p>`}
  </div>`
}
