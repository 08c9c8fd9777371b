import { withClient } from '../../services/postgres/client.ts'
import { closeKept, keepAs } from '../../services/postgres/kept.ts'
import type { LossPreview } from '../../services/postgres/loss.ts'
import { keptName } from '../../services/postgres/shadow.ts'
import { oidOf, type Swapped } from '../../services/postgres/swap.ts'
import type { Fence, Report, Run } from '../types.ts'
import { type Replicas, replicasOf, scaleAll } from './apps.ts'
import { placeOf } from './place.ts'
import { lossOf } from './prepare-steps.ts'
import { dropShadows } from './restore-beside.ts'
import { closeWayBack, swapFence, swapPlanOf } from './swap-step.ts'
import type { RecoverParams, RecoverPlan } from './types.ts'
import { type Health, verifyAfter } from './verify.ts'

export type Compared =
  | { readonly kind: 'same'; readonly replicas: readonly Replicas[] }
  | { readonly kind: 'moved'; readonly why: string }
  | { readonly kind: 'stopped' }

export type LossAgain =
  | { readonly kind: 'known'; readonly loss: LossPreview | undefined }
  | { readonly kind: 'loss_grew'; readonly before: number; readonly now: number; readonly tables: readonly string[] }
  | { readonly kind: 'stopped' }

export type Kept = { readonly name: string; readonly oid: number; readonly dropAfter: string } | undefined

/** What the runbook does, bound to one run. */
export type Steps = {
  compareWithPlan(): Promise<Compared>
  previewLossAgain(report: Report): Promise<LossAgain>
  stopApps(replicas: readonly Replicas[]): Fence<number>
  swap(): Fence<Swapped>
  startApps(replicas: readonly Replicas[]): Fence<number>
  keepOld(): Promise<Kept>
  keepCopy(): Promise<NonNullable<Kept>>
  verify(report: Report): Promise<Health>
  /** Takes away what was prepared, when it is not used. */
  dropCopy(): Promise<void>
}

type Run_ = Run<RecoverParams, RecoverPlan>

/** A live database goes on being written to while people think: so much more is the same decision, beyond it they decide again. */
const moreRows = 1_000
const moreShare = 0.25
const copyHours = 24

export function stepsOf(run: Run_): Steps {
  const { services, plan } = run
  return {
    compareWithPlan: () => compareWithPlan(run),
    previewLossAgain: (report) => previewLossAgain(run, report),
    stopApps: (replicas) => scaleAll(services, replicas, 'stop'),
    startApps: (replicas) => scaleAll(services, replicas, 'start'),
    swap: () => swapFence(run),
    keepOld: async () => {
      const swap = await swapPlanOf(run)
      if (swap.liveOid === undefined) return undefined
      const dropAfter = new Date(Date.now() + plan.keepHours * 3_600_000).toISOString()
      await closeKept(swap, { run: run.id, at: new Date().toISOString(), dropAfter })
      return { name: swap.kept, oid: swap.liveOid, dropAfter }
    },
    keepCopy: () => keepCopy(run),
    verify: (report) => verifyAfter(run, report),
    dropCopy: () => (plan.kind === 'undo' ? closeWayBack(run) : dropShadows(run)),
  }
}

async function compareWithPlan(run: Run_): Promise<Compared> {
  const { plan, services } = run
  if (await run.stopRequested()) return { kind: 'stopped' }
  const { url, name, maintenance } = await placeOf(services, plan.database)
  const why = await withClient(url, { database: maintenance, statementMs: 10_000 }, async (client) => {
    const live = await oidOf(client, name).catch(() => undefined)
    if (live !== plan.liveOid) return `${name} is another database than before`
    const shadow = plan.prepared?.shadow
    const there = shadow === undefined ? undefined : await oidOf(client, shadow.name).catch(() => undefined)
    return shadow !== undefined && there === shadow.oid ? undefined : `${shadow?.name ?? ''} is not there any more`
  })
  if (why !== undefined) return { kind: 'moved', why }
  return { kind: 'same', replicas: plan.appMode === 'scale' ? await replicasOf(services, plan.apps) : [] }
}

async function previewLossAgain(run: Run_, report: Report): Promise<LossAgain> {
  const before = run.plan.prepared?.loss
  const shadow = run.plan.prepared?.shadow
  if (shadow === undefined) return { kind: 'known', loss: undefined }
  const again = await lossOf(run, shadow.name, new AbortController().signal, report)
  if (await run.stopRequested()) return { kind: 'stopped' }
  if (again.kind !== 'known' || again.loss === undefined || before === undefined)
    return { kind: 'known', loss: again.kind === 'known' ? again.loss : undefined }
  const known = new Set(before.onlyLiveTables.map(({ table }) => table))
  const created = again.loss.onlyLiveTables.map(({ table }) => table).filter((table) => !known.has(table))
  const limit = before.lostRows + Math.max(moreRows, before.lostRows * moreShare)
  if (again.loss.lostRows > limit || created.length > 0)
    return { kind: 'loss_grew', before: before.lostRows, now: again.loss.lostRows, tables: created }
  return { kind: 'known', loss: again.loss }
}

/** Safe to repeat: a copy that has its name already is found by it. */
async function keepCopy(run: Run_): Promise<NonNullable<Kept>> {
  const { plan, services } = run
  const { url, name, maintenance } = await placeOf(services, plan.database)
  const dropAfter = new Date(Date.now() + copyHours * 3_600_000).toISOString()
  const kept = keptName(name, run.id).replace(/_old_(\d+)$/, '_copy_$1')
  const shadow = plan.prepared?.shadow
  if (shadow === undefined) throw new Error('there is no copy to keep')
  await withClient(url, { database: maintenance, statementMs: 20_000 }, (client) =>
    keepAs(client, shadow.name, kept, { run: run.id, at: new Date().toISOString(), dropAfter }),
  )
  return { name: kept, oid: shadow.oid, dropAfter }
}
