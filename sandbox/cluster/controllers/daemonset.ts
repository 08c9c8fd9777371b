import { clone, deepEqual } from '../json.ts'
import {
  type DaemonSet,
  type DaemonSetStatus,
  isActive,
  isAvailable,
  isReady,
  type Node,
  type Pod,
  scaled,
} from '../kinds.ts'
import type { ApiError } from '../status.ts'
import type { Change } from '../store/store.ts'
import { daemonPod, hashLabel, nodeOf, placement } from './daemon-pods.ts'
import { currentRevision, truncateHistory } from './history.ts'
import { claimPods, createPods, deletePod, ownerKeys, untilAvailable } from './pods.ts'
import type { Controller, World } from './run.ts'

const component = 'daemonset-controller'

/** DaemonSets, as kube-controller-manager runs them (pkg/controller/daemon); without surge, as by default. */
export const daemonSetController: Controller = { name: 'daemonset', keysOf, sync }

function keysOf(change: Change, world: World): readonly string[] {
  if (change.resource === 'daemonsets') return change.type === 'DELETED' ? [] : [change.entry.key]
  if (change.resource === 'pods') return ownerKeys(world, change.entry.object, 'DaemonSet', 'daemonsets')
  if (change.resource !== 'nodes' || !matters(change)) return []
  return world.list<DaemonSet>('daemonsets').map((one) => `${one.metadata.namespace}/${one.metadata.name}`)
}

/** A node's heartbeat changes nothing for a DaemonSet. */
function matters({ type, entry, before }: Change): boolean {
  if (type !== 'MODIFIED' || before === undefined) return true
  const view = (node: Node) => [node.spec, node.metadata.labels]
  return !deepEqual(view(entry.object as Node), view(before.object as Node))
}

function sync(key: string, world: World): number | undefined {
  const [namespace, name = ''] = key.split('/')
  const set = world.find<DaemonSet>('daemonsets', namespace, name)
  if (set === undefined) return undefined
  const { current, all } = currentRevision(world, set, hashLabel)
  const hash = current.metadata.labels?.[hashLabel] ?? ''
  const nodes = world.list<Node>('nodes')
  const pods = claimPods(world, set, set.spec.selector)
  const refused = set.metadata.deletionTimestamp === undefined ? manage(world, set, nodes, pods, hash) : undefined
  if (set.metadata.deletionTimestamp === undefined) rollOut(world, set, nodes, hash)
  const after = world.index.controlled('pods', set.metadata.uid) as Pod[]
  writeStatus(world, set, nodes, after, hash)
  truncateHistory(
    world,
    set,
    all,
    new Set([
      current.metadata.name,
      ...all
        .filter((one) => after.some((pod) => pod.metadata.labels?.[hashLabel] === one.metadata.labels?.[hashLabel]))
        .map((one) => one.metadata.name),
    ]),
  )
  if (refused !== undefined) throw refused
  return untilAvailable(after.filter(isActive), set.spec.minReadySeconds ?? 0, Date.now())
}

/** A pod on every node that should have one, none on the others. @returns why a pod was refused, if one was */
function manage(
  world: World,
  set: DaemonSet,
  nodes: readonly Node[],
  pods: readonly Pod[],
  hash: string,
): ApiError | undefined {
  const names = new Set(nodes.map((node) => node.metadata.name))
  for (const pod of pods) if (!names.has(nodeOf(pod) ?? '')) world.remove(pod)
  let refused: ApiError | undefined
  for (const node of nodes) {
    const own = pods.filter((pod) => nodeOf(pod) === node.metadata.name)
    const { run, stay } = placement(node, set)
    if (!stay) for (const pod of own.filter(isActive)) deletePod(world, component, set, pod)
    if (!run) continue
    const [first, ...more] = own.filter((pod) => pod.metadata.deletionTimestamp === undefined)
    for (const pod of own.filter((one) => one.status.phase === 'Failed')) {
      world.record(component, {
        about: set,
        type: 'Warning',
        reason: 'FailedDaemonPod',
        message: `Found failed daemon pod ${set.metadata.namespace}/${pod.metadata.name} on node ${node.metadata.name}, will try to kill it`,
      })
      world.remove(pod)
    }
    for (const pod of more) deletePod(world, component, set, pod)
    if (first === undefined && own.length === 0)
      refused ??= createPods(world, component, set, () => daemonPod(set, node.metadata.name, hash), 1)
  }
  return refused
}

/** Deletes old pods: those that are not available at once, the others while few enough nodes are without one. */
function rollOut(world: World, set: DaemonSet, nodes: readonly Node[], hash: string): void {
  if (set.spec.updateStrategy.type !== 'RollingUpdate') return
  const wanted = nodes.filter((node) => placement(node, set).run)
  const most = Math.max(scaled(set.spec.updateStrategy.rollingUpdate?.maxUnavailable ?? 1, wanted.length, true), 1)
  const available = (pod: Pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, Date.now())
  const pods = (world.index.controlled('pods', set.metadata.uid) as Pod[]).filter(
    (pod) => pod.metadata.deletionTimestamp === undefined,
  )
  let missing = 0
  const candidates: Pod[] = []
  for (const node of wanted) {
    const pod = pods.find((one) => nodeOf(one) === node.metadata.name)
    if (pod === undefined) missing += 1
    else if (pod.metadata.labels?.[hashLabel] === hash) missing += available(pod) ? 0 : 1
    else if (!available(pod)) {
      missing += 1
      deletePod(world, component, set, pod)
    } else candidates.push(pod)
  }
  for (const pod of candidates.slice(0, Math.max(most - missing, 0))) deletePod(world, component, set, pod)
}

function writeStatus(world: World, set: DaemonSet, nodes: readonly Node[], pods: readonly Pod[], hash: string): void {
  const now = Date.now()
  const status: DaemonSetStatus = {
    observedGeneration: set.metadata.generation ?? 0,
    currentNumberScheduled: 0,
    desiredNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
    numberAvailable: 0,
    updatedNumberScheduled: 0,
    numberUnavailable: 0,
    ...(set.status.collisionCount === undefined ? {} : { collisionCount: set.status.collisionCount }),
  }
  for (const node of nodes) {
    const { run } = placement(node, set)
    const pod =
      pods.find((one) => nodeOf(one) === node.metadata.name && one.metadata.deletionTimestamp === undefined) ??
      pods.find((one) => nodeOf(one) === node.metadata.name)
    if (!run) {
      status.numberMisscheduled += pod === undefined ? 0 : 1
      continue
    }
    status.desiredNumberScheduled += 1
    if (pod === undefined) continue
    status.currentNumberScheduled += 1
    if (pod.metadata.labels?.[hashLabel] === hash)
      status.updatedNumberScheduled = (status.updatedNumberScheduled ?? 0) + 1
    if (!isReady(pod)) continue
    status.numberReady += 1
    if (isAvailable(pod, set.spec.minReadySeconds ?? 0, now)) status.numberAvailable = (status.numberAvailable ?? 0) + 1
  }
  status.numberUnavailable = status.desiredNumberScheduled - (status.numberAvailable ?? 0)
  const found = world.find<DaemonSet>('daemonsets', set.metadata.namespace, set.metadata.name)
  const filled = (one: DaemonSetStatus) => ({
    numberAvailable: 0,
    numberUnavailable: 0,
    updatedNumberScheduled: 0,
    ...one,
  })
  if (found !== undefined && !deepEqual(filled(found.status), filled(status)))
    world.updateStatus({ ...clone(found), status })
}
