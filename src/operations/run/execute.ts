import { durable } from '../../engine/workflow.ts'
import { appendAudit } from '../../store/audit.ts'
import { transaction } from '../../store/db.ts'
import { markRunning } from '../../store/runs.ts'
import type { Actor, RunId } from '../../store/types.ts'
import type { Services } from '../services.ts'
import type { AnyOperation, Outcome } from '../types.ts'
import { keepEvidence } from './evidence.ts'
import { failureOf } from './failure.ts'
import { makeRun } from './handle.ts'
import { existing, operationOf } from './plan.ts'

type Begun =
  | {
      readonly kind: 'go'
      readonly operation: string
      readonly params: unknown
      readonly plan: unknown
      readonly actor: Actor
      readonly confirmedBy: Actor
      readonly target: string
    }
  | { readonly kind: 'over'; readonly outcome: Outcome }

/** Runs the operation's own runbook while the target is locked. One catch: what is unexpected becomes an outcome that says so. */
export async function executeRun(
  services: Services,
  operations: ReadonlyMap<string, AnyOperation>,
  id: RunId,
): Promise<Outcome> {
  const begun = await durable('begin', () => begin(services, operations, id))
  if (begun.kind === 'over') return begun.outcome
  const operation = operationOf(operations, begun.operation)
  try {
    return await operation.execute(makeRun(services, { id, ...begun }))
  } catch (error) {
    const failure = failureOf(error)
    services.log.error({ run: id, reason: failure.reason, err: error }, 'the run failed')
    return { kind: 'failed', ...failure }
  }
}

async function begin(services: Services, operations: ReadonlyMap<string, AnyOperation>, id: RunId): Promise<Begun> {
  const run = await existing(services, id)
  if (run.state === 'ended')
    return { kind: 'over', outcome: run.outcome ?? { kind: 'not_approved', reason: 'cancelled', detail: {} } }
  if (run.stopRequestedBy !== undefined)
    return {
      kind: 'over',
      outcome: { kind: 'not_approved', reason: 'stopped', detail: { by: run.stopRequestedBy.name } },
    }
  const confirmedBy = run.confirmedBy ?? run.actor
  // A click that came before the evidence was kept waits for it: nothing changes before.
  await Promise.all([
    keepEvidence(services, operations, id),
    run.state === 'confirmed' ? start(services, id, confirmedBy) : undefined,
  ])
  return {
    kind: 'go',
    operation: run.operation,
    params: run.params,
    plan: run.plan,
    actor: run.actor,
    confirmedBy,
    target: run.target,
  }
}

async function start(services: Services, id: RunId, confirmedBy: Actor): Promise<void> {
  await transaction(services.db, async (tx) => {
    await markRunning(tx, id)
    await appendAudit(tx, { kind: 'started', runId: id, actor: confirmedBy, data: {} })
  })
}
