import type { Api } from './api.ts'
import type { Clock } from './clock.ts'
import type { Container } from './container-state.ts'
import type { PodSpec } from './pod-spec.ts'

/** What the tasks of one pod share. */
export type PodContext = {
  readonly api: Api
  readonly clock: Clock
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly spec: PodSpec
  /** The kubelet or the pod is gone: end at once and write nothing. */
  readonly signal: AbortSignal
  /** The pod is being deleted: end in good order. */
  readonly stopping: AbortSignal
  /** Either of the two. */
  readonly over: AbortSignal
  /** Its processes are stuck: no probe is answered any more. */
  readonly hanging: AbortSignal
  /** What the node has pulled already. */
  readonly images: Set<string>
  podIP(): string
  /** The status must be written. */
  changed(): void
  /** A container wrote to its log, or began a new one. */
  logged(container: Container): void
  event(about: Container | undefined, type: 'Normal' | 'Warning', reason: string, message: string): void
}
