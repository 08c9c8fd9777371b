import { type History, type KnownRevision, provedGood } from './history.ts'
import type { PodProblem, RevisionInfo, RollbackParams } from './types.ts'

export type Choice =
  | { readonly kind: 'chosen'; readonly target: KnownRevision; readonly asked: boolean }
  | { readonly kind: 'current' }
  | {
      readonly kind: 'none'
      readonly reason: 'unknown_revision' | 'no_history' | 'no_safe_revision' | 'just_rolled_back'
    }

export type ChoiceFacts = {
  readonly history: History
  readonly problems: readonly PodProblem[]
  readonly now: string
  readonly rolledOutAt: string | undefined
}

/** A revision that served at least this long counts as one that was healthy. */
export const healthyEnoughSeconds = 300

/** For so long after going back, a second request without a revision means the same rollback, not one more. */
const sameRescueSeconds = 30 * 60

/**
 * The revision to go back to. One that people name is taken, whatever it did before (the plan warns); without a name it
 * is the newest that was healthy, never one that failed, and never the one that was just left: undoing twice would go
 * forward again, to the bad release.
 */
export function chooseTarget(params: RollbackParams, facts: ChoiceFacts): Choice {
  const { history } = facts
  if (params.toRevision !== undefined || params.toSource !== undefined) return named(params, history)
  if (history.others.length === 0) return { kind: 'none', reason: 'no_history' }
  if (justWentBack(facts)) return { kind: 'none', reason: 'just_rolled_back' }
  const safe = history.others.filter(({ info }) => info.failedBefore === undefined && !isJustLeft(info, facts))
  const target = safe.find(({ info }) => (info.healthySeconds ?? 0) >= healthyEnoughSeconds) ?? longestHealthy(safe)
  return target === undefined ? { kind: 'none', reason: 'no_safe_revision' } : { kind: 'chosen', target, asked: false }
}

function named(params: RollbackParams, history: History): Choice {
  const fits = (info: RevisionInfo): boolean =>
    params.toSource === undefined ? info.revision === params.toRevision : info.source === params.toSource
  const target = history.others.find(({ info }) => fits(info))
  if (target !== undefined) return { kind: 'chosen', target, asked: true }
  return history.current.source !== '' && fits(history.current)
    ? { kind: 'current' }
    : { kind: 'none', reason: 'unknown_revision' }
}

/** Newest first, so the first of the longest; unknown counts least. */
function longestHealthy(revisions: readonly KnownRevision[]): KnownRevision | undefined {
  return revisions.reduce<KnownRevision | undefined>(
    (best, each) =>
      best === undefined || (each.info.healthySeconds ?? -1) > (best.info.healthySeconds ?? -1) ? each : best,
    undefined,
  )
}

/** Unless the current one is known to be bad and the one left was good: then going back to it is what helps. */
function isJustLeft(info: RevisionInfo, { history, problems }: ChoiceFacts): boolean {
  if (history.wentBackFrom?.source !== info.source) return false
  return history.current.failedBefore === undefined && !(isFailing({ history, problems }) && provedGood(info))
}

function isFailing({ history, problems }: Pick<ChoiceFacts, 'history' | 'problems'>): boolean {
  return problems.some((problem) => problem.state === 'failing' && problem.revision === history.current.revision)
}

function justWentBack({ history, problems, now, rolledOutAt }: ChoiceFacts): boolean {
  if (history.wentBackFrom === undefined || rolledOutAt === undefined) return false
  const seconds = (Date.parse(now) - Date.parse(rolledOutAt)) / 1000
  const bad = isFailing({ history, problems }) || history.current.failedBefore !== undefined
  return !bad && seconds < sameRescueSeconds
}
