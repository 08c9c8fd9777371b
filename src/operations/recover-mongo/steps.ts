import { withMongo } from '../../services/mongodb/client.ts'
import type { Merged } from '../../services/mongodb/late.ts'
import type { LossPreview } from '../../services/mongodb/loss.ts'
import { listAll } from '../../services/mongodb/server.ts'
import { movedSince, type Swapped } from '../../services/mongodb/swap.ts'
import { type Replicas, replicasOf, scaleAll } from '../restoring/apps.ts'
import { patiently } from '../restoring/patiently.ts'
import type { Fence, Report, Run } from '../types.ts'
import { bringLate, keepOld, setViewsOf, type ViewsSet } from './after-swap.ts'
import { at, dropCopy } from './beside.ts'
import { previewLossOf } from './loss-step.ts'
import { placeOf } from './place.ts'
import { swapFence } from './swap-step.ts'
import type { Kept, RecoverMongoParams, RecoverMongoPlan } from './types.ts'
import { type Health, verifyAfter } from './verify.ts'

export type Compared =
  | { readonly kind: 'same'; readonly replicas: readonly Replicas[] }
  | { readonly kind: 'moved'; readonly why: string }
  | { readonly kind: 'stopped' }

export type LossAgain =
  | { readonly kind: 'known'; readonly loss: LossPreview | undefined }
  | {
      readonly kind: 'loss_grew'
      readonly before: number
      readonly now: number
      readonly collections: readonly string[]
    }
  /** Somebody wrote into the copy after it was proved. */
  | { readonly kind: 'copy_changed' }
  | { readonly kind: 'stopped' }

/** What the runbook does, bound to one run. */
export type Steps = {
  compareWithPlan(): Promise<Compared>
  previewLossAgain(report: Report): Promise<LossAgain>
  stopApps(replicas: readonly Replicas[]): Fence<number>
  swap(): Fence<Swapped>
  setViews(): Promise<ViewsSet>
  startApps(replicas: readonly Replicas[]): Fence<number>
  keepOld(): Promise<{ readonly kept: Kept; readonly late: readonly Merged[] }>
  keepCopy(): Promise<{ readonly name: string; readonly dropAfter: string }>
  verify(report: Report): Promise<Health>
  /** Takes away what was prepared, when it is not used; what was written between two renames goes where it belongs. */
  dropCopy(): Promise<void>
}

type Run_ = Run<RecoverMongoParams, RecoverMongoPlan>

/** A live database goes on being written to while people think: so much more is the same decision, beyond it they decide again. */
const moreDocuments = 1_000
const moreShare = 0.25
const copyHours = 24

export function stepsOf(run: Run_): Steps {
  const { services } = run
  return {
    compareWithPlan: () => patiently(() => compareWithPlan(run)),
    previewLossAgain: (report) => patiently(() => previewLossAgain(run, report)),
    stopApps: (replicas) => scaleAll(services, replicas, 'stop'),
    swap: () => swapFence(run),
    setViews: () => setViewsOf(run),
    startApps: (replicas) => scaleAll(services, replicas, 'start'),
    keepOld: () => keepOld(run),
    keepCopy: async () => ({
      name: run.plan.prepared?.beside?.database ?? '',
      dropAfter: new Date(Date.now() + copyHours * 3_600_000).toISOString(),
    }),
    verify: (report) => verifyAfter(run, report),
    dropCopy: async () => {
      await bringLate(run)
      if (run.plan.kind !== 'undo') await dropCopy(run)
    },
  }
}

async function compareWithPlan(run: Run_): Promise<Compared> {
  const { plan, services } = run
  if (await run.stopRequested()) return { kind: 'stopped' }
  const { url } = await placeOf(services, plan.database)
  const why = await withMongo(url, { answerMs: 15_000 }, async (connected) => {
    const { beside, renames = [], counts = [] } = plan.prepared ?? {}
    if (plan.kind !== 'copy') return movedSince({ renames }, await listAll(connected))
    const there = beside === undefined ? [] : await listAll(at(connected, beside))
    return there.length >= counts.length ? undefined : 'the copy is not there any more'
  })
  if (why !== undefined) return { kind: 'moved', why }
  return { kind: 'same', replicas: plan.appMode === 'scale' ? await replicasOf(services, plan.apps) : [] }
}

async function previewLossAgain(run: Run_, report: Report): Promise<LossAgain> {
  const { loss: before, proof } = run.plan.prepared ?? {}
  const loss = await previewLossOf(run, report)
  if (await run.stopRequested()) return { kind: 'stopped' }
  if (loss !== undefined && proof !== undefined && loss.unknown.length === 0 && loss.coming256 !== proof.sha256)
    return { kind: 'copy_changed' }
  if (loss === undefined || before === undefined) return { kind: 'known', loss }
  const limit = before.lostDocuments + Math.max(moreDocuments, before.lostDocuments * moreShare)
  if (loss.lostDocuments <= limit) return { kind: 'known', loss }
  const collections = loss.collections.map(({ collection }) => collection).slice(0, 8)
  return { kind: 'loss_grew', before: before.lostDocuments, now: loss.lostDocuments, collections }
}
