import type { Outcome, Run } from '../types.ts'
import { copied, type NotSwapped, notSwapped, replaced } from './outcomes.ts'
import { prepareStepNames } from './prepare.ts'
import type { Steps } from './steps.ts'
import { tableStepsOf } from './tables/steps.ts'
import { recoverTables } from './tables/workflow.ts'
import type { RecoverParams, RecoverPlan } from './types.ts'

/** The steps in order; which of them a plan has, its texts tell. */
export const stepNames = [
  ...prepareStepNames,
  'compareWithPlan',
  'stageTables',
  'previewLossAgain',
  'stopApps',
  'swap',
  'replaceTables',
  'checkKeys',
  'startApps',
  'keepOld',
  'verify',
  'keepCopy',
] as const

/** The runbook, once a second person has approved what was prepared. Until `swap` nothing in use is touched. */
export async function recover(run: Run<RecoverParams, RecoverPlan>, steps: Steps): Promise<Outcome> {
  const { plan } = run
  const leave = async (why: NotSwapped): Promise<Outcome> => {
    await run.step('dropCopy', () => steps.dropCopy())
    return notSwapped(plan, why)
  }

  const compared = await run.step('compareWithPlan', () => steps.compareWithPlan())
  if (compared.kind !== 'same') return leave(compared)

  if (plan.kind === 'copy') return copied(plan, await run.step('keepCopy', () => steps.keepCopy()))

  if (plan.scope !== undefined) return recoverTables(run, steps, tableStepsOf(run), leave)

  // A database that is gone has nothing to lose and nothing to keep.
  const gone = plan.liveOid === undefined
  const loss = gone
    ? ({ kind: 'known', loss: undefined } as const)
    : await run.step('previewLossAgain', (report) => steps.previewLossAgain(report))
  if (loss.kind !== 'known') return leave(loss)

  const { replicas } = compared
  if (replicas.length > 0) await run.fenced('stopApps', steps.stopApps(replicas))
  const startApps = () => (replicas.length > 0 ? run.fenced('startApps', steps.startApps(replicas)) : undefined)
  const swapped = await run.fenced('swap', steps.swap()).catch(async (error: unknown) => {
    // Whatever happened to the database, the apps come back.
    await startApps()
    // Where nobody can tell what was done, nothing is taken away.
    if (!isUnknown(error)) await run.step('dropCopy', () => steps.dropCopy())
    throw error
  })
  await startApps()
  if (swapped.kind !== 'swapped') return leave(swapped)

  const kept = gone ? undefined : await run.step('keepOld', () => steps.keepOld())
  const health = await run.step('verify', (report) => steps.verify(report))
  return replaced(plan, { swapped, kept, health, loss: loss.loss })
}

const isUnknown = (error: unknown): boolean =>
  error instanceof Error && 'reason' in error && error.reason === 'act_unknown'
