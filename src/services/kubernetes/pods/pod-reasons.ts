import type { ContainerView, PodView } from '../watch/projections.ts'
import type { EventView } from './events.ts'
import { redactText } from './redact.ts'
import type { PodTrouble } from './types.ts'

/** Reasons of `waiting` that no waiting cures. */
export const imageReasons = [
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]
export const configReasons = [
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
]

/** It will not become ready by itself. */
export function isBroken(container: ContainerView): boolean {
  if (container.state === 'waiting') {
    const reason = container.reason ?? ''
    return reason === 'CrashLoopBackOff' || imageReasons.includes(reason) || configReasons.includes(reason)
  }
  if (container.state === 'terminated') return !(container.init && container.exitCode === 0)
  // Running again after a crash, and not ready: it is in its loop, between two ends.
  return (
    container.state === 'running' &&
    !container.ready &&
    container.restarts > 0 &&
    container.last !== undefined &&
    !container.init
  )
}

export function describeBroken(
  container: ContainerView,
  pod: PodView,
): Pick<PodTrouble, 'reason' | 'message' | 'container' | 'exitCode'> {
  const end = container.state === 'terminated' ? container : container.last
  const reason = container.state === 'running' ? (container.last?.reason ?? 'Error') : (container.reason ?? 'Error')
  const name = pod.containers.length > 1 ? container.name : undefined
  const why =
    container.reason === 'CrashLoopBackOff' || container.state !== 'waiting'
      ? (end?.message ?? end?.reason)
      : container.message
  return { reason, message: clean(why ?? container.message), container: name, exitCode: end?.exitCode }
}

/** Not ready yet, and nothing wrong so far. */
export function describeStarting(
  pod: PodView,
  events: readonly EventView[],
): Pick<PodTrouble, 'state' | 'reason' | 'message'> {
  const unhealthy = events.findLast((event) => event.reason === 'Unhealthy' && !event.message.includes('probe errored'))
  if (pod.containers.some((container) => container.state === 'running' && !container.ready && !container.init)) {
    if (unhealthy !== undefined) return { state: 'starting', reason: 'Unhealthy', message: clean(unhealthy.message) }
    return { state: 'starting', reason: 'NotReady', message: '' }
  }
  const pulling = events.at(-1)
  if (pulling?.reason === 'Pulling') return { state: 'starting', reason: 'Pulling', message: clean(pulling.message) }
  const init = pod.containers.find((container) => container.init && container.state === 'running')
  if (init !== undefined) return { state: 'starting', reason: 'Initializing', message: init.name }
  const waiting = pod.containers.find((container) => container.state === 'waiting' && container.reason !== undefined)
  return { state: 'starting', reason: waiting?.reason ?? 'Pending', message: clean(waiting?.message) }
}

/** One line, without secrets. */
export function clean(text: string | undefined): string {
  return redactText((text ?? '').replace(/\s+/g, ' ').trim()).slice(0, 300)
}
