import type { LossPreview } from '../../services/postgres/loss.ts'
import type { Swapped } from '../../services/postgres/swap.ts'
import type { Outcome } from '../types.ts'
import type { Compared, Kept, LossAgain } from './steps.ts'
import type { Exchanged } from './swap-step.ts'
import type { Replaced } from './tables/steps.ts'
import type { RecoverPlan } from './types.ts'
import type { Health } from './verify.ts'

export type NotSwapped =
  | Exclude<Compared, { kind: 'same' }>
  | Exclude<LossAgain, { kind: 'known' }>
  | Exclude<Exchanged, { kind: 'swapped' }>
  | Exclude<Replaced, { kind: 'swapped' }>

const failing: readonly NotSwapped['kind'][] = [
  'sessions_stay',
  'database_denied',
  'table_busy',
  'create_failed',
  'not_alike',
]

/** Nothing in use was changed, and the copy was dropped. */
export function notSwapped(plan: RecoverPlan, why: NotSwapped): Outcome {
  const { kind: reason, ...detail } = why
  const about = { ...aboutPlan(plan), swapped: false, ...detail }
  if (reason === 'stopped') return { kind: 'not_approved', reason, detail: about }
  return { kind: failing.includes(reason) ? 'failed' : 'refused', reason, detail: about }
}

export function copied(plan: RecoverPlan, kept: NonNullable<Kept>): Outcome {
  return { kind: 'verified', reason: 'copied', detail: { ...aboutPlan(plan), swapped: false, kept } }
}

type Ended = {
  readonly swapped: Pick<Extract<Swapped, { kind: 'swapped' }>, 'ms' | 'ended'>
  readonly kept: Kept
  readonly health: Health
  readonly loss: LossPreview | undefined
  /** Foreign keys that do not hold for all rows. */
  readonly broken?: readonly string[]
}

export function replaced(plan: RecoverPlan, { swapped: how, kept, health, loss, broken }: Ended): Outcome {
  const detail = {
    ...aboutPlan(plan),
    swapped: true,
    ms: how.ms,
    sessions: how.ended,
    kept,
    lostRows: loss?.lostRows,
    ...(broken === undefined ? {} : { broken }),
    checks: health.checks,
    answers: health.answers,
  }
  if (health.kind === 'unhealthy') return { kind: 'failed', reason: 'unhealthy', detail }
  return { kind: 'verified', reason: plan.kind === 'undo' ? 'swapped_back' : 'restored', detail }
}

function aboutPlan({ database, environment, name, scope, kind, point, backTo, apps }: RecoverPlan) {
  return {
    database,
    environment,
    name,
    scope,
    kind,
    point: point?.id,
    dataAt: point?.dataAt,
    backTo: backTo?.run,
    apps,
  }
}
