import { appendAuditOnce } from '../../store/audit.ts'
import { transaction } from '../../store/db.ts'
import { listEvidence, saveEvidence } from '../../store/evidence.ts'
import type { RunId } from '../../store/types.ts'
import type { Services } from '../services.ts'
import type { AnyOperation } from '../types.ts'
import { existing, operationOf } from './plan.ts'

/** A run that nobody asked for changes something at once: its evidence may not take longer. */
const watcherMs = 1_200

/**
 * Keeps logs and events while people read the plan: between the click and the change there is then no time lost, and
 * nothing that dies with the pods is lost either. A failure here is told, and does not stop a rescue.
 */
export async function keepEvidence(
  services: Services,
  operations: ReadonlyMap<string, AnyOperation>,
  id: RunId,
): Promise<{ items: number }> {
  const run = await existing(services, id)
  const operation = operationOf(operations, run.operation)
  if (operation.captureEvidence === undefined) return { items: 0 }
  const kept = await listEvidence(services.db, id)
  if (kept.length > 0) return { items: kept.length }
  const bot = { kind: 'bot', name: 'rescue' } as const
  try {
    const withinMs = run.actor.kind === 'watcher' ? watcherMs : undefined
    const items = await operation.captureEvidence(run.params, run.plan, services, withinMs)
    await transaction(services.db, async (tx) => {
      // What was kept first is nearer to the fault: it stays.
      if ((await listEvidence(tx, id)).length > 0) return
      await saveEvidence(tx, id, items)
      const data = { items: items.map((item) => item.name) }
      await appendAuditOnce(tx, { kind: 'evidence', runId: id, actor: bot, data })
    })
    return { items: items.length }
  } catch (error) {
    services.log.error({ run: id, err: error }, 'evidence could not be kept')
    const data = { items: [], problem: 'could not be kept' }
    await appendAuditOnce(services.db, { kind: 'evidence', runId: id, actor: bot, data })
    return { items: 0 }
  }
}
