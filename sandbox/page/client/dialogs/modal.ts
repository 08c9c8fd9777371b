import { useEffect, useState } from 'preact/hooks'
import { Blocks } from '../blocks/block.ts'
import { plain } from '../format/mrkdwn-view.ts'
import { Avatar } from '../lib/avatar.ts'
import { Dialog } from '../lib/dialog.ts'
import { type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { post } from '../state/api.ts'
import { setErrors } from '../state/errors.ts'
import { me, words } from '../state/session.ts'
import { valuesOf } from '../state/values.ts'
import { loadMessages, loadView, modal } from '../state/workspace.ts'
import type { View } from '../types.ts'

/** The modal on top of the person's stack, if one is open. */
export function ModalHost(): Drawn {
  const view = modal.value
  return view && html`<${Modal} key=${view.root_view_id ?? view.id} view=${view} />`
}

type Trouble = { readonly view: string; readonly text: string } | null

function Modal({ view }: { view: View }): Drawn {
  const [sending, setSending] = useState(false)
  const [trouble, setTrouble] = useState<Trouble>(null)
  // Again at each update: a form that was opened empty gets its fields later.
  useEffect(() => {
    focusFirstField()
    const frame = requestAnimationFrame(focusFirstField)
    return () => cancelAnimationFrame(frame)
  }, [view.id, view.hash])
  const pushed = Boolean(view.previous_view_id)
  const close = async () => {
    await post('/person/close', { user: me.value, view_id: view.id })
    await loadView()
  }
  const submit = async (event: Event) => {
    event.preventDefault()
    if (sending) return
    setSending(true)
    setTrouble(null)
    const reply = await post('/person/submit', { user: me.value, view_id: view.id, values: valuesOf(view) })
    setSending(false)
    const errors = reply['errors'] as Record<string, string> | undefined
    setErrors(view.id, errors ?? {})
    if (!reply.ok && !errors) setTrouble({ view: view.id, text: words.value.trouble })
    await Promise.all([loadView(), loadMessages()])
    if (errors)
      requestAnimationFrame(() =>
        document.querySelector<HTMLElement>('.field-wrong :is(input, textarea, button)')?.focus(),
      )
  }
  const { cancel, close: closeWord, back, submit: submitWord, working } = words.value
  const title = plain(view.title?.text ?? '')
  return html`<${Dialog} class="dialog modal" labelledBy="modal-title" onDismiss=${close}>
    <form class="modal-form" onSubmit=${submit} novalidate aria-busy=${sending}>
      <header class="modal-head"><${Avatar} bot size="small" /><h2 id="modal-title">${title}</h2>
        <button type="button" class="icon-button modal-close" aria-label=${pushed ? back : closeWord} onClick=${close}><${Icon} name="close" /></button></header>
      <div class="modal-body" tabindex="-1">
        ${trouble?.view === view.id && html`<p class="modal-trouble" role="alert"><${Icon} name="alert" />${trouble.text}</p>`}
        <${Blocks} key=${view.id} host=${{ kind: 'view', view }} blocks=${view.blocks} />
      </div>
      ${
        (view.submit || view.close || !pushed) &&
        html`<footer class="modal-foot">
        <button type="button" class="button" onClick=${close}>${plain(view.close?.text ?? (view.submit ? cancel : closeWord))}</button>
        ${view.submit && html`<button type="submit" class="button button-primary" disabled=${view.submit_disabled} aria-busy=${sending}><span class="button-text">${plain(view.submit.text || submitWord)}</span>${sending && html`<span class="spinner" role="status" aria-label=${working}></span>`}</button>`}
      </footer>`
      }
    </form>
  </${Dialog}>`
}

/** One begins to type at once; on a phone that would open the keyboard over what is to be read first. */
function focusFirstField(): void {
  const waiting = document.activeElement?.matches('.modal-close, dialog, body') ?? true
  if (waiting && matchMedia('(pointer: fine)').matches)
    document.querySelector<HTMLElement>('.modal-body :is(input, textarea, button)')?.focus()
}
