import type { BadReason, UnknownReason } from './types.ts'

/** Ends a reading early: the backup is bad, for a reason of the list. The gate turns it into a verdict. */
export class BadBackup extends Error {
  readonly reason: BadReason
  constructor(reason: BadReason, detail: string) {
    super(detail)
    this.name = 'BadBackup'
    this.reason = reason
  }
}

/** Ends a reading early: nothing can be said of the backup. */
export class NotJudged extends Error {
  readonly reason: UnknownReason
  constructor(reason: UnknownReason, detail: string) {
    super(detail)
    this.name = 'NotJudged'
    this.reason = reason
  }
}

/** A text of the backup for a message: one short line without control characters. */
export function shown(text: string, longest = 80): string {
  const clean = text.replace(/[\p{C}\s]+/gu, ' ').trim()
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean
}
