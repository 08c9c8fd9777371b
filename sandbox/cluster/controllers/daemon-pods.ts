import type { DaemonSet, Node, Pod, Taint, Toleration } from '../kinds.ts'
import { podOf } from './pods.ts'

export const hashLabel = 'controller-revision-hash'

/** The node that a pod runs on, or is meant for. */
export function nodeOf(pod: Pod): string | undefined {
  const wanted =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms?.[0]
      ?.matchFields?.[0]?.values?.[0]
  return pod.spec.nodeName || wanted
}

const tolerated: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
]

/** A pod of the set for one node, as the scheduler must place it. */
export function daemonPod(set: DaemonSet, node: string, hash: string): object {
  const generation = set.metadata.annotations?.['deprecated.daemonset.template.generation'] ?? '1'
  const wanted = podOf(set, set.spec.template, {
    labels: { [hashLabel]: hash, 'pod-template-generation': generation },
  }) as { metadata: object; spec: Pod['spec'] }
  const network: Toleration[] =
    set.spec.template.spec.hostNetwork === true
      ? [{ key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' }]
      : []
  return {
    metadata: wanted.metadata,
    spec: {
      ...wanted.spec,
      tolerations: [...(wanted.spec.tolerations ?? []), ...tolerated, ...network],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
          },
        },
      },
    },
  }
}

/** Whether a pod of the set should start on a node, and whether one that is there may stay. */
export function placement(node: Node, set: DaemonSet): { run: boolean; stay: boolean } {
  const { nodeSelector, nodeName, tolerations = [] } = set.spec.template.spec
  const fits =
    (!nodeName || nodeName === node.metadata.name) &&
    Object.entries(nodeSelector ?? {}).every(([key, value]) => node.metadata.labels?.[key] === value)
  if (!fits) return { run: false, stay: false }
  const all = [...tolerations, ...tolerated]
  const bare = (node.spec.taints ?? []).filter((taint) => !all.some((one) => tolerates(one, taint)))
  return {
    run: !bare.some((taint) => taint.effect !== 'PreferNoSchedule'),
    stay: !bare.some((taint) => taint.effect === 'NoExecute'),
  }
}

export function tolerates(one: Toleration, taint: Taint): boolean {
  if (one.effect && one.effect !== taint.effect) return false
  if (one.key && one.key !== taint.key) return false
  return one.operator === 'Exists' || (one.key === taint.key && (one.value ?? '') === (taint.value ?? ''))
}
