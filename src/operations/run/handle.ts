import { durable, fenced } from '../../engine/workflow.ts'
import { appendAuditOnce } from '../../store/audit.ts'
import { stopRequested } from '../../store/runs.ts'
import { beginStep, endStep, reportStep } from '../../store/steps.ts'
import type { Actor, RunId } from '../../store/types.ts'
import type { Services } from '../services.ts'
import type { Run, StepProgress } from '../types.ts'
import { joinIncident } from './incident.ts'

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
      // Sent first but not waited for: its round trip is not on the way to the change.
      const announcement = beginStep(services.db, id, name)
      announcement.catch(() => undefined)
      try {
        const result = await body((progress) => reportStep(services.db, id, name, progress))
        await announcement
        await Promise.all([
          endStep(services.db, id, name, 'done'),
          appendAuditOnce(services.db, {
            kind: 'step',
            runId: id,
            actor: { kind: 'bot', name: 'rescue' },
            data: { step: name, state: 'done' },
          }),
        ])
        return result
      } catch (error) {
        await announcement.catch(() => undefined)
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
        announced(name, async () => {
          // Beside the act, so that people are called without delaying it.
          const [result] = await Promise.all([
            fenced(services.db, { runId: id, name, target: begun.target }, fence),
            joinIncident(services.db, services.catalog, id),
          ])
          return result
        }),
      ),
    stopRequested: () => stopRequested(services.db, id),
  }
}
