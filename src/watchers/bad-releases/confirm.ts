import { recordAt } from '../../services/kubernetes/api/json.ts'
import { podsPath, workloadPath } from '../../services/kubernetes/api/paths.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { selectorQuery } from '../../services/kubernetes/workload/selector.ts'
import type { Board } from './board.ts'
import { type WorkloadFacts, workloadFacts } from './facts.ts'
import { podFacts } from './pod-facts.ts'

const limits = { timeoutMs: 3_000 }

/**
 * Reads the workload and its pods once more, past all watches: a stream that has fallen silent must not make a pod look unready that
 * has long been well.
 * @throws KubernetesError
 */
export async function readAgain(
  client: ClusterClient,
  workload: WorkloadFacts,
  board: Board,
  signal: AbortSignal,
): Promise<void> {
  const address = { kind: workload.kind, namespace: workload.namespace, name: workload.name }
  const raw = await client.get(workloadPath(address), undefined, { ...limits, signal })
  const found = new Set<string>()
  await client.pages(
    podsPath(workload.namespace),
    { labelSelector: selectorQuery(recordAt(raw, 'spec', 'selector')) },
    (items) => {
      for (const item of items) {
        const pod = podFacts(item)
        found.add(pod.uid)
        board.pod(pod)
      }
    },
    { ...limits, signal },
  )
  const now = workloadFacts(workload.kind, raw)
  if (now.uid !== workload.uid) board.forgetWorkload(workload.uid)
  board.workload(now)
  for (const uid of board.podsOf(workload.uid)) if (!found.has(uid)) board.forgetPod(uid)
}
