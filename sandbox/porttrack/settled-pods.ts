import { randomBytes } from 'node:crypto'
import { listAt, numberAt, type RawObject, recordAt, textAt, textsAt } from '../../src/services/kubernetes/api/json.ts'
import { newContainer } from '../kubelet/container-state.ts'
import { conditionOf } from '../kubelet/node-object.ts'
import { podStatus } from '../kubelet/status.ts'
import type { Seeding } from './seeding.ts'

export type SettledPods = {
  readonly namespace: string
  readonly template: RawObject
  /** Since when they run. */
  readonly since: string
  readonly pods: readonly {
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    readonly index: number
    readonly node?: string
    readonly more?: RawObject
  }[]
}

/**
 * Pods that have been running for days, so that a new world is healthy at once. Nobody owns them yet: a controller adopts pods that
 * its selector matches. Only the simulated cluster takes a status with a new object; elsewhere nothing is done.
 */
export async function settledPods(seeding: Seeding, wanted: SettledPods): Promise<void> {
  if (!seeding.simulated) return
  const nodes = await readyNodes(seeding)
  if (nodes.length === 0) return
  const offset = offsetOf(wanted.pods[0]?.name ?? '')
  await Promise.all(
    wanted.pods.map((one, position) => {
      const node = nodes.find((other) => other.name === one.node) ?? nodes[(one.index + offset) % nodes.length]
      return node === undefined ? undefined : seeding.create(settledPod(wanted, one, node, position), wanted.since)
    }),
  )
}

export type ReadyNode = { readonly name: string; readonly address: string; readonly index: number }

export async function readyNodes(seeding: Seeding): Promise<readonly ReadyNode[]> {
  const { items } = await seeding.api.client.list('/api/v1/nodes')
  return items
    .filter(
      (node) => conditionOf(node, 'Ready')?.['status'] === 'True' && recordAt(node, 'spec')['unschedulable'] !== true,
    )
    .map((node) => ({
      name: textAt(node, 'metadata', 'name') ?? '',
      address: textAt(listAt(node, 'status', 'addresses')[0], 'address') ?? '',
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((node, index) => ({ ...node, index }))
}

function settledPod(
  wanted: SettledPods,
  one: SettledPods['pods'][number],
  node: ReadyNode,
  position: number,
): RawObject {
  const since = Date.parse(wanted.since)
  const template = wanted.template
  const containers = listAt(template, 'spec', 'containers').map((container) => ({
    ...newContainer(textAt(container, 'name') ?? '', textAt(container, 'image') ?? '', false, ''),
    id: `containerd://${randomBytes(32).toString('hex')}`,
    state: { kind: 'running' as const, startedAt: since },
    ready: true,
    started: true,
  }))
  const podIP = `10.244.${node.index + 1}.${150 + ((offsetOf(one.name) + position) % 100)}`
  const facts = {
    generation: 1,
    conditions: [],
    containers,
    hostIP: node.address,
    podIP,
    podIPBefore: '',
    startedAt: since,
    finished: false,
    gates: [],
  }
  const spec = recordAt(template, 'spec')
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: one.name,
      namespace: wanted.namespace,
      labels: one.labels,
      annotations: textsAt(template, 'metadata', 'annotations'),
      ...recordAt(one.more, 'metadata'),
    },
    spec: {
      ...spec,
      ...recordAt(one.more, 'spec'),
      nodeName: node.name,
      terminationGracePeriodSeconds: numberAt(spec, 'terminationGracePeriodSeconds') ?? 30,
    },
    status: podStatus(facts, since),
  }
}

/** Spreads the workloads over nodes and addresses. */
function offsetOf(name: string): number {
  return [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
}
