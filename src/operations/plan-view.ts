/** What a plan shows to people, as data: the same for Slack's cards, the CLI and the audit. */

export type PlanView = {
  /** Facts that the operation's own texts turn into sentences; JSON only. */
  readonly facts: Readonly<Record<string, unknown>>
  readonly warnings: readonly Warning[]
  /** A readable difference, one entry a changed path. */
  readonly changes: readonly Change[]
}

/** A reason to think twice; words come from the operation's texts by `code`. */
export type Warning = { readonly code: string; readonly data: Readonly<Record<string, unknown>> }

export type Change = {
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
}

export type UndoRequest = { readonly operation: string; readonly params: unknown }
