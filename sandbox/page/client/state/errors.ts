import { signal } from '@preact/signals'
import type { View } from '../types.ts'

/** What the app or the form itself found wrong, by view and block. */
const errors = signal<Readonly<Record<string, Readonly<Record<string, string>>>>>({})
/** Errors of the view itself that have been typed over since. */
const cleared = signal<Readonly<Record<string, true>>>({})

export const errorOf = (view: View, blockId: string | undefined): string | undefined => {
  if (!blockId || cleared.value[`${view.id} ${blockId}`]) return undefined
  return errors.value[view.id]?.[blockId] ?? view.errors?.[blockId]
}

export function setErrors(viewId: string, found: Readonly<Record<string, string>>): void {
  errors.value = { ...errors.value, [viewId]: found }
  cleared.value = {}
}

export function clearError(viewId: string, blockId: string): void {
  cleared.value = { ...cleared.value, [`${viewId} ${blockId}`]: true }
}
