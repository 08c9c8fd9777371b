import type { Outcome } from '../types.ts'
import { type Unchanged, unchanged } from '../unchanged.ts'
import type { Rollout } from './await-rollout.ts'
import type { Health } from './check-health.ts'
import type { FlipBack } from './flip-back.ts'
import type { Moved } from './moved.ts'
import type { Replaced } from './replace-stuck.ts'
import type { RollbackPlan } from './types.ts'

/**
 * Every outcome's `detail` begins with these: what it was about, and whether the template was put back.
 * `restored` is `unknown` only where the cluster went away between the write and its answer.
 */
function base(plan: RollbackPlan, restored: boolean | 'unknown') {
  const { app, environment, workload, from, to, emergency, alternatives } = plan
  // The same write that puts the template back ends the pause.
  const resumed = plan.paused && restored === true
  return { app, environment, workload, from, to, emergency, restored, ...(resumed ? { resumed } : {}), alternatives }
}

/** Nothing was changed: what people saw is gone, is there already, or the cluster said no. */
export const notRestored = (plan: RollbackPlan, result: Unchanged<Moved>): Outcome =>
  unchanged((changed) => base(plan, changed), result)

/** The template is back; what stands in the way of its pods could not be removed. */
export function notFollowed(plan: RollbackPlan, { reason, message }: Extract<Replaced, { kind: 'refused' }>): Outcome {
  return { kind: 'failed', reason, detail: { ...base(plan, true), message } }
}

/** The template is back, and the pods did not follow. */
export function rolloutEnded(plan: RollbackPlan, { end, state }: Rollout): Outcome {
  const detail = { ...base(plan, true), ...state }
  switch (end.kind) {
    case 'failed':
      return { kind: 'failed', reason: 'rollout_failed', detail: { ...detail, why: end.reason, message: end.message } }
    case 'timed_out':
      return { kind: 'failed', reason: 'rollout_timed_out', detail: { ...detail, waitingFor: end.waitingFor } }
    case 'flipped_back':
      return { kind: 'failed', reason: 'flipped_back', detail: { ...detail, restored: false, by: end.by, at: end.at } }
    case 'stopped':
      return { kind: 'failed', reason: 'stopped', detail }
    case 'unwatchable':
      return { kind: 'failed', reason: end.reason, detail: { ...detail, message: end.message } }
    case 'done':
      return { kind: 'verified', reason: 'rolled_back', detail }
  }
}

export function verifiedOrNot(
  plan: RollbackPlan,
  rollout: Rollout,
  health: Health,
  flip: FlipBack | undefined,
): Outcome {
  const detail = {
    ...base(plan, true),
    ...rollout.state,
    health: health.checks,
    problems: health.problems,
    revision: flip?.revision,
  }
  if (health.kind === 'unhealthy')
    return { kind: 'failed', reason: 'health_failed', detail: { ...detail, tries: health.tries } }
  if (flip?.kind === 'flipped_back')
    return { kind: 'failed', reason: 'flipped_back', detail: { ...detail, restored: false, by: flip.by, at: flip.at } }
  return {
    kind: 'verified',
    reason: 'rolled_back',
    detail: { ...detail, counts: flip?.counts ?? rollout.state.counts },
  }
}
