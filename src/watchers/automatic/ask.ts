import { showRun } from '../../delivery/enqueue.ts'
import type { Desk } from '../../operations/desk.ts'
import { workloadRef } from '../../operations/rollback/workload-ref.ts'
import { isAway } from '../../services/kubernetes/api/errors.ts'
import { templateKey } from '../../services/kubernetes/workload/template-equality.ts'
import { readWorkload } from '../../services/kubernetes/workload/workload.ts'
import { appendAudit } from '../../store/audit.ts'
import { decideRelease, markEscalated, openQuestions, unansweredQuestions } from '../../store/automatic.ts'
import { transaction } from '../../store/db.ts'
import { getRun, listRuns } from '../../store/runs.ts'
import type { AutomaticRow, RunRow } from '../../store/types.ts'
import type { BadRelease } from '../bad-releases/types.ts'
import { beginRun, type Done, withdraw } from './act.ts'
import { raise } from './alarm.ts'
import { releasesWatcher, seenIn } from './request.ts'

/** Asks people: a plan with what was seen, one click away. Nobody is woken before `answerMinutes` are over. */
export async function ask(desk: Desk, release: BadRelease, row: AutomaticRow, because: string | undefined) {
  const { db, catalog } = desk.services
  const begun = await beginRun(desk, release, row)
  if (begun.kind === 'left') return begun
  const minutes = catalog.apps[release.app]?.automatic.answerMinutes ?? 0
  await transaction(db, async (tx) => {
    const first = await decideRelease(tx, row.id, {
      decision: 'ask',
      reason: because,
      detail: {},
      runId: begun.run.id,
      escalateAt: new Date(Date.now() + minutes * 60_000),
    })
    if (!first) return
    await appendAudit(tx, {
      kind: 'bad_release',
      runId: begun.run.id,
      actor: releasesWatcher,
      data: { ...seenIn(release), decision: 'ask', ...(because === undefined ? {} : { reason: because }) },
    })
    await showRun(tx, begun.run.id)
  })
  await withdrawOthers(desk, release.app, begun.run)
  return { kind: 'done', run: begun.run } satisfies Done
}

/** An older question about the same app is about a release that is no longer there. */
async function withdrawOthers(desk: Desk, app: string, asked: RunRow): Promise<void> {
  for (const row of await openQuestions(desk.services.db)) {
    if (row.app !== app || row.runId === undefined || row.runId === asked.id) continue
    const run = await getRun(desk.services.db, row.runId)
    if (run !== undefined) await withdraw(desk, run, 'gone')
  }
}

/** Looks after the questions that were asked: takes back what is settled, and calls somebody where nobody answered. */
export async function followQuestions(desk: Desk): Promise<void> {
  for (const row of await openQuestions(desk.services.db)) {
    const run = row.runId === undefined ? undefined : await getRun(desk.services.db, row.runId)
    const settled = run === undefined ? undefined : await settledBy(desk, run, row)
    if (run !== undefined && settled !== undefined) await withdraw(desk, run, settled)
  }
  for (const row of await unansweredQuestions(desk.services.db)) await escalate(desk, row)
}

/** Somebody acts on the same target, or the release is no longer what runs. */
async function settledBy(desk: Desk, run: RunRow, row: AutomaticRow): Promise<string | undefined> {
  const runs = await listRuns(desk.services.db, { target: run.target, limit: 20 })
  const taken = runs.some((other) => other.id !== run.id && (other.confirmedAt ?? new Date(0)) > run.createdAt)
  if (taken) return 'person_at_work'
  return (await isGone(desk, row)) ? 'gone' : undefined
}

async function isGone({ services }: Desk, row: AutomaticRow): Promise<boolean> {
  const app = services.catalog.apps[row.app]
  if (app === undefined) return true
  const ref = workloadRef(app)
  try {
    const now = await readWorkload(services.cluster(ref.cluster), ref, { timeoutMs: 3_000 })
    return now.uid !== row.uid || templateKey(now.template) !== row.templateKey
  } catch (error) {
    // A cluster that does not answer says nothing about the release.
    if (isAway(error)) return false
    throw error
  }
}

/** Nobody answered: PagerDuty is told what the card tells. */
async function escalate(desk: Desk, row: AutomaticRow): Promise<void> {
  const { db, catalog } = desk.services
  const { runId } = row
  if (runId === undefined || (await isGone(desk, row))) return
  const release = row.release as BadRelease
  await transaction(db, async (tx) => {
    if (!(await markEscalated(tx, row.id))) return
    await raise(tx, catalog, release, row, { reason: 'unanswered', runId })
    await appendAudit(tx, { kind: 'escalated', runId, actor: releasesWatcher, data: { app: row.app } })
    await showRun(tx, runId)
  })
}
