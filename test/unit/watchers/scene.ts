import type { RawObject } from '../../../src/services/kubernetes/api/json.ts'
import { createBoard, type Look } from '../../../src/watchers/bad-releases/board.ts'
import { eventFacts } from '../../../src/watchers/bad-releases/evidence.ts'
import { nodeFacts, sourceFacts, workloadFacts } from '../../../src/watchers/bad-releases/facts.ts'
import { judge, type Verdict } from '../../../src/watchers/bad-releases/judge.ts'
import { podFacts } from '../../../src/watchers/bad-releases/pod-facts.ts'

/** The clock of the API and of the nodes at the beginning; this machine's own begins at 1,000 s. */
const began = Date.parse('2026-03-01T10:00:00Z') / 1000
const machine = 1_000

export const iso = (seconds: number): string => new Date((began + seconds) * 1000).toISOString().replace('.000Z', 'Z')

export type PodWords = {
  readonly of?: 'new' | 'old'
  readonly uid?: string
  readonly node?: string
  readonly phase?: string
  readonly reason?: string
  readonly deleting?: boolean
  readonly created?: number
  readonly ready?: boolean
  /** When Ready changed, in seconds of the scene. */
  readonly readyAt?: number
  readonly started?: boolean
  /** When its container started; undefined: it does not run. */
  readonly runs?: number
  readonly waits?: { readonly reason: string; readonly message?: string }
  readonly ended?: { readonly exitCode: number; readonly reason: string }
  readonly last?: { readonly exitCode: number; readonly reason: string }
  readonly restarts?: number
  readonly init?: RawObject
  readonly conditions?: readonly RawObject[]
  /** When the API server last wrote it. */
  readonly writtenAt?: number
}

/** A pod as the API tells it. Without words it is ready. */
export function pod(name: string, words: PodWords = {}): RawObject {
  const of = words.of ?? 'new'
  const plain = words.runs === undefined && words.waits === undefined && words.ended === undefined
  const state =
    words.waits !== undefined
      ? { waiting: words.waits }
      : words.ended !== undefined
        ? { terminated: { ...words.ended, finishedAt: iso(1) } }
        : { running: { startedAt: iso(words.runs ?? -100) } }
  const ready = words.ready ?? plain
  const status = {
    name: 'app',
    state,
    lastState: words.last === undefined ? {} : { terminated: { ...words.last, finishedAt: iso(0) } },
    ready,
    started: words.started ?? true,
    restartCount: words.restarts ?? 0,
  }
  return {
    metadata: {
      name,
      namespace: 'shop',
      uid: words.uid ?? `uid-${name}`,
      creationTimestamp: iso(words.created ?? 0),
      labels: { 'pod-template-hash': of === 'new' ? 'newhash' : 'oldhash' },
      ownerReferences: [{ kind: 'ReplicaSet', uid: `rs-${of}`, controller: true }],
      managedFields: [{ manager: 'kubelet', subresource: 'status', time: iso(words.writtenAt ?? words.created ?? 0) }],
      ...(words.deleting === true ? { deletionTimestamp: iso(0) } : {}),
    },
    spec: { nodeName: words.node ?? 'node-a' },
    status: {
      phase: words.phase ?? 'Running',
      ...(words.reason === undefined ? {} : { reason: words.reason }),
      conditions: [
        { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: iso(words.readyAt ?? -200) },
        ...(words.conditions ?? []),
      ],
      ...(words.init === undefined ? {} : { initContainerStatuses: [words.init] }),
      containerStatuses: [status],
    },
  }
}

export type AppWords = {
  readonly replicas?: number
  readonly available?: number
  readonly updated?: number
  readonly total?: number
  readonly observed?: boolean
  readonly revision?: number
  readonly container?: RawObject
  readonly conditions?: readonly RawObject[]
  readonly annotations?: RawObject
  readonly image?: string
  readonly deadline?: number
  readonly generation?: number
}

const image = (of: 'new' | 'old') => `registry.shop.example/app:${of === 'new' ? '2.0' : '1.0'}`
const templateOf = (of: string, { container = {}, annotations, image: other }: AppWords = {}): RawObject => ({
  metadata: { labels: { app: 'web' }, ...(annotations === undefined ? {} : { annotations }) },
  spec: { containers: [{ name: 'app', image: other ?? of, ...container }] },
})

