import type { Outcome, Run } from '../types.ts'
import { type Failed, leftThere, notSwitched, verified, wentBack } from './outcomes.ts'
import type { Steps } from './steps.ts'
import type { SwitchParams, SwitchPlan } from './types.ts'

/** The steps in order; the last two only where the check fails. */
export const stepNames = [
  'compareWithPlan',
  'switchTraffic',
  'awaitEndpoints',
  'checkHealth',
  'switchBack',
  'awaitReturn',
] as const

/** The runbook. Neither colour is scaled, changed or deleted: whatever happens, both are still there. */
export async function switchColor(run: Run<SwitchParams, SwitchPlan>, steps: Steps): Promise<Outcome> {
  const { plan } = run

  const compared = await run.step('compareWithPlan', () => steps.compareWithPlan())
  if (compared.kind !== 'same') return notSwitched(plan, compared)

  const switched = await run.fenced('switchTraffic', steps.switchTraffic())
  if (switched.kind !== 'switched') return notSwitched(plan, switched)

  const followed = await run.step('awaitEndpoints', (report) => steps.awaitEndpoints(switched.clock, report))
  if (followed.kind === 'not_followed') return goBack(run, steps, followed)
  if (followed.kind !== 'followed') return leftThere(plan, followed)

  const health = await run.step('checkHealth', (report) => steps.checkHealth(switched.clock, report))
  if (health.kind === 'unhealthy') return goBack(run, steps, health)
  return health.kind === 'healthy' ? verified(plan, health) : leftThere(plan, health)
}

async function goBack(run: Run<SwitchParams, SwitchPlan>, steps: Steps, failed: Failed): Promise<Outcome> {
  const back = await run.fenced('switchBack', steps.switchBack())
  if (back.kind !== 'switched') return wentBack(run.plan, failed, back, undefined)
  const returned = await run.step('awaitReturn', (report) => steps.awaitReturn(back.clock, report))
  return wentBack(run.plan, failed, back, returned)
}
