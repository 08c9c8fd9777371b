import type { RunId } from '../store/types.ts'

/** `R-0042`, `r-42`, `42` and `#42` are the same run. */
export function readRunId(word: string): RunId | undefined {
  const match = /^(?:r-?|#)?0*(\d{1,9})$/i.exec(word)
  return match?.[1] === undefined ? undefined : `R-${match[1].padStart(4, '0')}`
}
