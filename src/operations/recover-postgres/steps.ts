import { withClient } from '../../services/postgres/client.ts'
import { DatabaseError } from '../../services/postgres/errors.ts'
import { closeKept, keepAs } from '../../services/postgres/kept.ts'
import type { LossPreview } from '../../services/postgres/loss.ts'
import { keptName } from '../../services/postgres/shadow.ts'
import { oidOf } from '../../services/postgres/swap.ts'
import { type Replicas, replicasOf, scaleAll } from '../restoring/apps.ts'
import { patiently } from '../restoring/patiently.ts'
import type { Fence, Report, Run } from '../types.ts'
import { whileOpen } from './open-kept.ts'
import { placeOf } from './place.ts'
import { lossOf } from './prepare-steps.ts'
import { dropShadows } from './restore-beside.ts'
import { closeWayBack, type Exchanged, swapFence, swapPlanOf } from './swap-step.ts'
import { dropStages } from './tables/steps.ts'
import type { RecoverParams, RecoverPlan } from './types.ts'
import { type Health, verifyAfter } from './verify.ts'

export type Compared =
  | { readonly kind: 'same'; readonly replicas: readonly Replicas[] }
  | { readonly kind: 'moved'; readonly why: string }
  | { readonly kind: 'stopped' }

export type LossAgain =
  | { readonly kind: 'known'; readonly loss: LossPreview | undefined }
  | { readonly kind: 'loss_grew'; readonly before: number; readonly now: number; readonly tables: readonly string[] }
  | { readonly kind: 'moved'; readonly why: string }
  | { readonly kind: 'stopped' }

export type Kept = { readonly name: string; readonly oid: number; readonly dropAfter: string } | undefined

/** What the runbook does, bound to one run. */
export type Steps = {
  compareWithPlan(): Promise<Compared>
  previewLossAgain(report: Report): Promise<LossAgain>
  stopApps(replicas: readonly Replicas[]): Fence<number>
  swap(): Fence<Exchanged>
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
    compareWithPlan: () => patiently(() => compareWithPlan(run)),
    previewLossAgain: (report) => patiently(() => previewLossAgain(run, report)),
    stopApps: (replicas) => scaleAll(services, replicas, 'stop'),
    startApps: (replicas) => scaleAll(services, replicas, 'start'),
    swap: () => swapFence(run),
    keepOld: async () => {
      const swap = await swapPlanOf(run)
      if (swap.liveOid === undefined) return undefined
      const dropAfter = new Date(Date.now() + plan.keepHours * 3_600_000).toISOString()
      const note = { run: run.id, at: new Date().toISOString(), dropAfter }
      await patiently(() => closeKept(swap, note))
      return { name: swap.kept, oid: swap.liveOid, dropAfter }
    },
    keepCopy: () => patiently(() => keepCopy(run)),
    verify: (report) => verifyAfter(run, report),
    dropCopy: () => discardCopies(run),
  }
}

/** Whatever was made beside: databases, and tables that wait in the live one. Safe to repeat. */
export async function discardCopies(run: Run_): Promise<void> {
  const { kind, scope } = run.plan
  if (kind === 'undo') return scope === undefined ? closeWayBack(run) : undefined
  if (scope !== undefined && kind !== 'copy') await dropStages(run)
  await dropShadows(run)
}

async function compareWithPlan(run: Run_): Promise<Compared> {
  const { plan, services } = run
  if (await run.stopRequested()) return { kind: 'stopped' }
  const { url, name, maintenance } = await placeOf(services, plan.database)
  if (name !== plan.name) return { kind: 'moved', why: `the catalog says ${name} now, and no longer ${plan.name}` }
  const why = await withClient(url, { database: maintenance, statementMs: 10_000 }, async (client) => {
    const live = await oidIfThere(client, name)
    if (live !== plan.liveOid) return `${name} is another database than before`
    // Tables that come back wait in a schema of the live one; the exchange itself looks at each of them.
    if (plan.backTo?.schema !== undefined) return undefined
    const shadow = plan.prepared?.shadow
    const there = shadow === undefined ? undefined : await oidIfThere(client, shadow.name)
    return shadow !== undefined && there === shadow.oid ? undefined : `${shadow?.name ?? ''} is not there any more`
  })
  if (why !== undefined) return { kind: 'moved', why }
  return { kind: 'same', replicas: plan.appMode === 'scale' ? await replicasOf(services, plan.apps) : [] }
}

/** An answer that did not come is none. */
async function oidIfThere(client: Parameters<typeof oidOf>[0], name: string): Promise<number | undefined> {
  return oidOf(client, name).catch((error: unknown) => {
    if (error instanceof DatabaseError && error.reason === 'database_gone') return undefined
    throw error
  })
}

async function previewLossAgain(run: Run_, report: Report): Promise<LossAgain> {
  const { plan } = run
  const before = plan.prepared?.loss
  const shadow = plan.prepared?.shadow
  if (shadow === undefined) return { kind: 'known', loss: undefined }
  const tables = plan.prepared?.tables
  const known = {
    ...(before === undefined ? {} : { before }),
    ...(tables === undefined ? {} : { only: { tables, nextSchema: plan.backTo?.name ?? tables.schema } }),
  }
  const next = plan.backTo?.schema === undefined ? shadow.name : plan.name
  const compared = () => lossOf(run, next, new AbortController().signal, report, known)
  const { backTo } = plan
  const again = await (backTo === undefined || backTo.schema !== undefined
    ? compared()
    : whileOpen(run, backTo, compared))
  if (await run.stopRequested()) return { kind: 'stopped' }
  if (again.kind !== 'known' || before === undefined) return { kind: 'known', loss: undefined }
  // People approved a loss that they knew: one that cannot be known any more is another decision.
  if (again.loss === undefined)
    return { kind: 'moved', why: `${plan.name} cannot be compared any more: ${again.unknown ?? ''}` }
  const told = new Set(before.onlyLiveTables.map(({ table }) => table))
  const created = again.loss.onlyLiveTables.map(({ table }) => table).filter((table) => !told.has(table))
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
