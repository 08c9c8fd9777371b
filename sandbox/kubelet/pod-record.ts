import { listAt, numberAt, type RawObject, textAt } from '../../src/services/kubernetes/api/json.ts'
import type { Container } from './container-state.ts'

import type { PodOptions } from './pod-options.ts'
import type { PodSpec } from './pod-spec.ts'
import { restoreContainers } from './restore.ts'
import { conditionsIn, podStatus } from './status.ts'
import { createStatusWriter } from './status-writer.ts'

/** What the kubelet knows of a pod, and the writing of its status. */
export type PodRecord = {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly path: string
  readonly containers: readonly Container[]
  object(): RawObject
  podIP(): string
  setAddress(podIP: string): void
  /** The object from the API, unless a newer one is known. */
  accept(raw: RawObject): void
  /** Writes the status again when somebody else took the pod for unready (its node was thought lost). */
  correct(raw: RawObject): void
  changed(): void
  finished(): boolean
  /** No container comes back. */
  finish(): void
  settled(): Promise<void>
}

export function openRecord(options: PodOptions, spec: PodSpec, gone: AbortSignal): PodRecord {
  const { api, recorder, hostIP, rebooted } = options
  let raw = options.raw
  let podIP = rebooted ? '' : (textAt(raw, 'status', 'podIP') ?? '')
  let finished = ['Succeeded', 'Failed'].includes(textAt(raw, 'status', 'phase') ?? '')
  const containers = restoreContainers(spec, raw, rebooted)
  const startedAt = Date.parse(textAt(raw, 'status', 'startTime') ?? '') || Date.now()
  const text = (name: string) => textAt(raw, 'metadata', name) ?? ''
  const [namespace, name, uid] = [text('namespace'), text('name'), text('uid')]
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`
  const object = (): RawObject => ({ kind: 'Pod', ...raw })
  const accept = (newer: RawObject): void => {
    if (version(newer) >= version(raw)) raw = newer
  }
  const status = (): RawObject => {
    const facts = {
      generation: numberAt(raw, 'metadata', 'generation'),
      conditions: conditionsIn(raw),
      gates: listAt(raw, 'spec', 'readinessGates').map((gate) => textAt(gate, 'conditionType') ?? ''),
      podIPBefore: textAt(raw, 'status', 'podIP') ?? '',
    }
    return podStatus({ ...facts, containers, hostIP, podIP, startedAt, finished }, Date.now())
  }
  const send = async (): Promise<void> => {
    const body = { metadata: { uid }, status: status() }
    accept(await api.write({ method: 'PATCH', patch: 'strategic', path: `${path}/status`, body }))
  }
  const refused = (message: string): void =>
    recorder.record(object(), { type: 'Warning', reason: 'FailedSync', message: `error: ${message}` })
  const writer = createStatusWriter(gone, send, refused)
  return {
    namespace,
    name,
    uid,
    path,
    containers,
    object,
    podIP: () => podIP,
    setAddress: (address) => {
      podIP = address
    },
    accept,
    correct: (newer) => {
      const ready = containers.every((one) => one.init || one.ready)
      if (readyIn(newer) === 'False' && ready && !finished) writer.write()
    },
    changed: writer.write,
    finished: () => finished,
    finish: () => {
      finished = containers.every((one) => one.state.kind === 'terminated')
      writer.write()
    },
    settled: writer.settled,
  }
}

function readyIn(pod: RawObject): string | undefined {
  const ready = conditionsIn(pod).find((one) => textAt(one, 'type') === 'Ready')
  return textAt(ready, 'status')
}

function version(object: RawObject): number {
  return Number(textAt(object, 'metadata', 'resourceVersion') ?? 0)
}
