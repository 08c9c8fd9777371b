import type { TargetedKeyboardEvent } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { type Drawn, html } from './html.ts'

type Props = {
  class: string
  /** The id of the element that names the dialog. */
  labelledBy: string
  describedBy?: string
  /** Escape, or a press beside the dialog. */
  onDismiss: () => void
  children: Drawn
}

/** A modal dialog of the browser's own: the rest of the page is inert, the focus stays in and goes back afterwards. */
export function Dialog({ class: name, labelledBy, describedBy, onDismiss, children }: Props): Drawn {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    const own = dialog.current
    if (own && !own.open) own.showModal()
    return () => {
      own?.close()
      if (before?.isConnected) before.focus()
    }
  }, [])
  const cancel = (event: Event) => {
    event.preventDefault()
    onDismiss()
  }
  const press = (event: MouseEvent) => {
    if (event.target === dialog.current) onDismiss()
  }
  return html`<dialog ref=${dialog} class=${name} aria-labelledby=${labelledBy} aria-describedby=${describedBy} onCancel=${cancel} onMouseDown=${press} onKeyDown=${keepInside}>${children}</dialog>`
}

const reachable = 'button:not(:disabled), a[href], input:not(:disabled), textarea, summary, [tabindex="0"]'

/** From the last control Tab goes to the first: without this the browser's own bar comes between. */
function keepInside(event: TargetedKeyboardEvent<HTMLDialogElement>): void {
  if (event.key !== 'Tab') return
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(reachable)].filter((one) => one.checkVisibility())
  const [first, last] = [all[0], all.at(-1)]
  const to =
    event.shiftKey && document.activeElement === first
      ? last
      : !event.shiftKey && document.activeElement === last
        ? first
        : undefined
  if (!to) return
  event.preventDefault()
  to.focus()
}
