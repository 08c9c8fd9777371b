import type { Outcome } from '../types.ts'
import type { Rollout } from './await-rollout.ts'
import type { Health } from './check-health.ts'
import type { Compared } from './compare.ts'
import type { FlipBack } from './flip-back.ts'
import type { Replaced } from './replace-stuck.ts'
import type { Restored } from './restore.ts'
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
export function notRestored(
  plan: RollbackPlan,
  result: Exclude<Compared | Restored, { kind: 'same' | 'restored' }>,
): Outcome {
  switch (result.kind) {
    case 'already_there':
      return { kind: 'nothing_to_do', reason: 'already_there', detail: base(plan, false) }
    case 'moved':
      return { kind: 'refused', reason: 'world_moved', detail: { ...base(plan, false), moved: result.moved } }
    case 'away': {
      const detail = { ...base(plan, result.sent ? 'unknown' : false), message: result.message }
      return { kind: 'failed', reason: 'cluster_away', detail }
    }
    case 'refused': {
      const { status, message, verb, resource } = result
      const kind = result.reason === 'cluster_refused' ? 'failed' : 'refused'
      return { kind, reason: result.reason, detail: { ...base(plan, false), status, message, verb, resource } }
    }
  }
}

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
