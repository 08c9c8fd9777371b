import { KubernetesError } from '../../services/kubernetes/api/errors.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { readEvents } from '../../services/kubernetes/pods/events.ts'
import type { Revision } from '../../services/kubernetes/workload/revisions.ts'
import { conditionOf, countsOf } from '../../services/kubernetes/workload/rollout-status.ts'
import type { Workload } from '../../services/kubernetes/workload/workload.ts'
import type { PodProblem } from './types.ts'

/**
 * Pods that the cluster refuses to create: a quota, a webhook, an unknown service account. There is no pod to tell of it; a
 * Deployment has a condition, the others only events. `starting`, for it may be the cluster's fault as well as the release's.
 */
export async function notCreated(
  client: ClusterClient,
  workload: Workload,
  revisions: readonly Pick<Revision, 'revision' | 'current' | 'createdAt'>[],
): Promise<readonly PodProblem[]> {
  const current = revisions.find((revision) => revision.current)
  const told = await refusal(client, workload, current?.createdAt ?? '')
  if (told === undefined) return []
  const pod = /pods? "([^"]+)"/.exec(told.message)?.[1] ?? workload.address.name
  const nothing = { restarts: 0, exitCode: undefined, node: undefined, container: undefined }
  return [{ ...nothing, ...told, pod, revision: current?.revision, state: 'starting' }]
}

type Told = { readonly reason: string; readonly message: string }

async function refusal(client: ClusterClient, workload: Workload, since: string): Promise<Told | undefined> {
  if (workload.address.kind === 'deployment') {
    const condition = conditionOf(workload.raw, 'ReplicaFailure')
    return condition?.status === 'True' ? { reason: condition.reason, message: condition.message } : undefined
  }
  const { desired, updated, ready } = countsOf(workload)
  if (updated >= desired && ready >= desired) return undefined
  const kind = workload.address.kind === 'statefulset' ? 'StatefulSet' : 'DaemonSet'
  const { namespace, name } = workload.address
  try {
    const events = await readEvents(client, namespace, { kind, name, uid: workload.uid }, { timeoutMs: 2_000 })
    const last = events.findLast((event) => event.reason === 'FailedCreate' && event.lastAt >= since)
    return last === undefined ? undefined : { reason: last.reason, message: last.message }
  } catch (error) {
    if (error instanceof KubernetesError) return undefined
    throw error
  }
}
