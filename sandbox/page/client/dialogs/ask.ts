import { signal } from '@preact/signals'
import type { Confirm } from '../blocks/types.ts'

type Question = { readonly confirm: Confirm; readonly answer: (yes: boolean) => void }

/** The confirming question that is open. */
export const question = signal<Question | null>(null)

/** Asks before a control acts, where the app wants that. @returns whether the person went on. */
export function ask(confirm: Confirm | undefined): Promise<boolean> {
  if (!confirm) return Promise.resolve(true)
  return new Promise((resolve) => {
    question.value = {
      confirm,
      answer: (yes) => {
        question.value = null
        resolve(yes)
      },
    }
  })
}
