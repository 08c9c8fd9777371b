/**
 * The words of this house, as types. See ARCHITECTURE.md for the glossary.
 *
 * An operation is something the bot can do that changes the world. It reads **facts**, decides on a **plan** (a pure
 * function of parameters and facts, shown to people and hashed), and executes it as **steps** of a durable run.
 */
import type { z } from 'zod'
import type { Catalog, Risk } from '../catalog/schema.ts'
import type { Actor, Origin, RunId } from '../store/types.ts'
import type { PlanView, UndoRequest } from './plan-view.ts'
import type { Services } from './services.ts'

/** How a run ends. The kind decides exit codes and colours; the reason is one word of the operation's own list. */
export type Outcome = {
  readonly kind: 'verified' | 'nothing_to_do' | 'failed' | 'refused' | 'not_approved'
  readonly reason: string
  /** Facts for the outcome card, JSON; words are made from them by the operation's texts. */
  readonly detail: Readonly<Record<string, unknown>>
}

/** What planning decided; only `proceed` leads to a question to people. */
export type Decision<Plan> =
  | { readonly kind: 'proceed'; readonly plan: Plan }
  | { readonly kind: 'nothing_to_do'; readonly reason: string; readonly detail: Record<string, unknown> }
  | { readonly kind: 'refuse'; readonly reason: string; readonly detail: Record<string, unknown> }

export type Prepared<Plan> =
  | { readonly kind: 'ready'; readonly plan: Plan }
  | { readonly kind: 'refuse'; readonly reason: string; readonly detail: Record<string, unknown> }

/** What a workflow body holds while its target is locked. */
export type Run<Params, Plan> = {
  readonly id: RunId
  readonly params: Params
  readonly plan: Plan
  readonly actor: Actor
  /** Who confirmed: the cluster sees this person where the catalog impersonates. */
  readonly confirmedBy: Actor
  readonly services: Services
  /** A named durable unit: announced before and after, safe to repeat. */
  step<T>(name: string, body: (report: Report) => Promise<T>): Promise<T>
  /** A step behind the ledger fence: never repeated blindly; after a crash `look` tells whether it had happened. */
  fenced<T>(name: string, fence: Fence<T>): Promise<T>
  /** True once a person pressed Stop. Asked inside steps only: a workflow body must take the same path when it is replayed. */
  stopRequested(): Promise<boolean>
}

/** Progress inside a step, shown in the run's card; coalesced, so call it freely. */
export type Report = (progress: StepProgress) => Promise<void>
export type StepProgress = Readonly<Record<string, unknown>>

export type Fence<T> = {
  /** What is about to be done, for the ledger and the audit. */
  readonly intent: Readonly<Record<string, unknown>>
  act(): Promise<T>
  /** Reads the world after a crash: was the act done? `unknown` asks a person. */
  look(): Promise<{ kind: 'done'; result: T } | { kind: 'not_done' } | { kind: 'unknown'; why: string }>
}

export type Operation<Params, Facts, Plan> = {
  readonly name: string
  readonly risk: Risk | ((params: Params) => Risk)
  readonly params: z.ZodType<Params>
  /** The key that a run locks, such as `main/porttrack/deployment/porttrack-app`. */
  target(params: Params, catalog: Catalog): string
  /** The catalog's name of the thing, for permissions, incidents and invitations. */
  subject(params: Params): { readonly kind: 'app' | 'database' | 'monitor' | 'cluster'; readonly name: string }
  /** Names that its subject may have; absent: the catalog's apps. */
  subjects?(catalog: Catalog): readonly string[]
  readFacts(params: Params, services: Services): Promise<Facts>
  /** Pure: the same parameters and facts give the same decision, so a plan can be hashed and compared. */
  decide(params: Params, facts: Facts): Decision<Plan>
  /** The part of a plan that a decision is bound to: hashed for the button, compared with the world again before acting. Leaves out what changes by itself (ages, counters). */
  fingerprint(plan: Plan): unknown
  /**
   * Logs, events and revisions worth keeping before anything changes; taken while people read the plan.
   * @param withinMs where nobody reads and each second counts: what is not there by then is named as missing
   */
  captureEvidence?(params: Params, plan: Plan, services: Services, withinMs?: number): Promise<readonly EvidenceItem[]>
  /**
   * Harmless work that must be done before people can decide, as durable steps that they see meanwhile; what it found becomes
   * part of the plan and of its fingerprint. It asks `stopRequested` in what takes long: people may cancel.
   */
  prepare?(run: Run<Params, Plan>): Promise<Prepared<Plan>>
  /** Takes away what `prepare` made, when the run ends without using it. Safe to repeat. */
  discard?(run: Run<Params, Plan>): Promise<void>
  /** The names of the steps in order, those of `prepare` first, known before the run begins. */
  readonly steps: readonly string[]
  execute(run: Run<Params, Plan>): Promise<Outcome>
  /** The way back of a finished run, as a request for a new one with its own plan and confirmation. */
  undo?(params: Params, plan: Plan, outcome: Outcome): UndoRequest | undefined
  /** Data for cards, without words. */
  view(params: Params, plan: Plan): PlanView
}

/** An operation whose parameter types are forgotten, for lists. */
// biome-ignore lint/suspicious/noExplicitAny: a list of operations cannot name each one's types; start.ts parses params with the operation's own schema
export type AnyOperation = Operation<any, any, any>

export type EvidenceItem = {
  readonly name: string
  readonly kind: 'log' | 'previous-log' | 'events' | 'object' | 'note'
  readonly content: string
}

/** A request to start a run, from any surface. */
export type StartRequest = {
  readonly operation: string
  readonly params: unknown
  readonly actor: Actor
  readonly origin: Origin
  /** Slack's own id of the command, view or click (or the CLI's), so that a retry finds the same run. */
  readonly idempotencyKey: string
  readonly undoOf?: RunId
}
