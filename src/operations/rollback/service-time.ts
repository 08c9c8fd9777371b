import type { Revision } from '../../services/kubernetes/workload/revisions.ts'
import type { RollbackFacts } from './types.ts'

type ServiceFacts = Pick<RollbackFacts, 'revisions' | 'readAt' | 'rolledOutAt'>

/**
 * Came back by an undo. A ReplicaSet keeps its earlier numbers; a ControllerRevision keeps no trace, but is then older than
 * those with lower numbers.
 */
export function wasReused(revision: Revision, revisions: readonly Revision[]): boolean {
  if (revision.earlierNumbers.length > 0) return true
  return revisions.some((other) => other.revision < revision.revision && other.createdAt > revision.createdAt)
}

/** When the current revision began to serve this time: a reused ReplicaSet was created long before. */
export function cameIntoService(revision: Revision, facts: ServiceFacts): string {
  if (!wasReused(revision, facts.revisions)) return revision.createdAt
  // Both are late guesses, and the beginning of a rollout may be a stale word of the one before.
  const rolledOut = facts.rolledOutAt !== undefined && facts.rolledOutAt > revision.createdAt
  return rolledOut && facts.rolledOutAt !== undefined ? facts.rolledOutAt : revision.touchedAt
}

/**
 * Time in service, in seconds, as far as the cluster tells: from its creation until another took over, and since its return
 * when it is current. What it served in between is not counted: nobody keeps when an undo was. Pure.
 */
export function servedSeconds(revision: Revision, facts: ServiceFacts): number | undefined {
  const reused = wasReused(revision, facts.revisions)
  if (revision.current && !reused) return between(revision.createdAt, facts.readAt)
  const first = between(revision.createdAt, endOfFirst(revision, facts))
  const since = revision.current ? between(cameIntoService(revision, facts), facts.readAt) : undefined
  return first === undefined ? since : first + (since ?? 0)
}

/** The next to be created ended it, or an undo to an older one, which creates nothing. */
function endOfFirst(revision: Revision, { revisions }: ServiceFacts): string | undefined {
  const next = revisions
    .map(({ createdAt }) => createdAt)
    .filter((createdAt) => createdAt > revision.createdAt)
    .sort()[0]
  const first = Math.min(revision.revision, ...revision.earlierNumbers)
  const taker = revisions.find((other) => cameBackAs(other, first + 1, revisions))
  if (taker === undefined) return next
  if (taker.current && taker.revision === first + 1) return taker.touchedAt
  // A short trip to an older one and back again. One that people left once more may be what they fled from.
  const cameBack = cameBackAs(revision, first + 2, revisions)
  const leftAgain = revisions.some((other) => cameBackAs(other, revision.revision + 1, revisions))
  return cameBack && !leftAgain ? next : undefined
}

/** An undo put it back under this number. */
function cameBackAs(revision: Revision, number: number, revisions: readonly Revision[]): boolean {
  if (!wasReused(revision, revisions)) return false
  const { earlierNumbers } = revision
  return revision.revision === number || (earlierNumbers.includes(number) && number > Math.min(...earlierNumbers))
}

function between(start: string, end: string | undefined): number | undefined {
  if (start === '' || end === undefined) return undefined
  const seconds = Math.round((Date.parse(end) - Date.parse(start)) / 1000)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}
