import type { Merged } from '../../services/mongodb/late.ts'
import type { LossPreview } from '../../services/mongodb/loss.ts'
import type { Swapped } from '../../services/mongodb/swap.ts'
import type { Outcome } from '../types.ts'
import type { ViewsSet } from './after-swap.ts'
import type { Compared, LossAgain } from './steps.ts'
import type { Kept, RecoverMongoPlan } from './types.ts'
import type { Answered, Health } from './verify.ts'

export type NotSwapped =
  | Exclude<Compared, { kind: 'same' }>
  | Exclude<LossAgain, { kind: 'known' }>
  | Exclude<Swapped, { kind: 'swapped' }>

/** What is in use is what it was, and the copy was dropped. */
export function notSwapped(plan: RecoverMongoPlan, why: NotSwapped): Outcome {
  const { kind: reason, ...detail } = why
  const about = { ...aboutPlan(plan), swapped: false, ...detail }
  if (reason === 'stopped') return { kind: 'not_approved', reason, detail: about }
  return { kind: reason === 'taken_back' ? 'failed' : 'refused', reason, detail: about }
}

export function copied(plan: RecoverMongoPlan, copy: { readonly name: string; readonly dropAfter: string }): Outcome {
  return { kind: 'verified', reason: 'copied', detail: { ...aboutPlan(plan), swapped: false, copy } }
}

type Ended = {
  readonly swapped: Extract<Swapped, { kind: 'swapped' }>
  readonly views: ViewsSet
  /** What keeps the apps from coming back; undefined: nothing. */
  readonly appsStay: string | undefined
  readonly kept: Kept
  readonly late: readonly Merged[]
  readonly health: Health
  readonly loss: LossPreview | undefined
}

export function replaced(plan: RecoverMongoPlan, ended: Ended): Outcome {
  const { swapped, views, appsStay, kept, late, health, loss } = ended
  const more: Answered[] = [
    ...(views.kind === 'refused' ? [{ name: 'views', ok: false, detail: views.why }] : []),
    ...(appsStay === undefined ? [] : [{ name: plan.apps.join(', '), ok: false, detail: appsStay }]),
  ]
  const detail = {
    ...aboutPlan(plan),
    swapped: true,
    ms: swapped.ms,
    collections: kept.renames.length,
    kept,
    late,
    lostDocuments: loss?.lostDocuments,
    checks: [...more, ...health.checks],
  }
  if (health.kind === 'unhealthy' || more.length > 0) return { kind: 'failed', reason: 'unhealthy', detail }
  return { kind: 'verified', reason: plan.kind === 'undo' ? 'swapped_back' : 'restored', detail }
}

function aboutPlan({ database, environment, name, kind, point, backTo, apps }: RecoverMongoPlan) {
  return { database, environment, name, kind, point: point?.id, dataAt: point?.dataAt, backTo: backTo?.run, apps }
}
