import { hasStatus } from '../../src/services/kubernetes/errors.ts'
import { listAt, numberAt, type RawObject, textAt } from '../../src/services/kubernetes/json.ts'
import { pause } from '../../src/services/kubernetes/pause.ts'
import type { Api } from './api.ts'
import type { Clock } from './clock.ts'
import type { Container } from './container-state.ts'
import type { Recorder } from './events.ts'
import type { LogHandover } from './log-handover.ts'
import type { PodContext } from './pod-context.ts'
import { readPodSpec } from './pod-spec.ts'
import { restoreContainers } from './restore.ts'
import { mounted, runContainers } from './run-pod.ts'
import { conditionsIn, podStatus } from './status.ts'
import { createStatusWriter } from './status-writer.ts'

export type Pod = {
  readonly uid: string
  readonly containers: readonly Container[]
  /** Its IP; empty before it has one. */
  address(): string
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

/** A pod marked so stops answering its probes, as if its processes were stuck; a new pod works. */
export const hangAnnotation = 'sandbox.rescue/hangs'

const networkSeconds = 0.3

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
  const hanging = new AbortController()
  const startedAt = Date.parse(textAt(raw, 'status', 'startTime') ?? '') || Date.now()
  const namespace = textAt(raw, 'metadata', 'namespace') ?? ''
  const name = textAt(raw, 'metadata', 'name') ?? ''
  const uid = textAt(raw, 'metadata', 'uid') ?? ''
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`

  const status = () => {
    const gates = listAt(raw, 'spec', 'readinessGates').map((gate) => textAt(gate, 'conditionType') ?? '')
    const generation = numberAt(raw, 'metadata', 'generation')
    return podStatus(
      {
        generation,
        conditions: conditionsIn(raw),
        containers,
        hostIP: options.hostIP,
        podIP,
        startedAt,
        finished,
        gates,
      },
      Date.now(),
    )
  }
  const writer = createStatusWriter(gone.signal, async () => {
    const body = { metadata: { uid }, status: status() }
    accept(await api.write({ method: 'PATCH', patch: 'strategic', path: `${path}/status`, body }))
  })
  const accept = (newer: RawObject) => {
    if (version(newer) >= version(raw)) raw = newer
  }
  const context: PodContext = {
    api,
    clock,
    namespace,
    name,
    uid,
    spec,
    signal: gone.signal,
    stopping: deleting.signal,
    over: AbortSignal.any([gone.signal, deleting.signal]),
    hanging: hanging.signal,
    images: options.images,
    podIP: () => podIP,
    changed: writer.write,
    logged: (container) => options.logs.changed(namespace, name, container),
    event: (about, type, reason, message) =>
      recorder.record(
        { kind: 'Pod', ...raw },
        {
          type,
          reason,
          message,
          ...(about === undefined
            ? {}
            : { fieldPath: `spec.${about.init ? 'initContainers' : 'containers'}{${about.name}}` }),
        },
      ),
  }
  const update = (newer: RawObject) => {
    accept(newer)
    if (textAt(newer, 'metadata', 'annotations', hangAnnotation) === 'true') hanging.abort()
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
  update(raw)
  live().catch((error: unknown) => context.event(undefined, 'Warning', 'FailedSync', `error: ${String(error)}`))
  return { uid, containers, address: () => podIP, update, drop: () => gone.abort() }
}

async function remove(api: Api, path: string, uid: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await api.write({
        method: 'DELETE',
        path,
        body: { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0, preconditions: { uid } },
      })
      return
    } catch (error) {
      if (hasStatus(error, 404, 409)) return
      await pause(1_000, signal)
    }
  }
}

function readyIn(pod: RawObject): string | undefined {
  return textAt(
    conditionsIn(pod).find((one) => textAt(one, 'type') === 'Ready'),
    'status',
  )
}

function version(object: RawObject): number {
  return Number(textAt(object, 'metadata', 'resourceVersion') ?? 0)
}
