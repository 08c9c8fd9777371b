import { clone, deepEqual } from '../json.ts'
import { type Condition, conditionOf, isReady, type Lease, type Node, type Pod, type Taint } from '../kinds.ts'
import type { Change } from '../store/store.ts'
import { timestamp } from '../time.ts'
import type { Controller, World } from './run.ts'

const component = 'node-controller'
const notReady = 'node.kubernetes.io/not-ready'
const unreachable = 'node.kubernetes.io/unreachable'
const unschedulable = 'node.kubernetes.io/unschedulable'

/**
 * Watches heartbeats (the Lease or the Ready condition): a silent node becomes Unknown, is tainted, its pods are not ready any more;
 * after pkg/controller/nodelifecycle. Keys are names of nodes.
 * @param graceMs how long a node may be silent
 */
export function nodeController(graceMs: number): Controller {
  const seen = new Map<string, { beat: string; at: number }>()
  const known = new Set<string>()
  return {
    name: 'node',
    keysOf: (change) => keysOf(change),
    sync: (name, world) => {
      const node = world.find<Node>('nodes', undefined, name)
      if (node === undefined) {
        if (known.delete(name)) seen.delete(name)
        return undefined
      }
      if (!known.has(name)) {
        known.add(name)
        world.record(component, {
          about: node,
          type: 'Normal',
          reason: 'RegisteredNode',
          message: `Node ${name} event: Registered Node ${name} in Controller`,
        })
      }
      const silentFor = silence(world, node, seen)
      const next = silentFor > graceMs ? silenced(world, node) : node
      taint(world, next)
      return Math.max(Math.min(graceMs - silentFor + 50, graceMs), 1000)
    },
  }
}

function keysOf(change: Change): string[] {
  if (change.resource === 'nodes') return [change.entry.object.metadata.name]
  return change.resource === 'leases' && change.entry.object.metadata.namespace === 'kube-node-lease'
    ? [change.entry.object.metadata.name]
    : []
}

/** Milliseconds since a heartbeat was seen to change; the node's own clock does not matter. */
function silence(world: World, node: Node, seen: Map<string, { beat: string; at: number }>): number {
  const { name } = node.metadata
  const lease = world.find<Lease>('leases', 'kube-node-lease', name)
  const ready = conditionOf(node.status.conditions, 'Ready')
  const beat = `${lease?.spec.renewTime ?? ''} ${ready?.lastHeartbeatTime ?? ''}`
  const before = seen.get(name)
  if (before?.beat === beat) return Date.now() - before.at
  seen.set(name, { beat, at: Date.now() })
  return 0
}

/** All conditions of a silent node are Unknown; its pods are not ready. */
function silenced(world: World, node: Node): Node {
  const ready = conditionOf(node.status.conditions, 'Ready')
  if (ready?.status === 'Unknown') return node
  const now = timestamp()
  const wanted = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']
  const conditions = wanted.map((type): Condition => {
    const known = conditionOf(node.status.conditions, type)
    const reason = known === undefined ? 'NodeStatusNeverUpdated' : 'NodeStatusUnknown'
    const message = known === undefined ? 'Kubelet never posted node status.' : 'Kubelet stopped posting node status.'
    return {
      lastHeartbeatTime: node.metadata.creationTimestamp,
      ...known,
      type,
      status: 'Unknown',
      reason,
      message,
      lastTransitionTime: now,
    }
  })
  const copy = clone(node)
  copy.status.conditions = [
    ...(node.status.conditions ?? []).filter((one) => !wanted.includes(one.type)).map((one) => clone(one)),
    ...conditions,
  ]
  const after = world.updateStatus(copy)
  world.record(component, {
    about: after,
    type: 'Normal',
    reason: 'NodeNotReady',
    message: `Node ${node.metadata.name} status is now: NodeNotReady`,
  })
  for (const pod of podsOn(world, node.metadata.name)) {
    if (!isReady(pod)) continue
    const changed = clone(pod)
    changed.status.conditions = (changed.status.conditions ?? []).map((one) =>
      one.type === 'Ready' ? { ...one, status: 'False', lastTransitionTime: now } : one,
    )
    world.updateStatus(changed)
    world.record(component, { about: pod, type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready' })
  }
  return after
}

export function podsOn(world: World, node: string): Pod[] {
  return world.list<Pod>('pods').filter((pod) => pod.spec.nodeName === node)
}

/** The taints that the node's conditions and its cordon call for. */
function taint(world: World, node: Node): void {
  const status = conditionOf(node.status.conditions, 'Ready')?.status
  const wanted: Taint[] = []
  const now = timestamp()
  if (node.spec.unschedulable === true) wanted.push({ key: unschedulable, effect: 'NoSchedule', timeAdded: now })
  if (status === 'False')
    wanted.push(
      { key: notReady, effect: 'NoSchedule', timeAdded: now },
      { key: notReady, effect: 'NoExecute', timeAdded: now },
    )
  if (status === 'Unknown')
    wanted.push(
      { key: unreachable, effect: 'NoSchedule', timeAdded: now },
      { key: unreachable, effect: 'NoExecute', timeAdded: now },
    )
  const ours = new Set([notReady, unreachable, unschedulable])
  const present = node.spec.taints ?? []
  const same = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect
  const kept = present.filter((one) => !ours.has(one.key) || wanted.some((other) => same(one, other)))
  const taints = [...kept, ...wanted.filter((one) => !kept.some((other) => same(one, other)))]
  if (deepEqual(present, taints)) return
  const copy = clone(node)
  if (taints.length === 0) delete copy.spec.taints
  else copy.spec.taints = taints
  world.update(copy)
}
