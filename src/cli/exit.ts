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

/** Ends the program with a message for people on stderr and a code for programs. */
export class Exit extends Error {
  readonly code: number
  constructor(code: number, message = '') {
    super(message)
    this.name = 'Exit'
    this.code = code
  }
}
