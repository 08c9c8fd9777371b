import type { OutcomeRow, StepRow } from '../store/types.ts'
import type { ConfirmWords } from './blocks.ts'
import type { Mrkdwn } from './escape.ts'
import type { Look } from './language.ts'

/** What an operation tells about its plan; the cards put it in order. */
export type PlanWords = {
  /** A sentence without its full stop: "Roll back porttrack-app to revision 41". */
  readonly what: Mrkdwn
  readonly where: Mrkdwn
  /** How it is now, what changes, what is not touched; one paragraph each. */
  readonly paragraphs: readonly Mrkdwn[]
  readonly warnings: readonly { readonly text: Mrkdwn; readonly serious: boolean }[]
  readonly takes: Mrkdwn
  readonly confirmLabel: string
  readonly confirm: ConfirmWords
  /** Asks once more in red. */
  readonly dangerous: boolean
  /** The label of the way to another choice; absent: there is none. */
  readonly otherLabel: string | undefined
  /** Every change, for the thread, a file or a modal. */
  readonly whole: readonly Mrkdwn[]
}

/** What an operation tells about how a run ended. */
export type OutcomeWords = {
  /** One sentence with the verb, the target and the state; no full stop. */
  readonly headline: Mrkdwn
  readonly lines: readonly Mrkdwn[]
  /** Ways on, in order; the card adds evidence and the incident. */
  readonly next: readonly NextAction[]
}

export type NextAction =
  | { readonly kind: 'undo'; readonly label: string; readonly confirm?: ConfirmWords }
  | { readonly kind: 'other'; readonly label: string }
  | { readonly kind: 'again'; readonly label: string }
  /** Asks for the reason of an emergency first. */
  | { readonly kind: 'emergency'; readonly label: string; readonly app: string }
  /** Plans another run of the same kind. */
  | {
      readonly kind: 'request'
      readonly label: string
      readonly request: { readonly operation: string; readonly params: Readonly<Record<string, unknown>> }
    }

export type OperationTexts = {
  /** What is asked for, before there is a plan: "Roll back porttrack-app". */
  asked(params: unknown, look: Look): Mrkdwn
  plan(plan: unknown, look: Look): PlanWords
  /** What is being done: "Rolling back porttrack-app to revision 41". */
  doing(plan: unknown, look: Look): Mrkdwn
  /** Whether this plan has that step at all: an operation's list of steps is of its longest form. */
  needs(step: string, plan: unknown): boolean
  /** A step's name for people, as plain text. */
  step(name: string, look: Look): string
  /** What a step waits for or has found; plain text, undefined when there is nothing to tell. */
  progress(step: StepRow, look: Look): string | undefined
  /** @param plan undefined when the run ended before it had one */
  outcome(
    told: { readonly outcome: OutcomeRow; readonly params: unknown; readonly plan: unknown },
    look: Look,
  ): OutcomeWords
}
