import { setTimeout as sleep } from 'node:timers/promises'
import { newestMoment } from '../../services/postgres/ask.ts'
import { withClient } from '../../services/postgres/client.ts'
import { DatabaseError } from '../../services/postgres/errors.ts'
import { setOpen } from '../../services/postgres/kept.ts'
import { type LossPreview, previewLoss } from '../../services/postgres/loss.ts'
import { oidOf } from '../../services/postgres/swap.ts'
import type { Report, Run } from '../types.ts'
import { judgeBackup } from './backup.ts'
import { placeOf } from './place.ts'
import { type Proved, proveCopy } from './prove-copy.ts'
import { type Restored, restoreBeside } from './restore-beside.ts'
import type { Judged, RecoverParams, RecoverPlan, Shadow } from './types.ts'

type Good = Extract<Judged, { kind: 'good' }>
export type Refused = { readonly kind: 'refused'; readonly reason: string; readonly detail: Record<string, unknown> }

export type Lost =
  | Refused
  | { readonly kind: 'known'; readonly loss: LossPreview | undefined; readonly unknown: string | undefined }

/** What the preparation does, bound to one run. */
export type PrepareSteps = {
  checkBackup(report: Report): Promise<Judged>
  restoreBeside(judged: Good, report: Report): Promise<Restored>
  proveCopy(judged: Good, shadow: Shadow, report: Report): Promise<Proved>
  previewLoss(shadow: Shadow, report: Report): Promise<Lost>
  previewWayBack(
    report: Report,
  ): Promise<
    Refused | (Extract<Lost, { kind: 'known' }> & { readonly shadow: Shadow; readonly newest: string | undefined })
  >
}

type Run_ = Run<RecoverParams, RecoverPlan>

export function prepareStepsOf(run: Run_): PrepareSteps {
  const { services, plan } = run
  return {
    checkBackup: (report) => cancellable(run, (signal) => judgeBackup(services, plan, signal, report)),
    restoreBeside: (judged, report) => cancellable(run, (signal) => restoreBeside(run, judged, signal, report)),
    proveCopy: (judged, shadow, report) => cancellable(run, (signal) => proveCopy(run, judged, shadow, signal, report)),
    previewLoss: (shadow, report) => cancellable(run, (signal) => lossOf(run, shadow.name, signal, report)),
    previewWayBack: (report) => cancellable(run, (signal) => wayBack(run, signal, report)),
  }
}

/** Ends what takes long when a person cancels: at most a second later. */
async function cancellable<T>(run: Run_, body: (signal: AbortSignal) => Promise<T>): Promise<T | Refused> {
  const cancelled = new AbortController()
  const over = new AbortController()
  const watching = (async () => {
    while (!over.signal.aborted) {
      if (await run.stopRequested().catch(() => false)) return cancelled.abort()
      await sleep(1_000, undefined, { signal: over.signal }).catch(() => undefined)
    }
  })()
  try {
    return await body(cancelled.signal)
  } catch (error) {
    if (cancelled.signal.aborted) return { kind: 'refused', reason: 'cancelled', detail: {} }
    throw error
  } finally {
    over.abort()
    await watching
  }
}

/** @returns why it is unknown, where the live database is gone or cannot be read: people are told, it is never "nothing" */
export async function lossOf(run: Run_, next: string, signal: AbortSignal, report: Report): Promise<Lost> {
  const { url, name } = await placeOf(run.services, run.plan.database)
  let told = Date.now()
  try {
    const loss = await previewLoss({
      url,
      live: name,
      next,
      signal,
      onTable: (table, tables) => {
        if (Date.now() - told < 1_000) return
        told = Date.now()
        void report({ table, tables }).catch(() => undefined)
      },
    })
    return { kind: 'known', loss, unknown: undefined }
  } catch (error) {
    if (signal.aborted || !(error instanceof DatabaseError) || error.reason === 'database_away') throw error
    return { kind: 'known', loss: undefined, unknown: error.message.slice(0, 200) }
  }
}

async function wayBack(run: Run_, signal: AbortSignal, report: Report): ReturnType<PrepareSteps['previewWayBack']> {
  const { services, plan } = run
  const { backTo } = plan
  const { url, maintenance } = await placeOf(services, plan.database)
  if (backTo === undefined) return { kind: 'refused', reason: 'kept_gone', detail: {} }
  const oid = await withClient(url, { database: maintenance }, async (client) => {
    await setOpen(client, backTo.name, true)
    return oidOf(client, backTo.name)
  })
  if (oid !== backTo.oid)
    return { kind: 'refused', reason: 'kept_gone', detail: { kept: backTo.name, run: backTo.run } }
  const lost = await lossOf(run, backTo.name, signal, report)
  if (lost.kind === 'refused') return lost
  return {
    ...lost,
    shadow: { name: backTo.name, oid },
    newest: await newestMoment(url, backTo.name).catch(() => undefined),
  }
}
