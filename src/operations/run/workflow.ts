import {
  aheadOnTarget,
  awaitMessage,
  defineWorkflow,
  durable,
  onTarget,
  sendMessage,
  startWorkflow,
} from '../../engine/workflow.ts'
import type { RunId } from '../../store/types.ts'
import type { RunWorkflows } from '../desk.ts'
import type { Services } from '../services.ts'
import type { AnyOperation, Outcome } from '../types.ts'
import { closeRun } from './close.ts'
import { keepEvidence } from './evidence.ts'
import { executeRun } from './execute.ts'
import { planRun } from './plan.ts'
import { discardPrepared, prepareRun } from './prepare.ts'
import { settleWait } from './wait.ts'

const decided = 'decided'
const executionOf = (id: RunId) => `${id}/execute`

/**
 * Registers the life of a run with the engine; before the engine launches.
 * The first workflow waits for people, the second runs while the target is locked: a plan that nobody answers blocks nobody.
 */
export function registerRunWorkflows(services: Services, operations: ReadonlyMap<string, AnyOperation>): RunWorkflows {
  const execute = defineWorkflow('execute', (id: RunId): Promise<Outcome> => executeRun(services, operations, id))

  const life = defineWorkflow('run', async (id: RunId): Promise<void> => {
    const planned = await durable('plan', () => planRun(services, operations, id))
    if (planned.kind === 'ended') return
    await durable('keepEvidence', () => keepEvidence(services, operations, id))
    if (planned.prepares === true && (await prepareRun(services, operations, id)).kind === 'ended') return
    await awaitMessage(decided, planned.waitSeconds)
    const wait = await durable('settleWait', () => settleWait(services, id))
    if (wait.kind === 'ended') {
      if (planned.prepares === true) await discardPrepared(services, operations, id)
      return
    }
    const outcome = await onTarget(execute, { id: executionOf(id), target: planned.target }, id)
    await durable('close', () => closeRun(services, id, outcome))
  })

  return {
    start: (id) => startWorkflow(life, { id }, id as RunId),
    execute: (id, target) => aheadOnTarget(execute, { id: executionOf(id), target }, id),
    wake: (id) => sendMessage(id, decided, { decided: true }, `${decided}:${id}`),
  }
}
