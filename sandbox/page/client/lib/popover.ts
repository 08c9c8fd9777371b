import type { TargetedEvent, TargetedKeyboardEvent } from 'preact'
import { useCallback, useRef, useState } from 'preact/hooks'
import { type Drawn, html } from './html.ts'

let last = 0
const margin = 8

type Props = {
  /** The button's content. */
  label: Drawn
  /** The button's name for screen readers, when the label is only a picture. */
  name?: string | undefined
  class?: string
  popup: 'menu' | 'listbox' | 'dialog'
  disabled?: boolean
  invalid?: boolean
  describedBy?: string | undefined
  side?: 'start' | 'end'
  wide?: boolean
  /** Drawn only while open. */
  children: (close: () => void) => Drawn
}

/**
 * A button with something that opens below it, in the browser's top layer: Escape, a press elsewhere and the return of the
 * focus are the browser's own. It stands in the DOM beside its button, so it works inside modal dialogs too.
 */
export function Popover({ label, name, popup, children, side = 'start', wide = false, ...rest }: Props): Drawn {
  const [id] = useState(() => `popover-${++last}`)
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const close = useCallback(() => {
    box.current?.hidePopover()
    button.current?.focus()
  }, [])
  const toggled = (event: TargetedEvent<HTMLDivElement, ToggleEvent>) => {
    setOpen(event.newState === 'open')
    if (event.newState === 'open' && button.current && box.current) follow(button.current, box.current, side, wide)
  }
  return html`<button
      ref=${button} type="button" class=${rest.class} popovertarget=${id} aria-haspopup=${popup} aria-expanded=${open}
      aria-label=${name} title=${name} disabled=${rest.disabled} aria-invalid=${rest.invalid || undefined} aria-describedby=${rest.describedBy}
    >${label}</button>
    <div ref=${box} id=${id} popover="auto" class="popover" onBeforeToggle=${toggled}>${open && children(close)}</div>`
}

/** Keeps the box at its button while it grows, within the window; below when there is room, else above. */
function follow(button: HTMLElement, box: HTMLElement, side: 'start' | 'end', wide: boolean): void {
  const place = () => {
    const at = button.getBoundingClientRect()
    if (wide) box.style.minWidth = `${at.width}px`
    const { offsetWidth: width, offsetHeight: height } = box
    const left = side === 'end' ? at.right - width : at.left
    const below = at.bottom + 4 + height <= innerHeight - margin || at.top < height + margin
    box.style.left = `${Math.max(margin, Math.min(left, innerWidth - width - margin))}px`
    box.style.top = `${below ? Math.min(at.bottom + 4, Math.max(margin, innerHeight - height - margin)) : at.top - height - 4}px`
  }
  const watch = new ResizeObserver(place)
  watch.observe(box)
  box.addEventListener('toggle', (event) => (event as ToggleEvent).newState === 'closed' && watch.disconnect())
}

/** Arrow keys, Home and End move among the items of a menu. */
export function menuKeys(event: TargetedKeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^="menuitem"]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const to = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key]
  if (to === undefined) return
  event.preventDefault()
  items[to]?.focus()
}
