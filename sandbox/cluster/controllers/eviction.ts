import { clone, deepEqual } from '../json.ts'
import type { Node, Pod, Taint } from '../kinds.ts'
import { resourceType } from '../schema/resources.ts'
import type { Change } from '../store/store.ts'
import { millis, timestamp } from '../time.ts'
import { tolerates } from './daemon-pods.ts'
import { podsOn } from './nodes.ts'
import type { Controller, World } from './run.ts'

/** How long a node must be gone before its pods are removed. */
const quarantineMs = 40_000

/**
 * Evicts pods that do not tolerate a NoExecute taint, after their tolerationSeconds (pkg/controller/tainteviction), and removes pods
 * of nodes that are gone (pkg/controller/podgc). Keys are names of nodes.
 */
export function taintEviction(): Controller {
  const goneSince = new Map<string, number>()
  return {
    name: 'taint-eviction',
    keysOf: nodesToLookAt,
    sync: (name, world) => {
      const node = world.find<Node>('nodes', undefined, name)
      if (node === undefined) return removeOrphans(world, name, goneSince)
      goneSince.delete(name)
      const taints = (node.spec.taints ?? []).filter((one) => one.effect === 'NoExecute')
      if (taints.length === 0) return undefined
      const waits = podsOn(world, name)
        .map((pod) => evictionOf(world, pod, taints))
        .filter((wait) => wait !== undefined)
      return waits.length === 0 ? undefined : Math.min(...waits)
    },
  }
}

function nodesToLookAt(change: Change): string[] {
  if (change.resource === 'nodes')
    return change.type === 'MODIFIED' &&
      deepEqual((change.entry.object as Node).spec, (change.before?.object as Node | undefined)?.spec)
      ? []
      : [change.entry.key]
  if (change.resource !== 'pods' || change.type === 'DELETED') return []
  const pod = change.entry.object as Pod
  const before = change.before?.object as Pod | undefined
  return pod.spec.nodeName && pod.spec.nodeName !== before?.spec.nodeName ? [pod.spec.nodeName] : []
}

function removeOrphans(world: World, name: string, goneSince: Map<string, number>): number | undefined {
  const pods = podsOn(world, name)
  if (pods.length === 0) {
    goneSince.delete(name)
    return undefined
  }
  const since = goneSince.get(name) ?? Date.now()
  goneSince.set(name, since)
  const left = since + quarantineMs - Date.now()
  if (left > 0) return left
  for (const pod of pods)
    world.registry.delete(
      resourceType('pods'),
      { namespace: pod.metadata.namespace, name: pod.metadata.name },
      { gracePeriodSeconds: 0 },
    )
  return undefined
}

/** @returns milliseconds until the pod has to go; undefined when it may stay or went */
function evictionOf(world: World, pod: Pod, taints: readonly Taint[]): number | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return undefined
  let wait = Number.POSITIVE_INFINITY
  for (const one of taints) {
    const toleration = (pod.spec.tolerations ?? []).find((other) => tolerates(other, one))
    if (toleration === undefined) wait = 0
    else if (toleration.tolerationSeconds !== undefined)
      wait = Math.min(wait, millis(one.timeAdded) + toleration.tolerationSeconds * 1000 - Date.now())
  }
  if (wait === Number.POSITIVE_INFINITY) return undefined
  if (wait > 0) return wait
  world.record('taint-eviction-controller', {
    about: pod,
    type: 'Normal',
    reason: 'TaintManagerEviction',
    message: `Marking for deletion Pod ${pod.metadata.namespace}/${pod.metadata.name}`,
  })
  const copy = clone(pod)
  copy.status.conditions = [
    ...(copy.status.conditions ?? []).filter((condition) => condition.type !== 'DisruptionTarget'),
    {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
      lastTransitionTime: timestamp(),
    },
  ]
  world.remove(world.updateStatus(copy))
  return undefined
}
