import type { Outcome, Run } from '../types.ts'
import { notFollowed, notRestored, rolloutEnded, verifiedOrNot } from './outcomes.ts'
import { waitsForBrokenPods } from './replace-stuck.ts'
import type { Steps } from './steps.ts'
import type { RollbackParams, RollbackPlan } from './types.ts'

/** The steps in order; `replaceStuckPods` is only for workloads that wait for their broken pods. */
export const stepNames = [
  'compareWithPlan',
  'restoreTemplate',
  'replaceStuckPods',
  'awaitRollout',
  'checkHealth',
  'watchFlipBack',
] as const

/** The runbook. Evidence was kept before, while people read the plan. */
export async function rollBack(run: Run<RollbackParams, RollbackPlan>, steps: Steps): Promise<Outcome> {
  const { plan } = run

  const compared = await run.step('compareWithPlan', () => steps.compareWithPlan())
  if (compared.kind !== 'same') return notRestored(plan, compared)

  const restored = await run.fenced('restoreTemplate', steps.restoreTemplate())
  if (restored.kind !== 'restored') return notRestored(plan, restored)

  if (waitsForBrokenPods(plan)) {
    const replaced = await run.fenced('replaceStuckPods', steps.replaceStuckPods())
    if (replaced.kind === 'refused') return notFollowed(plan, replaced)
  }

  const rollout = await run.step('awaitRollout', (report) => steps.awaitRollout(restored, report))
  if (rollout.end.kind !== 'done') return rolloutEnded(plan, rollout)

  const health = await run.step('checkHealth', (report) => steps.checkHealth(rollout, report))
  if (health.kind === 'unhealthy') return verifiedOrNot(plan, rollout, health, undefined)

  const flip = await run.step('watchFlipBack', () => steps.watchFlipBack(restored))
  return verifiedOrNot(plan, rollout, health, flip)
}
