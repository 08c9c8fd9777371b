import { signal } from '@preact/signals'

export type Toast = { readonly id: number; readonly text: string }

export const toasts = signal<readonly Toast[]>([])
let last = 0

/** A short line at the edge of the page that goes by itself. */
export function showToast(text: string): void {
  const id = ++last
  toasts.value = [...toasts.value, { id, text }]
  setTimeout(() => dismissToast(id), 6000)
}

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id)
}
