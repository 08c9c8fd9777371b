import { hasStatus } from '../../src/services/kubernetes/errors.ts'
import { listAt, numberAt, type RawObject, textAt } from '../../src/services/kubernetes/json.ts'
import { pause } from '../../src/services/kubernetes/pause.ts'
import type { Api } from './api.ts'
import type { Clock } from './clock.ts'
import type { Container } from './container-state.ts'
import type { Recorder } from './events.ts'
import type { LogHandover } from './log-handover.ts'
import { keepContainer } from './keep-container.ts'
import type { PodContext } from './pod-context.ts'
import { type ContainerSpec, type PodSpec, readPodSpec } from './pod-spec.ts'
import { missingVolume } from './references.ts'
import { restoreContainers } from './restore.ts'
import { conditionsIn, podStatus } from './status.ts'

export type Pod = {
  readonly uid: string
  readonly containers: readonly Container[]
  /** The object as the API has it now. */
  update(raw: RawObject): void
  /** Forgets it at once: it is gone from the API, or the machine is off. */
  drop(): void
}

export type PodOptions = {
  readonly api: Api
  readonly clock: Clock
  readonly recorder: Recorder
  readonly raw: RawObject
  readonly logs: LogHandover
  readonly images: Set<string>
  readonly hostIP: string
  /** A free address of the node. */
  readonly giveAddress: () => string
  readonly rebooted: boolean
}

const networkSeconds = 0.3
const mountRetrySeconds = 4

