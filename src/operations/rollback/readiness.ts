import type { Readiness, RollbackFacts } from './types.ts'

/** Ready pods of the current revision, and apart from them those of others: only the latter serve in a bad rollout. Pure. */
export function readinessOf(facts: Pick<RollbackFacts, 'counts' | 'revisions' | 'readyByHash'>): Readiness {
  const { desired, updated, available } = facts.counts
  const hash = facts.revisions.find((revision) => revision.current)?.podHash
  const others = Object.entries(facts.readyByHash).filter(([each, count]) => each !== hash && count > 0)
  const oldReady = others.reduce((sum, [, count]) => sum + count, 0)
  const ready = hash === undefined ? 0 : (facts.readyByHash[hash] ?? 0)
  if (oldReady === 0) return { desired, ready, updated, available }
  const oldRevisions = facts.revisions
    .filter(({ podHash }) => others.some(([each]) => each === podHash))
    .map(({ revision }) => revision)
  return { desired, ready, updated, available, oldReady, oldRevisions }
}
