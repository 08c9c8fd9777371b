import type { Outcome, Run } from '../types.ts'
import { copied, type NotSwapped, notSwapped, replaced } from './outcomes.ts'
import { prepareStepNames } from './prepare.ts'
import type { Steps } from './steps.ts'
import type { RecoverMongoParams, RecoverMongoPlan } from './types.ts'

/** The steps in order; which of them a plan has, its texts tell. */
export const stepNames = [
  ...prepareStepNames,
  'compareWithPlan',
  'previewLossAgain',
  'stopApps',
  'swap',
  'setViews',
  'startApps',
  'keepOld',
  'verify',
  'keepCopy',
] as const

/** The runbook, once a second person has approved what was prepared. Until `swap` nothing in use is touched. */
export async function recoverDatabase(run: Run<RecoverMongoParams, RecoverMongoPlan>, steps: Steps): Promise<Outcome> {
  const { plan } = run
  const leave = async (why: NotSwapped): Promise<Outcome> => {
    await run.step('dropCopy', () => steps.dropCopy())
    return notSwapped(plan, why)
  }

  const compared = await run.step('compareWithPlan', () => steps.compareWithPlan())
  if (compared.kind !== 'same') return leave(compared)

  if (plan.kind === 'copy') return copied(plan, await run.step('keepCopy', () => steps.keepCopy()))

  const loss = await run.step('previewLossAgain', (report) => steps.previewLossAgain(report))
  if (loss.kind !== 'known') return leave(loss)

  const { replicas } = compared
  if (replicas.length > 0) await run.fenced('stopApps', steps.stopApps(replicas))
  const startApps = async () => {
    if (replicas.length > 0) await run.fenced('startApps', steps.startApps(replicas))
  }
  const swapped = await run.fenced('swap', steps.swap()).catch(async (error: unknown) => {
    // Whatever happened to the database, the apps come back.
    await startApps()
    throw error
  })
  if (swapped.kind !== 'swapped') {
    await startApps()
    return leave(swapped)
  }
  const changed = (plan.prepared?.views ?? []).length > 0
  const views = changed ? await run.step('setViews', () => steps.setViews()) : noViews
  // From here on the way back must be told, whatever the cluster says.
  const appsStay = await startApps().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message.slice(0, 200) : 'unknown'),
  )
  const { kept, late } = await run.step('keepOld', () => steps.keepOld())
  const health = await run.step('verify', (report) => steps.verify(report))
  return replaced(plan, { swapped, views, appsStay, kept, late, health, loss: loss.loss })
}

const noViews = { kind: 'set' } as const
