import { durable, fenced } from '../../engine/workflow.ts'
import { appendAudit } from '../../store/audit.ts'
import { stopRequested } from '../../store/runs.ts'
import { beginStep, endStep, reportStep } from '../../store/steps.ts'
import type { Actor, RunId } from '../../store/types.ts'
import type { Services } from '../services.ts'
import type { Run, StepProgress } from '../types.ts'

type Begun = {
  readonly id: RunId
  readonly target: string
  readonly params: unknown
  readonly plan: unknown
  readonly actor: Actor
  readonly confirmedBy: Actor
}

/** What a workflow body holds: steps that are announced before and after, written down, and never repeated blindly. */
export function makeRun<Params, Plan>(services: Services, begun: Begun): Run<Params, Plan> {
  const { id } = begun
  const announced =
    <T>(name: string, body: (report: (progress: StepProgress) => Promise<void>) => Promise<T>) =>
    async (): Promise<T> => {
      await beginStep(services.db, id, name)
      try {
        const result = await body((progress) => reportStep(services.db, id, name, progress))
        await endStep(services.db, id, name, 'done')
        await appendAudit(services.db, {
          kind: 'step',
          runId: id,
          actor: { kind: 'bot', name: 'rescue' },
          data: { step: name, state: 'done' },
        })
        return result
      } catch (error) {
        await endStep(services.db, id, name, 'failed')
        throw error
      }
    }
  return {
    id,
    params: begun.params as Params,
    plan: begun.plan as Plan,
    actor: begun.actor,
    confirmedBy: begun.confirmedBy,
    services,
    step: (name, body) => durable(name, announced(name, body)),
    fenced: (name, fence) =>
      durable(
        name,
        announced(name, () => fenced(services.db, { runId: id, name, target: begun.target }, fence)),
      ),
    stopRequested: () => stopRequested(services.db, id),
  }
}
