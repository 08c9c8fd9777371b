import { hasStatus } from '../../src/services/kubernetes/api/errors.ts'
import { type RawObject, textAt } from '../../src/services/kubernetes/api/json.ts'
import { pause } from '../../src/services/kubernetes/api/pause.ts'
import type { Api } from './api.ts'
import { timestamp } from './clock.ts'
import { createRecorder } from './events.ts'
import { type PodSpec, readPodSpec } from './pod-spec.ts'
import { type Load, ownerOf, refusal, requested, unschedulableMessage } from './scheduling.ts'

export type Scheduler = {
  /** A pod, new or changed. */
  see(pod: RawObject): void
  forget(uid: string): void
  seeNode(node: RawObject): void
  forgetNode(name: string): void
  stop(): Promise<void>
}

type Placed = { readonly node: string; readonly owner: string; readonly cpu: number; readonly memory: number }

/** Several changes of nodes and pods are answered by one look at the waiting pods. */
const gatherMs = 250

/** Plays kube-scheduler: gives each waiting pod the node with the fewest pods of its owner, then the fewest of all. */
export function startScheduler(api: Api): Scheduler {
  const recorder = createRecorder(api, 'default-scheduler', undefined)
  const nodes = new Map<string, RawObject>()
  const placed = new Map<string, Placed>()
  const waiting = new Map<string, { raw: RawObject; readonly spec: PodSpec; told: string }>()
  const off = new AbortController()
  let work: Promise<void> = Promise.resolve()
  let gathering = false

  const loadOf = (node: string, owner: string): Load => {
    const load = { pods: 0, siblings: 0, cpu: 0, memory: 0 }
    for (const one of placed.values()) {
      if (one.node !== node) continue
      load.pods += 1
      load.siblings += one.owner === owner ? 1 : 0
      load.cpu += one.cpu
      load.memory += one.memory
    }
    return load
  }
  const place = async (uid: string): Promise<void> => {
    const pod = waiting.get(uid)
    if (pod === undefined || off.signal.aborted) return
    const owner = ownerOf(pod.raw)
    const choices = [...nodes].map(([name, node]) => {
      const load = loadOf(name, owner)
      return { name, load, refused: refusal(pod.spec, node, load) }
    })
    const [best] = choices
      .filter((choice) => choice.refused === undefined)
      .sort((a, b) => a.load.siblings - b.load.siblings || a.load.pods - b.load.pods || (a.name < b.name ? -1 : 1))
    if (best === undefined)
      return tellUnschedulable(
        pod,
        choices.flatMap((choice) => choice.refused ?? []),
      )
    placed.set(uid, { node: best.name, owner, ...requested(pod.spec) })
    waiting.delete(uid)
    await bind(api, pod.raw, best.name)
    const [namespace, name] = [textAt(pod.raw, 'metadata', 'namespace'), textAt(pod.raw, 'metadata', 'name')]
    recorder.record(
      { kind: 'Pod', ...pod.raw },
      { type: 'Normal', reason: 'Scheduled', message: `Successfully assigned ${namespace}/${name} to ${best.name}` },
    )
  }
  const tellUnschedulable = async (
    pod: { raw: RawObject; told: string },
    reasons: readonly string[],
  ): Promise<void> => {
    const message = unschedulableMessage(reasons)
    if (pod.told === message) return
    pod.told = message
    recorder.record({ kind: 'Pod', ...pod.raw }, { type: 'Warning', reason: 'FailedScheduling', message })
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastTransitionTime: timestamp(),
    }
    await api.write({
      method: 'PATCH',
      patch: 'strategic',
      path: `${pathOf(pod.raw)}/status`,
      body: { status: { conditions: [condition] } },
    })
  }
  const enqueue = (uid: string): void => {
    work = work
      .then(() => place(uid))
      .catch((error: unknown) => {
        // Gone, or placed by another: nothing to do. Else it waits for the next look.
        placed.delete(uid)
        if (!hasStatus(error, 404, 409)) void gather()
      })
  }
  const gather = async (): Promise<void> => {
    if (gathering || waiting.size === 0) return
    gathering = true
    await pause(gatherMs, off.signal)
    gathering = false
    for (const uid of waiting.keys()) enqueue(uid)
  }
  return {
    see: (raw) => {
      const uid = textAt(raw, 'metadata', 'uid') ?? ''
      const node = textAt(raw, 'spec', 'nodeName') ?? ''
      const over = ['Succeeded', 'Failed'].includes(textAt(raw, 'status', 'phase') ?? '')
      if (node !== '' && over) placed.delete(uid)
      else if (node !== '') {
        waiting.delete(uid)
        if (placed.get(uid)?.node !== node)
          placed.set(uid, { node, owner: ownerOf(raw), ...requested(readPodSpec(raw['spec'])) })
      } else if (!placed.has(uid) && textAt(raw, 'metadata', 'deletionTimestamp') === undefined) {
        const spec = readPodSpec(raw['spec'])
        if (spec.schedulerName !== 'default-scheduler' || spec.schedulingGates.length > 0) return
        const before = waiting.get(uid)
        waiting.set(uid, { raw, spec, told: before?.told ?? '' })
        if (before === undefined) enqueue(uid)
      }
    },
    forget: (uid) => {
      waiting.delete(uid)
      if (placed.delete(uid)) void gather()
    },
    seeNode: (node) => {
      nodes.set(textAt(node, 'metadata', 'name') ?? '', node)
      void gather()
    },
    forgetNode: (name) => nodes.delete(name),
    stop: async () => {
      off.abort()
      await work
    },
  }
}

async function bind(api: Api, pod: RawObject, node: string): Promise<void> {
  const name = textAt(pod, 'metadata', 'name') ?? ''
  await api.write({
    method: 'POST',
    path: `${pathOf(pod)}/binding`,
    body: {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace: textAt(pod, 'metadata', 'namespace'), uid: textAt(pod, 'metadata', 'uid') },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    },
  })
}

function pathOf(pod: RawObject): string {
  return `/api/v1/namespaces/${textAt(pod, 'metadata', 'namespace')}/pods/${textAt(pod, 'metadata', 'name')}`
}
