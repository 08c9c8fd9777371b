import type { RawObject } from '../../src/services/kubernetes/api/json.ts'

/** What the StatefulSet controller adds to its pods. */
export function statefulPod(name: string, index: number, labels: Readonly<Record<string, string>>, subdomain: unknown) {
  const pod = `${name}-${index}`
  const own = { 'apps.kubernetes.io/pod-index': String(index), 'statefulset.kubernetes.io/pod-name': pod }
  return { name: pod, index, labels: { ...labels, ...own }, more: { spec: { hostname: pod, subdomain } } }
}

/** What the DaemonSet controller adds to its pods. */
export function daemonPod(node: string): RawObject {
  const tolerate = (key: string, effect: string) => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect })
  const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }]
  return {
    spec: {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
      tolerations: [
        tolerate('not-ready', 'NoExecute'),
        tolerate('unreachable', 'NoExecute'),
        tolerate('disk-pressure', 'NoSchedule'),
        tolerate('memory-pressure', 'NoSchedule'),
        tolerate('pid-pressure', 'NoSchedule'),
        tolerate('unschedulable', 'NoSchedule'),
      ],
    },
  }
}
