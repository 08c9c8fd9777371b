import { showRun } from '../../delivery/enqueue.ts'
import { durable } from '../../engine/workflow.ts'
import { appendAudit } from '../../store/audit.ts'
import { transaction } from '../../store/db.ts'
import { endRun, savePlan } from '../../store/runs.ts'
import { closeSteps, failLastStep } from '../../store/steps.ts'
import type { RunId } from '../../store/types.ts'
import type { Services } from '../services.ts'
import type { AnyOperation, Prepared } from '../types.ts'
import { failureOf } from './failure.ts'
import { makeRun } from './handle.ts'
import { fingerprintHash } from './hash.ts'
import { existing, operationOf } from './plan.ts'

type Operations = ReadonlyMap<string, AnyOperation>
export type Offered = { readonly kind: 'waiting' | 'ended' }

const bot = { kind: 'bot', name: 'rescue' } as const

/**
 * What must be done before people can decide. Nothing of it changes what is in use: whatever goes wrong here is a refusal, and
 * what was made is taken away again.
 */
export async function prepareRun(services: Services, operations: Operations, id: RunId): Promise<Offered> {
  const { operation, run } = await handleOf(services, operations, id)
  const prepared = await prepareOrRefuse(services, operation, run)
  const offered = await durable('offer', () => offer(services, operation, id, prepared))
  if (offered.kind === 'ended') await discardPrepared(services, operations, id)
  return offered
}

/** After a no, or no answer. Safe to repeat. */
export async function discardPrepared(services: Services, operations: Operations, id: RunId): Promise<void> {
  const { operation, run } = await handleOf(services, operations, id)
  await durable('discard', async () => {
    await operation.discard?.(run).catch((error: unknown) => {
      services.log.error({ run: id, err: error }, 'what was prepared could not be taken away; the sweep tries again')
    })
  })
}

/** The plan as it was when the preparation began: in a replay too, since it is the result of a step. */
async function handleOf(services: Services, operations: Operations, id: RunId) {
  const begun = await durable('beginPreparing', async () => {
    const { operation, target, params, plan, actor } = await existing(services, id)
    return { operation, target, params, plan, actor }
  })
  const run = makeRun(services, { id, ...begun, confirmedBy: begun.actor })
  return { operation: operationOf(operations, begun.operation), run }
}

async function prepareOrRefuse(
  services: Services,
  operation: AnyOperation,
  run: ReturnType<typeof makeRun>,
): Promise<Prepared<unknown>> {
  try {
    return (await operation.prepare?.(run)) ?? { kind: 'ready', plan: run.plan }
  } catch (error) {
    const failure = failureOf(error)
    services.log.warn({ run: run.id, reason: failure.reason, err: error }, 'the preparation failed')
    return { kind: 'refuse', ...failure }
  }
}

/** The question, bound to what was found; or the reason why there is none. */
async function offer(
  services: Services,
  operation: AnyOperation,
  id: RunId,
  prepared: Prepared<unknown>,
): Promise<Offered> {
  const run = await existing(services, id)
  if (run.state === 'ended') {
    await closeSteps(services.db, id, 'skipped')
    return { kind: 'ended' }
  }
  if (run.state !== 'planning') return { kind: 'waiting' }
  if (prepared.kind === 'refuse') {
    const outcome = { kind: 'refused', reason: prepared.reason, detail: prepared.detail } as const
    await transaction(services.db, async (tx) => {
      await endRun(tx, id, outcome)
      await closeSteps(tx, id, 'failed')
      await failLastStep(tx, id)
      await appendAudit(tx, { kind: 'outcome', runId: id, actor: bot, data: outcome })
      await showRun(tx, id)
    })
    return { kind: 'ended' }
  }
  const { plan } = prepared
  const hash = fingerprintHash(operation, plan)
  const expiresAt = new Date(Date.now() + services.catalog.approvals.expireMinutes * 60_000)
  await transaction(services.db, async (tx) => {
    await savePlan(tx, id, { plan, facts: {}, hash, expiresAt })
    await appendAudit(tx, {
      kind: 'plan',
      runId: id,
      actor: bot,
      data: { hash, prepared: true, plan: operation.fingerprint(plan) },
    })
    await showRun(tx, id)
  })
  return { kind: 'waiting' }
}
