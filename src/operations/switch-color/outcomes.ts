import type { Outcome } from '../types.ts'
import { type Unchanged, unchanged } from '../unchanged.ts'
import type { Followed } from './await-endpoints.ts'
import type { Moved } from './compare.ts'
import type { Switched } from './switch.ts'
import type { SwitchPlan } from './types.ts'
import type { Health } from './watch-health.ts'

/**
 * Every outcome's `detail` begins with these: what it was about, and whether people are sent to `to` now. `switched` is
 * `unknown` only where the cluster went away between the write and its answer.
 */
function base(plan: SwitchPlan, switched: boolean | 'unknown') {
  const { app, environment, route, from, to } = plan
  return { app, environment, route, from, to, switched }
}

/** Nothing was changed: what people saw is gone, is there already, or the cluster said no. */
export const notSwitched = (plan: SwitchPlan, result: Unchanged<Moved>): Outcome =>
  unchanged((changed) => base(plan, changed), result)

/** What was seen after the switch did not pass, and is worth going back for. */
export type Failed = Extract<Followed, { kind: 'not_followed' }> | Extract<Health, { kind: 'unhealthy' }>

/** The traffic was led there, and the watch over it was cut short: it is left as it is. */
export function leftThere(
  plan: SwitchPlan,
  seen: Exclude<Followed | Health, { kind: 'followed' | 'healthy' | 'not_followed' | 'unhealthy' }>,
): Outcome {
  const detail = { ...base(plan, true), reached: seen.reached, ...('checks' in seen ? { health: seen.checks } : {}) }
  switch (seen.kind) {
    case 'flipped_back':
      return {
        kind: 'failed',
        reason: 'flipped_back',
        detail: { ...detail, switched: false, by: seen.by, at: seen.at },
      }
    case 'stopped':
      return { kind: 'failed', reason: 'stopped', detail }
    case 'unwatchable':
      return { kind: 'failed', reason: seen.reason, detail: { ...detail, message: seen.message } }
  }
}

export function verified(plan: SwitchPlan, health: Extract<Health, { kind: 'healthy' }>): Outcome {
  const detail = { ...base(plan, true), reached: health.reached, health: health.checks }
  return { kind: 'verified', reason: 'switched', detail }
}

/** The check failed, and the switch back was tried; `returned` tells what was seen of it. */
export function wentBack(plan: SwitchPlan, failed: Failed, back: Switched, returned: Followed | undefined): Outcome {
  const why = failed.kind === 'unhealthy' ? failed.why : 'endpoints'
  const failedStep = failed.kind === 'unhealthy' ? 'checkHealth' : 'awaitEndpoints'
  const seen = { failedStep, why, reached: failed.reached, ...('checks' in failed ? { health: failed.checks } : {}) }
  if (back.kind === 'switched' || back.kind === 'already_there')
    return {
      kind: 'failed',
      reason: 'switched_back',
      detail: {
        ...base(plan, false),
        ...seen,
        returned: returned?.kind === 'followed',
        serving: returned?.reached.ready,
      },
    }
  const told = back.kind === 'moved' ? { moved: back.moved } : { message: back.message }
  const switched = back.kind === 'away' && back.sent ? 'unknown' : back.kind !== 'moved'
  return { kind: 'failed', reason: 'not_switched_back', detail: { ...base(plan, switched), ...seen, ...told } }
}
