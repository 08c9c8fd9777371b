import { readFileSync } from 'node:fs'
import { isRecord, listAt, type RawObject, textAt, textsAt } from '../../src/services/kubernetes/api/json.ts'
import type { WorkloadKind } from '../../src/services/kubernetes/api/paths.ts'
import { type PodView, podView } from '../../src/services/kubernetes/watch/projections.ts'
import { type Revision, revisionsOf } from '../../src/services/kubernetes/workload/revisions.ts'
import { matchesSelector } from '../../src/services/kubernetes/workload/selector.ts'
import { type Workload, workloadOf } from '../../src/services/kubernetes/workload/workload.ts'

/**
 * Recorded from a real API server and controller manager, 1.36.3. No kubelet ran: the pods' statuses were patched in by a
 * small program, so they show how we read a status, not what a kubelet writes. Shortened: managedFields only on workloads,
 * of a pod's spec only its node.
 */
export type Recording = 'healthy' | 'bad-release' | 'deadline-exceeded' | 'just-undone' | 'undone' | 'paused'

export type Recorded = {
  readonly workload: Workload
  readonly revisions: readonly Revision[]
  readonly pods: readonly PodView[]
}

const kinds = { deployment: ['Deployment', 'porttrack-app'], statefulset: ['StatefulSet', 'porttrack-mirror'] } as const

export function recorded(recording: Recording, kind: Exclude<WorkloadKind, 'daemonset'> = 'deployment'): Recorded {
  const file = new URL(`fixtures/${recording}.json`, import.meta.url)
  const document: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const items = listAt(document, 'items').filter(isRecord)
  const [apiKind, name] = kinds[kind]
  const raw = items.find((item) => item['kind'] === apiKind)
  if (raw === undefined) throw new Error(`the recording ${recording} has no ${apiKind}`)
  const workload = workloadOf({ namespace: 'porttrack', kind, name }, raw)
  const ofKind = (wanted: string): RawObject[] =>
    items.filter(
      (item) =>
        textAt(item, 'kind') === wanted && matchesSelector(workload.selector, textsAt(item, 'metadata', 'labels')),
    )
  return {
    workload,
    revisions: revisionsOf(workload, ofKind(kind === 'deployment' ? 'ReplicaSet' : 'ControllerRevision')),
    pods: ofKind('Pod').map(podView),
  }
}
