import type { OutcomeRow } from '../store/types.ts'

/** What a pipeline reads; the numbers are a contract. */
export const exitCodes = { ok: 0, failed: 1, badInput: 2, refused: 3, notApproved: 4 } as const

export function exitOf(kind: OutcomeRow['kind']): number {
  switch (kind) {
    case 'verified':
    case 'nothing_to_do':
      return exitCodes.ok
    case 'failed':
      return exitCodes.failed
    case 'refused':
      return exitCodes.refused
    case 'not_approved':
      return exitCodes.notApproved
  }
}

/** How a command ended. `text` is the answer for people, `note` what they must know besides; `answer` is the one object of `--json`. */
export type Ending = {
  readonly code: number
  readonly text?: string
  readonly note?: string
  /** Absent: what was asked for has no answer but its text (help, a script). */
  readonly answer?: object
}

/** Ends the program with a message for people on stderr, an object for programs, and a code for both. */
export class Exit extends Error {
  readonly code: number
  readonly answer: object
  constructor(code: number, message: string, answer: object) {
    super(message)
    this.name = 'Exit'
    this.code = code
    this.answer = answer
  }
}

const kinds: Record<number, string> = {
  [exitCodes.failed]: 'failed',
  [exitCodes.badInput]: 'bad_input',
  [exitCodes.refused]: 'refused',
  [exitCodes.notApproved]: 'not_approved',
}

/** Nothing was begun: a program gets the same shape as of a run, with the reason and without a run. */
export function notBegun(code: number, reason: string, message: string, detail: object = {}): Exit {
  const outcome = { kind: kinds[code] ?? 'failed', reason, detail }
  return new Exit(code, message, { run: null, outcome, plan: null, steps: [] })
}
