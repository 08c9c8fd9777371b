import { recordAt } from '../../src/services/kubernetes/api/json.ts'
import type { Api } from '../kubelet/api.ts'
import { conditionOf } from '../kubelet/node-object.ts'
import type { Kubelet } from '../kubelet/start.ts'
import { nameOf } from './resources.ts'

/** Nodes that were switched off here and may not have been noticed yet. */
const switchedOff = new WeakMap<Kubelet, Set<string>>()

/** Switches off the last node that runs, if another one is left. @throws KubernetesError */
export async function stopOneNode(api: Api, kubelet: Kubelet): Promise<void> {
  const off = switchedOff.get(kubelet) ?? new Set<string>()
  switchedOff.set(kubelet, off)
  const { items } = await api.client.list('/api/v1/nodes')
  const up = items.filter((node) => isReady(node) && recordAt(node, 'spec')['unschedulable'] !== true).map(nameOf)
  const running = up.filter((name) => !off.has(name)).sort()
  const name = running.at(-1)
  if (name === undefined || running.length < 2) return
  off.add(name)
  await kubelet.stopNode(name)
}

/** Switches on every node that is down. @throws KubernetesError */
export async function startAllNodes(api: Api, kubelet: Kubelet): Promise<void> {
  const names = new Set([...(await nodesDown(api)), ...(switchedOff.get(kubelet) ?? [])])
  for (const name of names) await kubelet.startNode(name).catch(ignoreUnknown)
  switchedOff.delete(kubelet)
}

/** A node that this kubelet does not play is not ours to switch on. */
function ignoreUnknown(error: unknown): void {
  if (!(error instanceof RangeError)) throw error
}

async function nodesDown(api: Api): Promise<readonly string[]> {
  const { items } = await api.client.list('/api/v1/nodes')
  return items.filter((node) => !isReady(node)).map(nameOf)
}

const isReady = (node: Parameters<typeof conditionOf>[0]): boolean => conditionOf(node, 'Ready')?.['status'] === 'True'
