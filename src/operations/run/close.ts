import { showRun } from '../../delivery/enqueue.ts'
import { approvalWait, recoveryTime, runDuration, runsTotal } from '../../metrics.ts'
import { appendAudit } from '../../store/audit.ts'
import { transaction } from '../../store/db.ts'
import { releaseHold } from '../../store/holds.ts'
import { endRun, getRun, markUndone } from '../../store/runs.ts'
import { closeSteps, failLastStep } from '../../store/steps.ts'
import type { RunId, RunRow } from '../../store/types.ts'
import { askForReview } from '../review.ts'
import type { Services } from '../services.ts'
import type { Outcome } from '../types.ts'
import { settleIncident } from './incident.ts'
import { existing } from './plan.ts'

/** Writes the outcome, frees the target, and leaves for Slack and PagerDuty what they must learn; one transaction. Safe to repeat. */
export async function closeRun(services: Services, id: RunId, outcome: Outcome): Promise<void> {
  const run = await existing(services, id)
  await transaction(services.db, async (tx) => {
    if (await endRun(tx, id, outcome)) {
      await closeSteps(tx, id, outcome.kind === 'verified' ? 'skipped' : 'failed')
      if (outcome.kind === 'failed') await failLastStep(tx, id, failedStepOf(outcome))
      await appendAudit(tx, {
        kind: 'outcome',
        runId: id,
        actor: { kind: 'bot', name: 'rescue' },
        data: { ...outcome },
      })
      if (run.undoOf !== undefined && outcome.kind === 'verified') {
        await markUndone(tx, run.undoOf, id)
        await showRun(tx, run.undoOf)
      }
      await settleIncident(tx, services.catalog, run, outcome)
      if (run.risk === 'break-glass' && run.incidentId !== undefined) await askForReview(tx, run)
    }
    await releaseHold(tx, { target: run.target, runId: id })
    await showRun(tx, id)
  })
  if (run.state !== 'ended') measure((await getRun(services.db, id)) ?? run, outcome)
}

/** An operation that does something about a failed step names it. */
function failedStepOf({ detail }: Outcome): string | undefined {
  const name = detail['failedStep']
  return typeof name === 'string' ? name : undefined
}

function measure(run: RunRow, outcome: Outcome): void {
  const { operation } = run
  const seconds = (from: Date | undefined, to: Date | undefined) =>
    from === undefined || to === undefined ? undefined : (to.getTime() - from.getTime()) / 1000
  runsTotal.inc({ operation, outcome: outcome.kind })
  const took = seconds(run.confirmedAt, run.endedAt)
  if (took !== undefined) runDuration.observe({ operation }, took)
  const waited = seconds(run.createdAt, run.confirmedAt)
  if (waited !== undefined) approvalWait.observe(waited)
  const recovered = seconds(run.createdAt, run.endedAt)
  if (recovered !== undefined && outcome.kind === 'verified') recoveryTime.observe({ operation }, recovered)
}
