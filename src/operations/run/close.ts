import { settleIncident, showRun } from '../../delivery/enqueue.ts'
import { appendAudit } from '../../store/audit.ts'
import { transaction } from '../../store/db.ts'
import { releaseHold } from '../../store/holds.ts'
import { endRun, markUndone } from '../../store/runs.ts'
import { closeSteps } from '../../store/steps.ts'
import type { RunId } from '../../store/types.ts'
import type { Services } from '../services.ts'
import type { AnyOperation, Outcome } from '../types.ts'
import { existing } from './plan.ts'

/** Writes the outcome, frees the target, and leaves for Slack and PagerDuty what they must learn; one transaction. Safe to repeat. */
export async function closeRun(
  services: Services,
  _operations: ReadonlyMap<string, AnyOperation>,
  id: RunId,
  outcome: Outcome,
): Promise<void> {
  const run = await existing(services, id)
  await transaction(services.db, async (tx) => {
    if (run.state !== 'ended') {
      await endRun(tx, id, outcome)
      await closeSteps(tx, id, outcome.kind === 'verified' ? 'skipped' : 'failed')
      await appendAudit(tx, {
        kind: 'outcome',
        runId: id,
        actor: { kind: 'bot', name: 'rescue' },
        data: { ...outcome },
      })
      if (run.undoOf !== undefined && outcome.kind === 'verified') await markUndone(tx, run.undoOf, id)
      await settleIncident(tx, services.catalog, { ...run, outcome })
    }
    await releaseHold(tx, { target: run.target, runId: id })
    await showRun(tx, id)
  })
}
