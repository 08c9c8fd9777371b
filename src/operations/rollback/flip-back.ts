import { KubernetesError } from '../../services/kubernetes/api/errors.ts'
import { pause } from '../../services/kubernetes/api/pause.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { writersOf } from '../../services/kubernetes/workload/managed-fields.ts'
import { readRevisions } from '../../services/kubernetes/workload/revisions.ts'
import { type Counts, countsOf } from '../../services/kubernetes/workload/rollout-status.ts'
import { readWorkload } from '../../services/kubernetes/workload/workload.ts'
import type { Pace } from './pace.ts'
import { isStillOurs, type Restored } from './restore.ts'
import type { RollbackPlan } from './types.ts'

export type FlipBack = {
  readonly kind: 'still_ours' | 'flipped_back' | 'unseen'
  readonly by: string | undefined
  readonly at: string | undefined
  /** The number that the revision has now: an undo renumbers it. */
  readonly revision: number | undefined
  readonly counts: Counts | undefined
}

/**
 * Stays a moment: does somebody, or a tool that owns the workload, put the bad template back?
 * @param longer as long as for a workload that a repository owns
 */
export async function watchFlipBack(
  client: ClusterClient,
  plan: RollbackPlan,
  restored: Extract<Restored, { kind: 'restored' }>,
  pace: Pace,
  longer: boolean,
): Promise<FlipBack> {
  const owned = longer || plan.warnings.some((warning) => warning.code === 'gitops')
  const deadline = Date.now() + (owned ? pace.flipBackOwnedMs : pace.flipBackMs)
  let last: FlipBack = { kind: 'unseen', by: undefined, at: undefined, revision: undefined, counts: undefined }
  do {
    try {
      last = await look(client, plan, restored)
      if (last.kind === 'flipped_back') return last
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error
    }
    await pause(Math.min(pace.pollMs, Math.max(0, deadline - Date.now())))
  } while (Date.now() < deadline)
  return { ...last, revision: await numberNow(client, plan) }
}

/** For telling people the new number; not worth failing for. */
async function numberNow(client: ClusterClient, plan: RollbackPlan): Promise<number | undefined> {
  try {
    const revisions = await readRevisions(client, await readWorkload(client, plan.workload))
    return revisions.find((revision) => revision.current)?.revision
  } catch (error) {
    if (error instanceof KubernetesError) return undefined
    throw error
  }
}

async function look(
  client: ClusterClient,
  plan: RollbackPlan,
  restored: Extract<Restored, { kind: 'restored' }>,
): Promise<FlipBack> {
  const workload = await readWorkload(client, plan.workload)
  const ours = isStillOurs(restored, workload)
  const writer = writersOf(workload.raw, 'spec', 'template').find(({ manager }) => manager !== 'rescue')
  return {
    kind: ours ? 'still_ours' : 'flipped_back',
    by: ours ? undefined : writer?.manager,
    at: ours ? undefined : writer?.at,
    revision: undefined,
    counts: countsOf(workload),
  }
}
