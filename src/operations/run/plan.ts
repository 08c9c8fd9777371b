import { showRun } from '../../delivery/enqueue.ts'
import { appendAudit } from '../../store/audit.ts'
import { transaction } from '../../store/db.ts'
import { endRun, getRun, savePlan, savePreparing } from '../../store/runs.ts'
import { planSteps } from '../../store/steps.ts'
import type { RunId, RunRow } from '../../store/types.ts'
import type { Services } from '../services.ts'
import type { AnyOperation, Decision } from '../types.ts'
import { failureOf } from './failure.ts'
import { fingerprintHash } from './hash.ts'

export type Planned =
  | {
      readonly kind: 'waiting'
      readonly target: string
      readonly waitSeconds: number
      /** Something is prepared before people can decide. */
      readonly prepares?: boolean
    }
  | { readonly kind: 'ended' }

const bot = { kind: 'bot', name: 'rescue' } as const

/** Reads the facts, decides, and shows the plan or the reason why there is none. Safe to repeat. */
export async function planRun(
  services: Services,
  operations: ReadonlyMap<string, AnyOperation>,
  id: RunId,
): Promise<Planned> {
  const run = await existing(services, id)
  if (run.state === 'ended') return { kind: 'ended' }
  const operation = operationOf(operations, run.operation)
  const minutes = services.catalog.approvals.expireMinutes
  const prepares = operation.prepare !== undefined
  const waiting = { kind: 'waiting', target: run.target, waitSeconds: minutes * 60, prepares } as const
  if (run.state !== 'planning') return waiting
  const { facts, decision } = await readAndDecide(services, operation, run.params)
  if (decision.kind !== 'proceed') {
    const kind = decision.kind === 'refuse' ? 'refused' : 'nothing_to_do'
    await transaction(services.db, async (tx) => {
      const outcome = { kind, reason: decision.reason, detail: decision.detail } as const
      await endRun(tx, id, outcome)
      await appendAudit(tx, { kind: 'outcome', runId: id, actor: bot, data: outcome })
      await showRun(tx, id)
    })
    return { kind: 'ended' }
  }
  const { plan } = decision
  const hash = fingerprintHash(operation, plan)
  await transaction(services.db, async (tx) => {
    if (prepares) await savePreparing(tx, id, { plan, facts, hash })
    else await savePlan(tx, id, { plan, facts, hash, expiresAt: new Date(Date.now() + minutes * 60_000) })
    await planSteps(tx, id, operation.steps)
    await appendAudit(tx, { kind: 'plan', runId: id, actor: bot, data: { hash, plan: operation.fingerprint(plan) } })
    await showRun(tx, id)
  })
  return waiting
}

/** A world that cannot be read is a refusal with its reason, never a crash. */
export async function readAndDecide(
  services: Services,
  operation: AnyOperation,
  params: unknown,
): Promise<{ facts: unknown; decision: Decision<unknown> }> {
  try {
    const facts: unknown = await operation.readFacts(params, services)
    return { facts, decision: operation.decide(params, facts) }
  } catch (error) {
    const failure = failureOf(error)
    services.log.warn({ operation: operation.name, reason: failure.reason, err: error }, 'facts could not be read')
    return { facts: {}, decision: { kind: 'refuse', ...failure } }
  }
}

/** @throws Error when the store does not know the run: the engine and the store disagree. */
export async function existing(services: Services, id: RunId): Promise<RunRow> {
  const run = await getRun(services.db, id)
  if (run === undefined) throw new Error(`the store does not know the run ${id}`)
  return run
}

/** @throws Error when a run of an operation that is no longer registered is found. */
export function operationOf(operations: ReadonlyMap<string, AnyOperation>, name: string): AnyOperation {
  const operation = operations.get(name)
  if (operation === undefined) throw new Error(`no operation is called "${name}"`)
  return operation
}
