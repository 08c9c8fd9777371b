/** Brings a message into view and marks it for a moment. */
export function scrollToMessage(ts: string): void {
  const found = document.querySelector<HTMLElement>(`[data-ts="${CSS.escape(ts)}"]`)
  if (!found) return
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  found.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' })
  found.classList.add('message-found')
  setTimeout(() => found.classList.remove('message-found'), 2000)
  found.focus({ preventScroll: true })
}
