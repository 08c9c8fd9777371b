import type { Refused } from '../restoring/verdict.ts'
import type { Prepared as PreparedPlan, Run } from '../types.ts'
import type { Good, PrepareSteps } from './prepare-steps.ts'
import type { Prepared, RecoverMongoParams, RecoverMongoPlan } from './types.ts'

export const prepareStepNames = [
  'checkBackup',
  'safetyBackup',
  'restoreBeside',
  'buildIndexes',
  'proveCopy',
  'previewLoss',
] as const

type Run_ = Run<RecoverMongoParams, RecoverMongoPlan>

/** Everything that touches nothing in use: the backup is judged, restored beside, proved, and held against what is in use. */
export async function prepareRecoverMongo(run: Run_, steps: PrepareSteps): Promise<PreparedPlan<RecoverMongoPlan>> {
  const { plan } = run
  const judged = plan.kind === 'undo' ? undefined : await run.step('checkBackup', (report) => steps.checkBackup(report))
  if (judged?.kind === 'refused') return refused(judged)

  const { safetyBackup } = steps
  const safety =
    safetyBackup === undefined ? undefined : await run.step('safetyBackup', (report) => safetyBackup(report))
  if (safety?.kind === 'refused') return refused(safety)

  const found = judged === undefined ? wayBack : await prepareCopy(run, steps, judged)
  if (found.kind === 'refused') return refused(found)

  const lost =
    plan.kind === 'copy' ? nothingLost : await run.step('previewLoss', (report) => steps.previewLoss(judged, report))
  if (lost.kind === 'refused') return refused(lost)

  const { kind: _, ...exchange } = lost
  return { kind: 'ready', plan: { ...plan, prepared: { ...found.copy, ...exchange, safety } } }
}

type Copy = Omit<Prepared, 'renames' | 'views' | 'onlyLive' | 'loss' | 'lossUnknown' | 'safety'>
type Found = Refused | { readonly kind: 'found'; readonly copy: Copy }

async function prepareCopy({ step, plan }: Run_, steps: PrepareSteps, judged: Good): Promise<Found> {
  const restored = await step('restoreBeside', (report) => steps.restoreBeside(judged, report))
  if (restored.kind === 'refused') return restored

  const dressed = await step('buildIndexes', (report) => steps.buildIndexes(judged, restored.beside, report))
  if (dressed.kind === 'refused') return dressed

  const proved = await step('proveCopy', (report) => steps.proveCopy(judged, restored.beside, report))
  if (proved.kind === 'refused') return proved

  const { contents, sha256, warnings } = judged
  const copy = {
    beside: restored.beside,
    sha256,
    dataAt: plan.point?.dataAt,
    newest: contents.newestId,
    warnings,
    proof: proved.proof,
    counts: contents.collections.map(({ name, documents }) => ({ name, documents })),
    restoreSeconds: restored.seconds,
  }
  return { kind: 'found', copy }
}

/** The way back needs no backup: only what would be lost by it must be known. */
const wayBack: Found = {
  kind: 'found',
  copy: {
    beside: undefined,
    sha256: undefined,
    dataAt: undefined,
    newest: undefined,
    warnings: [],
    proof: undefined,
    counts: [],
    restoreSeconds: undefined,
  },
}

const nothingLost = {
  kind: 'known',
  renames: [],
  views: [],
  onlyLive: [],
  loss: undefined,
  lossUnknown: undefined,
} as const

const refused = ({ reason, detail }: Refused): PreparedPlan<RecoverMongoPlan> => ({ kind: 'refuse', reason, detail })
