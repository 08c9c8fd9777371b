import type { Services } from '../operations/services.ts'
import { isTrueAt, listAt, type RawObject, textAt } from '../services/kubernetes/api/json.ts'
import type { ComponentView } from '../texts/views.ts'
import { unknown } from './unknown.ts'

/** The nodes of a cluster: ready or not, and whether new pods may come. @throws KubernetesError */
export async function readNodes(services: Services, cluster: string, signal: AbortSignal): Promise<ComponentView[]> {
  const { items } = await services.cluster(cluster).list('/api/v1/nodes', {}, { signal })
  return items.map((node) => nodeView(cluster, node))
}

function nodeView(cluster: string, node: RawObject): ComponentView {
  const named = { kind: 'node', name: textAt(node, 'metadata', 'name') ?? '', where: cluster } as const
  const ready = listAt(node, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready')
  const isReady = textAt(ready, 'status') === 'True'
  const cordoned = isTrueAt(node, 'spec', 'unschedulable')
  const state = isReady ? (cordoned ? 'degraded' : 'healthy') : 'down'
  const reason = isReady ? (cordoned ? 'cordoned' : undefined) : 'not_ready'
  const detail = isReady ? textAt(node, 'status', 'nodeInfo', 'kubeletVersion') : textAt(ready, 'message')
  return { ...unknown(named, reason ?? '', detail), state, reason }
}