/** Takes care of one pod of this node, from its assignment to its deletion. */
export function startPod(options: PodOptions): Pod {
  const { api, clock, recorder } = options
  let raw = options.raw
  let podIP = options.rebooted ? '' : (textAt(raw, 'status', 'podIP') ?? '')
  let finished = ['Succeeded', 'Failed'].includes(textAt(raw, 'status', 'phase') ?? '')
  const spec = readPodSpec(raw['spec'])
  const containers = restoreContainers(spec, raw, options.rebooted)
  const gone = new AbortController()
  const deleting = new AbortController()
  const startedAt = Date.parse(textAt(raw, 'status', 'startTime') ?? '') || Date.now()
  const namespace = textAt(raw, 'metadata', 'namespace') ?? ''
  const name = textAt(raw, 'metadata', 'name') ?? ''
  const uid = textAt(raw, 'metadata', 'uid') ?? ''
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`

  const status = () => {
    const gates = listAt(raw, 'spec', 'readinessGates').map((gate) => textAt(gate, 'conditionType') ?? '')
    const generation = numberAt(raw, 'metadata', 'generation')
    return podStatus({ generation, conditions: conditionsIn(raw), containers, hostIP: options.hostIP, podIP, startedAt, finished, gates }, Date.now())
  }
  const writer = createWriter(gone.signal, async () => {
    const body = { metadata: { uid }, status: status() }
    accept(await api.write({ method: 'PATCH', patch: 'strategic', path: `${path}/status`, body }))
  })
  const accept = (newer: RawObject) => {
    if (version(newer) >= version(raw)) raw = newer
  }
  const context: PodContext = {
    api, clock, namespace, name, uid, spec,
    signal: gone.signal,
    stopping: deleting.signal,
    over: AbortSignal.any([gone.signal, deleting.signal]),
    images: options.images,
    podIP: () => podIP,
    changed: writer.write,
    logged: (container) => options.logs.changed(namespace, name, container),
    event: (about, type, reason, message) =>
      recorder.record({ kind: 'Pod', ...raw }, {
        type, reason, message,
        ...(about === undefined ? {} : { fieldPath: `spec.${about.init ? 'initContainers' : 'containers'}{${about.name}}` }),
      }),
  }
  const update = (newer: RawObject) => {
    accept(newer)
    if (textAt(newer, 'metadata', 'deletionTimestamp') !== undefined) deleting.abort()
    // Somebody else (the node lifecycle controller) took the pod for unready while this node was thought lost.
    else if (readyIn(newer) === 'False' && !finished && containers.every((one) => one.init || one.ready)) writer.write()
  }
  const live = async () => {
    writer.write()
    if (!finished) {
      await clock.sleep(podIP === '' ? networkSeconds : 0, context.over)
      if (podIP === '') podIP = options.giveAddress()
      if (await mounted(context)) await runContainers(context, containers)
      if (gone.signal.aborted) return
      finished = containers.every((one) => one.state.kind === 'terminated')
      writer.write()
    }
    while (!context.over.aborted) await pause(86_400_000, context.over)
    if (gone.signal.aborted) return
    await writer.settled()
    await remove(api, path, uid, gone.signal)
  }
  if (textAt(raw, 'metadata', 'deletionTimestamp') !== undefined) deleting.abort()
  const ended = live().catch((error: unknown) => context.event(undefined, 'Warning', 'FailedSync', `error: ${String(error)}`))
  void ended
  return { uid, containers, update, drop: () => gone.abort() }
}

async function mounted(context: PodContext): Promise<boolean> {
  while (!context.over.aborted) {
    const missing = await missingVolume(context.api, context.namespace, context.spec).catch(() => undefined)
    if (missing === undefined) return true
    context.event(undefined, 'Warning', 'FailedMount', missing)
    await context.clock.sleep(mountRetrySeconds, context.over)
  }
  return false
}

/** Init containers one after the other, those that stay (sidecars) in the background, then the others together. */
async function runContainers(context: PodContext, containers: readonly Container[]): Promise<void> {
  const background: Promise<void>[] = []
  for (const spec of context.spec.initContainers) {
    const container = containers.find((one) => one.init && one.name === spec.name)
    if (container === undefined || (container.state.kind === 'terminated' && container.state.exitCode === 0)) continue
    const kept = keepContainer(context, spec, container)
    if (spec.restartPolicy === 'Always') background.push(kept)
    else await kept
    if (context.over.aborted || (container.state.kind === 'terminated' && container.state.exitCode !== 0)) break
  }
  const ready = containers.every((one) => !one.init || one.state.kind !== 'waiting')
  const failed = containers.some((one) => one.init && one.state.kind === 'terminated' && one.state.exitCode !== 0)
  if (ready && !failed && !context.over.aborted) await runApps(context, context.spec, containers)
  await Promise.all(background)
}

async function runApps(context: PodContext, spec: PodSpec, containers: readonly Container[]): Promise<void> {
  const pairs = spec.containers.flatMap((one): [ContainerSpec, Container][] => {
    const container = containers.find((other) => !other.init && other.name === one.name)
    return container === undefined ? [] : [[one, container]]
  })
  await Promise.all(pairs.map(([one, container]) => keepContainer(context, one, container)))
}

/** Writes one after another, always the newest; changes that come while one is on its way are written together. */
function createWriter(signal: AbortSignal, send: () => Promise<void>) {
  let wanted = false
  let last: Promise<void> = Promise.resolve()
  const once = async (): Promise<void> => {
    wanted = false
    if (signal.aborted) return
    try {
      await send()
    } catch (error) {
      // Gone, or another pod of the same name: nothing is left to tell.
      if (hasStatus(error, 404, 409, 422)) return
      await pause(500, signal)
      write()
    }
  }
  const write = (): void => {
    if (wanted || signal.aborted) return
    wanted = true
    last = last.then(once)
  }
  const settled = async (): Promise<void> => {
    for (let seen: Promise<void> | undefined; seen !== last; ) {
      seen = last
      await seen
    }
  }
  return { write, settled }
}

async function remove(api: Api, path: string, uid: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await api.write({ method: 'DELETE', path, body: { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0, preconditions: { uid } } })
      return
    } catch (error) {
      if (hasStatus(error, 404, 409)) return
      await pause(1_000, signal)
    }
  }
}

function readyIn(pod: RawObject): string | undefined {
  return textAt(conditionsIn(pod).find((one) => textAt(one, 'type') === 'Ready'), 'status')
}

function version(object: RawObject): number {
  return Number(textAt(object, 'metadata', 'resourceVersion') ?? 0)
}
