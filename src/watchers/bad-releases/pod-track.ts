import { type PodFacts, type PodState, stateOf } from './pod-facts.ts'

/** A pod, and since when it stands as it does, in seconds of the monotonic clock. */
export type PodTrack = {
  readonly uid: string
  readonly pod: PodFacts
  readonly state: PodState
  readonly since: number
  /** Its present containers have been seen ready. */
  readonly wasReady: boolean
}

/**
 * The track after the pod was seen once more. Pure.
 * @param age for how long, in seconds, a pod that is seen for the first time has stood so by the API's own times
 */
export function trackPod(pod: PodFacts, before: PodTrack | undefined, now: number, age = 0): PodTrack {
  const same = before !== undefined && isSameInstance(pod, before.pod)
  const state = stateOf(pod, same && before.wasReady)
  const wasReady = state === 'ready' || (same && before.wasReady)
  // Pulling goes on through several instances of nothing: its time is not reset by them.
  const goesOn = before?.state === state && (same || state === 'image_pull')
  return { uid: pod.uid, pod, state, since: goesOn ? before.since : now - age, wasReady }
}

function isSameInstance(a: PodFacts, b: PodFacts): boolean {
  if (a.startedAt !== b.startedAt || a.containers.length !== b.containers.length) return false
  return a.containers.every((one, index) => one.restarts === b.containers[index]?.restarts)
}
