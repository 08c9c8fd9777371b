import type { Pace } from '../../src/operations/rollback/pace.ts'
import { decideRollback } from '../../src/operations/rollback/plan.ts'
import type { RollbackPlan } from '../../src/operations/rollback/types.ts'
import type { RawObject } from '../../src/services/kubernetes/api/json.ts'
import { countsOf } from '../../src/services/kubernetes/workload/rollout-status.ts'
import type { Workload } from '../../src/services/kubernetes/workload/workload.ts'
import { facts } from '../unit/rollback/world.ts'
import { recorded } from './recorded.ts'

export const quickPace: Pace = {
  pollMs: 20,
  awayMs: 400,
  graceMs: 100,
  healthTries: 3,
  healthPauseMs: 20,
  flipBackMs: 60,
  flipBackOwnedMs: 120,
}

/** The plan for the recorded bad release, back to revision 1. */
export function planOfBadRelease(): {
  readonly plan: RollbackPlan
  readonly workload: Workload
  readonly restored: RawObject
} {
  const { workload, revisions } = recorded('bad-release')
  const { template, annotations, uid, paused, strategy } = workload
  const world = { ...facts([]), template, annotations, uid, paused, strategy, revisions, counts: countsOf(workload) }
  const decision = decideRollback({ app: 'porttrack-app', toRevision: 1 }, world)
  if (decision.kind !== 'proceed') throw new Error(`the recording gives no plan: ${decision.reason}`)
  const target = revisions.find((revision) => revision.revision === 1)
  return { plan: decision.plan, workload, restored: withTemplate(workload.raw, target?.template ?? {}) }
}

export function withTemplate(raw: RawObject, template: RawObject): RawObject {
  return { ...raw, spec: { ...(raw['spec'] as RawObject), template } }
}
