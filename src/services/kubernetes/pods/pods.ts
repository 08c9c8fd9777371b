import { podsPath } from '../api/paths.ts'
import type { ClusterClient, Limits } from '../api/types.ts'
import { type PodView, podView } from '../watch/projections.ts'
import { selectorQuery } from '../workload/selector.ts'
import type { Workload } from '../workload/workload.ts'
import type { EventView } from './events.ts'
import { clean, describeBroken, describeStarting, isBroken } from './pod-reasons.ts'
import type { PodTrouble } from './types.ts'

const nodeReasons = [
  'Evicted',
  'NodeLost',
  'NodeShutdown',
  'NodeAffinity',
  'Preempting',
  'Terminated',
  'UnexpectedAdmissionError',
  'OutOfcpu',
  'OutOfmemory',
  'OutOfpods',
]

/** The pods that match the workload's selector, as projections; terminated ones of a finished rollout included. @throws KubernetesError */
export async function readPods(
  client: ClusterClient,
  workload: Workload,
  limits?: Limits,
): Promise<readonly PodView[]> {
  const { items } = await client.list(
    podsPath(workload.address.namespace),
    { labelSelector: selectorQuery(workload.selector) },
    limits,
  )
  return items.map(podView)
}

/** Pods that count: not those on their way out (their probes keep failing in every healthy rollout) and not finished ones. */
export function livePods(pods: readonly PodView[]): readonly PodView[] {
  return pods.filter((pod) => !pod.deleting && pod.phase !== 'Succeeded')
}

/** undefined for a pod that is ready or on its way out. Pure. */
export function troubleOf(pod: PodView, events: readonly EventView[] = []): PodTrouble | undefined {
  if (pod.deleting || (pod.ready && pod.phase === 'Running')) return undefined
  const base = {
    pod: pod.name,
    podHash: pod.podHash,
    node: pod.node,
    restarts: restartsOf(pod),
    container: undefined,
    exitCode: undefined,
  }
  if (pod.disruption !== undefined || (pod.reason !== undefined && nodeReasons.includes(pod.reason)))
    return {
      ...base,
      state: 'node',
      reason: pod.reason ?? pod.disruption ?? '',
      message: clean(pod.message ?? pod.disruption),
    }
  if (pod.unschedulable !== undefined)
    return { ...base, state: 'node', reason: 'Unschedulable', message: clean(pod.unschedulable) }
  const broken = pod.containers.find((container) => isBroken(container))
  if (broken !== undefined) return { ...base, ...describeBroken(broken, pod), state: 'failing' }
  const mount = events.findLast((event) => event.reason === 'FailedMount' || event.reason === 'FailedAttachVolume')
  if (mount !== undefined && pod.containers.every((container) => container.state !== 'running'))
    return { ...base, state: 'failing', reason: mount.reason, message: clean(mount.message) }
  return { ...base, ...describeStarting(pod, events) }
}

/** Worst first: failing, then node, then starting; the most restarted first among equals. */
export function troublesOf(pods: readonly PodView[]): readonly PodTrouble[] {
  const order = { failing: 0, node: 1, starting: 2 }
  return livePods(pods)
    .flatMap((pod) => troubleOf(pod) ?? [])
    .sort((a, b) => order[a.state] - order[b.state] || b.restarts - a.restarts || (a.pod < b.pod ? -1 : 1))
}

export function restartsOf(pod: PodView): number {
  return pod.containers.reduce((sum, container) => sum + container.restarts, 0)
}
