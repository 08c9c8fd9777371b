import { showRun } from '../../delivery/enqueue.ts'
import { confirmAsWatcher } from '../../operations/decide.ts'
import type { Desk } from '../../operations/desk.ts'
import type { RollbackPlan } from '../../operations/rollback/types.ts'
import { startRun } from '../../operations/start.ts'
import { appendAudit } from '../../store/audit.ts'
import { attachRun, decideRelease } from '../../store/automatic.ts'
import { transaction } from '../../store/db.ts'
import { getRun, rejectRun } from '../../store/runs.ts'
import type { AutomaticRow, RunId, RunRow } from '../../store/types.ts'
import type { BadRelease } from '../bad-releases/types.ts'
import { rest } from '../leader.ts'
import { raise } from './alarm.ts'
import { leavesRelease } from './assess.ts'
import type { LeaveReason } from './judge.ts'
import { releasesWatcher, requestOf, seenIn } from './request.ts'

export type Done =
  | { readonly kind: 'done'; readonly run: RunRow }
  | { readonly kind: 'left'; readonly reason: LeaveReason; readonly detail: Readonly<Record<string, unknown>> }

/** Rolls back without asking: a run like any other, confirmed by the watcher as soon as its plan stands. Safe to repeat. */
export async function act(desk: Desk, release: BadRelease, row: AutomaticRow, signal: AbortSignal): Promise<Done> {
  const { catalog } = desk.services
  const begun = await beginRun(desk, release, row)
  if (begun.kind === 'left') return begun
  const run = await planned(desk, begun.run.id, signal)
  const unfit = unfitness(run, release)
  if (unfit !== undefined) {
    await withdraw(desk, run, unfit.reason)
    return unfit
  }
  const decided = await confirmAsWatcher(desk, run, {
    planHash: run.planHash ?? '',
    actor: releasesWatcher,
    seen: seenIn(release),
    also: async (tx) => {
      const pages = catalog.apps[release.app]?.incident !== 'on_failure'
      const incidentId = pages ? await raise(tx, catalog, release, row, { reason: 'act', runId: run.id }) : undefined
      await decideRelease(tx, row.id, {
        decision: 'act',
        reason: undefined,
        detail: {},
        runId: run.id,
        ...(incidentId === undefined ? {} : { incidentId }),
      })
    },
  })
  if (decided.kind !== 'held') return { kind: 'done', run }
  await withdraw(desk, run, 'person_at_work')
  return { kind: 'left', reason: 'person_at_work', detail: { run: decided.by.runId, by: decided.by.actor } }
}

/** The run of a release: created, or found. A target that somebody holds is left to them. */
export async function beginRun(desk: Desk, release: BadRelease, row: AutomaticRow): Promise<Done> {
  const started = await startRun(desk, requestOf(release, desk.services.catalog), undefined)
  if (started.kind === 'held')
    return { kind: 'left', reason: 'person_at_work', detail: { run: started.by.runId, by: started.by.actor } }
  if (started.kind === 'store_away') throw new Error('the store does not answer')
  if (started.kind !== 'started' && started.kind !== 'again')
    return { kind: 'left', reason: 'cannot_plan', detail: { why: started.kind } }
  await attachRun(desk.services.db, row.id, started.run.id)
  return { kind: 'done', run: started.run }
}

const planMs = 15_000
const lookMs = 25

/** @throws Error when the plan does not come: whoever calls tries again */
async function planned(desk: Desk, id: RunId, signal: AbortSignal): Promise<RunRow> {
  const deadline = Date.now() + planMs
  for (;;) {
    const run = await getRun(desk.services.db, id)
    if (run !== undefined && run.state !== 'planning') return run
    if (signal.aborted || Date.now() > deadline) throw new Error(`the plan of ${id} does not come`)
    await rest(lookMs, signal)
  }
}

/** Between the judgement and the plan the world may have moved. Undefined: the plan is the one that was judged. */
function unfitness(run: RunRow, release: BadRelease): Extract<Done, { kind: 'left' }> | undefined {
  if (run.state === 'confirmed' || run.state === 'running') return undefined
  if (run.state === 'ended')
    return run.confirmedAt === undefined
      ? { kind: 'left', reason: 'cannot_plan', detail: { why: run.outcome?.reason, run: run.id } }
      : undefined
  const fits = leavesRelease(run.plan as RollbackPlan, release)
  return fits ? undefined : { kind: 'left', reason: 'gone', detail: {} }
}

/** Takes back a run that waits: nothing was changed, and its card says why it is over. */
export async function withdraw(desk: Desk, run: RunRow, why: string): Promise<void> {
  const by = releasesWatcher
  const reason = why === 'person_at_work' ? 'superseded' : 'withdrawn'
  await transaction(desk.services.db, async (tx) => {
    const result = await rejectRun(tx, run.id, { by, reason })
    if (result.kind !== 'rejected') return
    await appendAudit(tx, {
      kind: 'outcome',
      runId: run.id,
      actor: by,
      data: { kind: 'not_approved', reason },
    })
    await showRun(tx, run.id)
  })
  await desk.workflows.wake(run.id)
}