/** The Deployment with two revisions, in the middle of a rollout to the second. */
export function deployment(words: AppWords = {}): RawObject {
  const { replicas = 3, updated = 1, available = 3, total = 4 } = words
  return {
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'web',
      generation: words.generation ?? 2,
      creationTimestamp: iso(-90_000),
      annotations: { 'deployment.kubernetes.io/revision': String(words.revision ?? 2) },
    },
    spec: { replicas, template: templateOf(image('new'), words), progressDeadlineSeconds: words.deadline ?? 600 },
    status: {
      observedGeneration: words.observed === false ? 1 : (words.generation ?? 2),
      replicas: total,
      updatedReplicas: updated,
      availableReplicas: available,
      conditions: [
        ...(words.conditions ?? []),
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
      ],
    },
  }
}

export const complete: RawObject = {
  type: 'Progressing',
  status: 'True',
  reason: 'NewReplicaSetAvailable',
  message: 'ReplicaSet "web-newhash" has successfully progressed.',
  lastUpdateTime: iso(5),
}

export function replicaSet(
  of: 'new' | 'old',
  words: AppWords & { readonly createdAt?: number; readonly history?: string } = {},
): RawObject {
  return {
    metadata: {
      name: `web-${of}hash`,
      namespace: 'shop',
      uid: `rs-${of}`,
      generation: words.generation ?? 1,
      creationTimestamp: iso(words.createdAt ?? (of === 'new' ? 0 : -80_000)),
      labels: { 'pod-template-hash': `${of}hash` },
      annotations: {
        'deployment.kubernetes.io/revision': String(words.revision ?? (of === 'new' ? 2 : 1)),
        ...(words.history === undefined ? {} : { 'deployment.kubernetes.io/revision-history': words.history }),
      },
      ownerReferences: [{ kind: 'Deployment', uid: 'web', controller: true }],
    },
    spec: { template: templateOf(image(of), of === 'new' ? words : {}) },
  }
}

export function event(
  about: string,
  reason: string,
  message: string,
  count = 1,
  more: { uid?: string; at?: number } = {},
): RawObject {
  return {
    metadata: { name: `${about}.${reason}`, namespace: 'shop', uid: more.uid ?? `${about}/${reason}/${message}` },
    involvedObject: { kind: 'Pod', uid: about, fieldPath: 'spec.containers{app}' },
    type: reason === 'Killing' ? 'Normal' : 'Warning',
    reason,
    message,
    count,
    lastTimestamp: iso(more.at ?? 1),
  }
}

export type Scene = {
  /** Tells the board of objects, whatever their kind. */
  see(...objects: readonly RawObject[]): void
  gone(...pods: readonly string[]): void
  node(name: string, ready: boolean): void
  begin(): void
  pass(seconds: number): void
  look(windowSeconds?: number): Look | undefined
  verdict(windowSeconds?: number): Verdict | undefined
}

/** A board of its own, with a clock that only the test moves. */
export function scene(): Scene {
  let now = machine
  const board = createBoard(() => now)
  const look = (windowSeconds = 1800) => board.look('web', windowSeconds)
  return {
    see: (...objects) => {
      for (const raw of objects) {
        if ('involvedObject' in raw) board.event(eventFacts(raw))
        else if (kindOf(raw) === 'pod') board.pod(podFacts(raw))
        else if (kindOf(raw) === 'source') board.source(sourceFacts(raw))
        else board.workload(workloadFacts('deployment', raw))
      }
    },
    gone: (...pods) => {
      for (const uid of pods) board.forgetPod(uid)
    },
    node: (name, ready) =>
      board.node(
        nodeFacts({
          metadata: { name, uid: name, creationTimestamp: iso(-90_000) },
          status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'Unknown' }] },
        }),
      ),
    begin: board.begin,
    pass: (seconds) => {
      now += seconds
    },
    look,
    verdict: (windowSeconds) => {
      const found = look(windowSeconds)
      return found && judge(found.view, now)
    },
  }
}

function kindOf(raw: RawObject): 'pod' | 'source' | 'workload' {
  const name = JSON.stringify(raw['metadata'])
  if (name.includes('"ReplicaSet"')) return 'pod'
  return name.includes('"Deployment"') ? 'source' : 'workload'
}

/** A release of which the bot has been witness: two old pods are ready, the first of the new ones is on its way. */
export function released(words: AppWords = {}): Scene {
  const here = scene()
  here.node('node-a', true)
  here.node('node-b', true)
  here.see(replicaSet('old'), pod('old-1', { of: 'old' }), pod('old-2', { of: 'old' }))
  here.begin()
  here.see(replicaSet('new', words), deployment(words))
  here.look()
  return here
}
