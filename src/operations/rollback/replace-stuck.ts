import { hasStatus, KubernetesError } from '../../services/kubernetes/api/errors.ts'
import { podsPath } from '../../services/kubernetes/api/paths.ts'
import { pause } from '../../services/kubernetes/api/pause.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { livePods, readPods, troubleOf } from '../../services/kubernetes/pods/pods.ts'
import type { PodView } from '../../services/kubernetes/watch/projections.ts'
import { rolloutStatus } from '../../services/kubernetes/workload/rollout-status.ts'
import { readWorkload, type Workload } from '../../services/kubernetes/workload/workload.ts'
import type { Fence } from '../types.ts'
import { type LastingReason, lastingReason } from './lasting.ts'
import type { Pace } from './pace.ts'
import type { RollbackPlan } from './types.ts'

/** StatefulSets, and whatever replaces pods only when they are deleted. */
export function waitsForBrokenPods(plan: RollbackPlan): boolean {
  return plan.workload.kind === 'statefulset' || plan.strategy.type === 'OnDelete'
}

export type Replaced =
  | { readonly kind: 'replaced'; readonly deleted: readonly string[] }
  /** The template is back, but the broken pods stand in its way and could not be deleted. */
  | { readonly kind: 'refused'; readonly reason: LastingReason; readonly message: string }

/**
 * A StatefulSet with ordered pods waits for ever for a broken pod, also after its template was put right
 * (kubernetes#67250): the broken pods of the revision that we left are deleted, so that they come back with the target's.
 * Their logs and events were kept before, while people read the plan.
 */
export function replaceStuckPods(client: ClusterClient, plan: RollbackPlan, pace: Pace): Fence<Replaced> {
  return {
    intent: { workload: `${plan.workload.namespace}/${plan.workload.kind}/${plan.workload.name}`, pods: 'broken' },
    act: async () => {
      const deadline = Date.now() + pace.awayMs
      for (;;) {
        try {
          return await replace(client, plan, pace)
        } catch (error) {
          if (!(error instanceof KubernetesError)) throw error
          const reason = lastingReason(error) ?? (Date.now() >= deadline ? 'cluster_away' : undefined)
          if (reason !== undefined) return { kind: 'refused', reason, message: error.message }
          await pause(pace.pollMs)
        }
      }
    },
    // Deleting by uid can be repeated: what is still broken and old is still to be deleted.
    look: async () => ({ kind: 'not_done' }),
  }
}

/**
 * Not ready and not of the target: also those whose readiness just never comes. Pods that a node lost are left to the
 * cluster: deleting them could start a twin of one that still runs.
 */
async function findStuck(client: ClusterClient, plan: RollbackPlan, pace: Pace): Promise<readonly PodView[]> {
  const workload = await observed(client, plan, pace)
  const pods = livePods(await readPods(client, workload))
  return pods.filter((pod) => {
    const trouble = troubleOf(pod)
    return pod.podHash !== plan.targetHash && trouble !== undefined && trouble.state !== 'node'
  })
}

/** A pod that is deleted before the controller knows the new template comes back with the old one. */
async function observed(client: ClusterClient, plan: RollbackPlan, pace: Pace): Promise<Workload> {
  const deadline = Date.now() + pace.awayMs
  for (;;) {
    const workload = await readWorkload(client, plan.workload)
    const status = rolloutStatus(workload)
    const isObserved = status.kind !== 'waiting' || status.wait !== 'not_observed'
    if (isObserved || Date.now() >= deadline) return workload
    await pause(Math.min(250, pace.pollMs))
  }
}

async function replace(client: ClusterClient, plan: RollbackPlan, pace: Pace): Promise<Replaced> {
  const stuck = await findStuck(client, plan, pace)
  // By uid: the new pod has the same name, and must not be hit by a repetition.
  for (const pod of stuck) await deletePod(client, pod)
  return { kind: 'replaced', deleted: stuck.map((pod) => pod.name) }
}

async function deletePod(client: ClusterClient, pod: PodView): Promise<void> {
  try {
    await client.delete(podsPath(pod.namespace, pod.name), { preconditions: { uid: pod.uid } })
  } catch (error) {
    // Gone, or another pod has its name by now.
    if (!hasStatus(error, 404, 409)) throw error
  }
}
