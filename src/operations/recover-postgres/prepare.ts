import type { Refused } from '../restoring/verdict.ts'
import type { Prepared as PreparedPlan, Report, Run } from '../types.ts'
import type { Lost, PrepareSteps } from './prepare-steps.ts'
import { narrow } from './tables/scope.ts'
import type { Good, Prepared, RecoverParams, RecoverPlan } from './types.ts'

export const prepareStepNames = [
  'checkBackup',
  'safetyBackup',
  'examineTables',
  'restoreBeside',
  'proveCopy',
  'previewLoss',
] as const

type Run_ = Run<RecoverParams, RecoverPlan>

/** Everything that touches nothing in use: the backup is judged, restored beside, proved, and held against the live database. */
export async function prepareRecovery(run: Run_, steps: PrepareSteps): Promise<PreparedPlan<RecoverPlan>> {
  const { plan } = run
  const { safetyBackup } = steps

  const judged = plan.kind === 'undo' ? undefined : await run.step('checkBackup', (report) => steps.checkBackup(report))
  if (judged?.kind === 'refused') return refused(judged.reason, judged.detail)

  // Beside the others: it reads what is in use, and they fill what is not.
  const saving = safetyBackup === undefined ? undefined : run.step('safetyBackup', (report) => safetyBackup(report))
  saving?.catch(() => undefined)
  const found = await (judged === undefined ? prepareWayBack(run, steps) : prepareCopy(run, steps, judged))
  if (found.kind === 'refused') steps.endSafety()
  const safety = await saving
  if (found.kind === 'refused') return refused(found.reason, found.detail)
  if (safety?.kind === 'refused') return refused(safety.reason, safety.detail)
  return { kind: 'ready', plan: { ...plan, prepared: { ...found.prepared, safety } } }
}

type Previewed = Refused | (Extract<Lost, { kind: 'known' }> & Pick<Prepared, 'tables'>)
type Found = Refused | { readonly kind: 'found'; readonly prepared: Omit<Prepared, 'safety'> }

async function prepareCopy({ step, plan }: Run_, steps: PrepareSteps, whole: Good): Promise<Found> {
  const judged = plan.scope === undefined ? whole : narrow(whole, plan.scope)
  if (judged.kind === 'refused') return judged

  const alone = plan.scope !== undefined && plan.kind !== 'copy'
  const examined = alone ? await step('examineTables', () => steps.examineTables(judged)) : undefined
  if (examined?.kind === 'refused') return examined

  const restored = await step('restoreBeside', (report) => steps.restoreBeside(judged, report))
  if (restored.kind === 'refused') return restored

  const { shadow } = restored
  const proved = await step('proveCopy', (report) => steps.proveCopy(judged, shadow, report))
  if (proved.kind === 'refused') return proved

  const preview = (report: Report): Promise<Previewed> =>
    examined === undefined
      ? withoutTables(steps.previewLoss(judged, shadow, report))
      : steps.previewTables(judged, shadow, examined, report)
  const nothing = plan.kind === 'copy' || plan.live.kind === 'gone'
  const loss = nothing ? nothingLost : await step('previewLoss', preview)
  if (loss.kind === 'refused') return loss

  const prepared = {
    shadow,
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
    tables: loss.tables,
  }
  return { kind: 'found', prepared }
}

/** The way back needs no backup: only what would be lost by it must be known. */
async function prepareWayBack({ step }: Run_, steps: PrepareSteps): Promise<Found> {
  const opened = await step('previewLoss', (report) => steps.previewWayBack(report))
  if (opened.kind === 'refused') return opened
  const prepared = {
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
    tables: opened.tables,
  }
  return { kind: 'found', prepared }
}

/** The whole database is exchanged. */
const withoutTables = async (found: Promise<Lost>): Promise<Previewed> => {
  const lost = await found
  return lost.kind === 'refused' ? lost : { ...lost, tables: undefined }
}

const nothingLost = { kind: 'known', loss: undefined, unknown: undefined, tables: undefined } as const

const refused = (reason: string, detail: Record<string, unknown>): PreparedPlan<RecoverPlan> => ({
  kind: 'refuse',
  reason,
  detail,
})
