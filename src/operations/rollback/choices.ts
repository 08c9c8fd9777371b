import type { Services } from '../services.ts'
import { readRollbackFacts } from './facts.ts'
import { historyOf } from './history.ts'
import { decideRollback } from './plan.ts'
import { readinessOf } from './readiness.ts'
import type { Readiness, RevisionInfo } from './types.ts'

export type Choices = {
  readonly current: RevisionInfo
  readonly readiness: Readiness
  /** Newest first, without the current one. */
  readonly others: readonly RevisionInfo[]
  /** What the plan would choose: the last healthy one. */
  readonly chosen: number | undefined
  /** Only where the rollout is paused: who did it, by the cluster's record. */
  readonly pausedBy?: string
}

/** The revisions of an app as people choose from them. @throws KubernetesError */
export async function readChoices(services: Services, app: string): Promise<Choices> {
  const facts = await readRollbackFacts({ app }, services)
  const history = historyOf(facts)
  // A pause does not change which revision is the last healthy one; only an emergency may go back to it now.
  const decision = decideRollback({ app, emergency: facts.paused }, facts)
  return {
    current: history.current,
    readiness: readinessOf(facts),
    others: history.others.map(({ info }) => info).toSorted((a, b) => b.revision - a.revision),
    ...(facts.paused ? { pausedBy: facts.pausedBy?.manager ?? '' } : {}),
    chosen: decision.kind === 'proceed' ? decision.plan.to.revision : undefined,
  }
}
