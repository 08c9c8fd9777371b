import { hasStatus } from '../../src/services/kubernetes/api/errors.ts'
import { type RawObject, textAt } from '../../src/services/kubernetes/api/json.ts'
import { pause } from '../../src/services/kubernetes/api/pause.ts'
import type { Api } from './api.ts'
import type { Container } from './container-state.ts'
import type { PodContext } from './pod-context.ts'
import type { PodOptions } from './pod-options.ts'
import { openRecord, type PodRecord } from './pod-record.ts'
import { readPodSpec } from './pod-spec.ts'
import { mounted, runContainers } from './run-pod.ts'

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

/** A pod marked so stops answering its probes, as if its processes were stuck; a new pod works. */
export const hangAnnotation = 'sandbox.rescue/hangs'

const networkSeconds = 0.3

/** Takes care of one pod of this node, from its assignment to its deletion. */
export function startPod(options: PodOptions): Pod {
  const { raw } = options
  const gone = new AbortController()
  const deleting = new AbortController()
  const hanging = new AbortController()
  const spec = readPodSpec(raw['spec'])
  const record = openRecord(options, spec, gone.signal)
  const context = contextOf(options, record, {
    spec,
    gone: gone.signal,
    deleting: deleting.signal,
    hanging: hanging.signal,
  })
  const update = (newer: RawObject): void => {
    record.accept(newer)
    if (textAt(newer, 'metadata', 'annotations', hangAnnotation) === 'true') hanging.abort()
    if (textAt(newer, 'metadata', 'deletionTimestamp') !== undefined) deleting.abort()
    else record.correct(newer)
  }
  update(raw)
  live(context, record, options.giveAddress).catch((error: unknown) =>
    context.event(undefined, 'Warning', 'FailedSync', `error: ${String(error)}`),
  )
  const { uid, containers } = record
  return { uid, containers, address: record.podIP, update, drop: () => gone.abort() }
}

/** Network, volumes, containers; then it waits for its deletion, tells how all ended, and removes the object. */
async function live(context: PodContext, record: PodRecord, giveAddress: () => string): Promise<void> {
  const { over, signal } = context
  record.changed()
  if (!record.finished()) {
    await context.clock.sleep(record.podIP() === '' ? networkSeconds : 0, over)
    if (record.podIP() === '') record.setAddress(giveAddress())
    if (await mounted(context)) await runContainers(context, record.containers)
    if (signal.aborted) return
    record.finish()
  }
  while (!over.aborted) await pause(86_400_000, over)
  if (signal.aborted) return
  await record.settled()
  await remove(context.api, record, signal)
}

type Signals = {
  readonly spec: PodContext['spec']
  readonly gone: AbortSignal
  readonly deleting: AbortSignal
  readonly hanging: AbortSignal
}

function contextOf(options: PodOptions, record: PodRecord, { spec, gone, deleting, hanging }: Signals): PodContext {
  const { api, clock, images, logs, recorder } = options
  const { namespace, name, uid } = record
  return {
    api,
    clock,
    namespace,
    name,
    uid,
    spec,
    images,
    hanging,
    signal: gone,
    stopping: deleting,
    over: AbortSignal.any([gone, deleting]),
    podIP: record.podIP,
    changed: record.changed,
    logged: (container) => logs.changed(namespace, name, container),
    event: (about, type, reason, message) => {
      const list = about?.init === true ? 'initContainers' : 'containers'
      const place = about === undefined ? {} : { fieldPath: `spec.${list}{${about.name}}` }
      recorder.record(record.object(), { type, reason, message, ...place })
    },
  }
}

async function remove(api: Api, { path, uid }: PodRecord, signal: AbortSignal): Promise<void> {
  const body = { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0, preconditions: { uid } }
  while (!signal.aborted) {
    try {
      await api.write({ method: 'DELETE', path, body })
      return
    } catch (error) {
      if (hasStatus(error, 404, 409)) return
      await pause(1_000, signal)
    }
  }
}
