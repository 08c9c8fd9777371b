import { showRun } from '../../delivery/enqueue.ts'
import { appendAudit } from '../../store/audit.ts'
import { transaction } from '../../store/db.ts'
import { rejectRun } from '../../store/runs.ts'
import type { RunId } from '../../store/types.ts'
import type { Services } from '../services.ts'
import { existing } from './plan.ts'

type Settled = { readonly kind: 'confirmed' } | { readonly kind: 'ended' }

/** After the wake-up or the time limit: the store, not the message, tells what was decided. No answer means no. */
export async function settleWait(services: Services, id: RunId): Promise<Settled> {
  const run = await existing(services, id)
  if (run.state === 'ended') return { kind: 'ended' }
  if (run.state === 'confirmed' || run.state === 'running') return { kind: 'confirmed' }
  const by = { kind: 'bot', name: 'rescue' } as const
  const rejected = await transaction(services.db, async (tx) => {
    const result = await rejectRun(tx, id, { by, reason: 'expired' })
    if (result.kind === 'rejected') {
      await appendAudit(tx, {
        kind: 'outcome',
        runId: id,
        actor: by,
        data: { kind: 'not_approved', reason: 'expired' },
      })
      await showRun(tx, id)
    }
    return result
  })
  // A click in the same instant wins: it was written first.
  return rejected.kind === 'rejected' ? { kind: 'ended' } : settleWait(services, id)
}
