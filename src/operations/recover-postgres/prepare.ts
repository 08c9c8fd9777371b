import type { Prepared as PreparedPlan, Run } from '../types.ts'
import type { PrepareSteps } from './prepare-steps.ts'
import type { Prepared, RecoverParams, RecoverPlan } from './types.ts'

export const prepareStepNames = ['checkBackup', 'restoreBeside', 'proveCopy', 'previewLoss'] as const

type Run_ = Run<RecoverParams, RecoverPlan>

/** Everything that touches nothing in use: the backup is judged, restored beside, proved, and held against the live database. */
export async function prepareRecovery(run: Run_, steps: PrepareSteps): Promise<PreparedPlan<RecoverPlan>> {
  const { plan } = run
  if (plan.kind === 'undo') return prepareWayBack(run, steps)

  const judged = await run.step('checkBackup', (report) => steps.checkBackup(report))
  if (judged.kind === 'refused') return refused(judged.reason, judged.detail)

  const restored = await run.step('restoreBeside', (report) => steps.restoreBeside(judged, report))
  if (restored.kind === 'refused') return refused(restored.reason, restored.detail)

  const proved = await run.step('proveCopy', (report) => steps.proveCopy(judged, restored.shadow, report))
  if (proved.kind === 'refused') return refused(proved.reason, proved.detail)

  const loss =
    plan.kind === 'copy'
      ? nothingLost
      : await run.step('previewLoss', (report) => steps.previewLoss(restored.shadow, report))
  if (loss.kind === 'refused') return refused(loss.reason, loss.detail)

  return ready(plan, {
    shadow: restored.shadow,
    sha256: judged.sha256,
    dataAt: plan.point?.dataAt,
    warnings: judged.warnings,
    proof: proved.proof,
    answers: proved.answers,
    migration: proved.migration,
    newest: proved.newest,
    loss: loss.loss,
    lossUnknown: loss.unknown,
    restoreSeconds: restored.seconds,
  })
}

/** The way back needs no backup: only what would be lost by it must be known. */
async function prepareWayBack({ step, plan }: Run_, steps: PrepareSteps): Promise<PreparedPlan<RecoverPlan>> {
  const opened = await step('previewLoss', (report) => steps.previewWayBack(report))
  if (opened.kind === 'refused') return refused(opened.reason, opened.detail)
  return ready(plan, {
    shadow: opened.shadow,
    sha256: undefined,
    dataAt: undefined,
    warnings: [],
    proof: undefined,
    answers: [],
    migration: undefined,
    newest: opened.newest,
    loss: opened.loss,
    lossUnknown: opened.unknown,
    restoreSeconds: undefined,
  })
}

const nothingLost = { kind: 'known', loss: undefined, unknown: undefined } as const

const ready = (plan: RecoverPlan, prepared: Prepared): PreparedPlan<RecoverPlan> => ({
  kind: 'ready',
  plan: { ...plan, prepared },
})

const refused = (reason: string, detail: Record<string, unknown>): PreparedPlan<RecoverPlan> => ({
  kind: 'refuse',
  reason,
  detail,
})
