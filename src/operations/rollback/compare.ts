import { isAway, KubernetesError } from '../../services/kubernetes/api/errors.ts'
import { pause } from '../../services/kubernetes/api/pause.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { readWorkload } from '../../services/kubernetes/workload/workload.ts'
import { refusedBy, type Unchanged } from '../unchanged.ts'
import { isRestored, type Moved, movedSince } from './moved.ts'
import type { Pace } from './pace.ts'
import type { RollbackPlan } from './types.ts'

export type Compared = { readonly kind: 'same' } | Unchanged<Moved>

/** One read of the workload: is it still what people saw when they decided? */
export async function compareWithPlan(client: ClusterClient, plan: RollbackPlan, pace: Pace): Promise<Compared> {
  const deadline = Date.now() + pace.awayMs
  for (;;) {
    try {
      const now = await readWorkload(client, plan.workload)
      if (isRestored(plan, now)) return { kind: 'already_there' }
      const moved = movedSince(plan, now)
      return moved.length === 0 ? { kind: 'same' } : { kind: 'moved', moved }
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error
      if (!isAway(error)) return refusedBy(error)
      if (Date.now() >= deadline) return { kind: 'away', message: error.message, sent: false }
      await pause(pace.pollMs)
    }
  }
}
