import type { KnownRevision } from './history.ts'
import type { RevisionInfo, RollbackFacts } from './types.ts'

export type WarningInput = {
  readonly facts: RollbackFacts
  readonly from: RevisionInfo
  readonly target: KnownRevision
  /** Revisions between the two, that are skipped. */
  readonly between: readonly KnownRevision[]
}
