import { clean } from '../../services/kubernetes/pods/pod-reasons.ts'
import type { Told } from './evidence.ts'
import { fallLimit, firstReadyLimit } from './patience.ts'
import { exitsOf, type PodFacts } from './pod-facts.ts'
import type { Sight, Signal } from './types.ts'
import type { PodSeen, ReleaseView } from './view.ts'

/**
 * What a pod says about its release. `suspect`: perhaps it fails, time will tell (`again`: when to look, in seconds; absent: its
 * next change tells). `proved`: it fails by its own fault; `alone`: this one pod is enough, whatever the others do.
 */
export type Finding =
  | { readonly kind: 'fine' }
  | { readonly kind: 'outside' }
  | { readonly kind: 'suspect'; readonly failing: boolean; readonly again?: number }
  | { readonly kind: 'proved'; readonly alone: boolean; readonly sight: Sight }

type ContainerFacts = PodFacts['containers'][number]

/** Words of a pull that failed on its way to the registry, not for the image's sake. */
const registryAway =
  /i\/o timeout|timed? ?out|deadline exceeded|connection re(fused|set)|no such host|unreachable|EOF|TLS handshake|too ?many ?requests|rate limit|\b(429|50[0234])\b/i

/** @param now seconds of the monotonic clock. Pure. */
export function judgePod(seen: PodSeen, view: ReleaseView, now: number): Finding {
  const { pod, state, evidence } = seen
  if (state === 'leaving') return { kind: 'fine' }
  if (state === 'outside' || seen.nodeUnwell) return { kind: 'outside' }
  const waited = now - seen.since
  if (state === 'invalid_image') return proved(seen, 'invalid_image', true)
  if (state === 'image_pull') return judgePull(seen, view, waited)
  if (state === 'config_error') return proved(seen, 'config_error', true)
  const exits = exitsOf(pod)
  const kill = evidence.liveness_kill ?? evidence.startup_kill
  if (kill !== undefined) {
    const signal = evidence.liveness_kill === undefined ? 'startup_failed' : 'liveness_failed'
    return told(seen, signal, kill, 'Killing', !view.complete || kill.count >= 2 || exits >= 2)
  }
  if (exits >= 2) return proved(seen, endOf(pod)?.reason === 'OOMKilled' ? 'out_of_memory' : 'crash_loop', true)
  if (state === 'ended') return { kind: 'suspect', failing: true }
  if (state === 'fell' || state === 'unready') {
    const limit = state === 'fell' ? fallLimit(seen, view) : firstReadyLimit(seen, view)
    if (waited < limit) return { kind: 'suspect', failing: state === 'fell' || exits > 0, again: limit - waited }
    const words = evidence.unready ?? evidence.refused ?? silent(state)
    return told(seen, 'readiness_failed', words, 'Unhealthy', !view.complete)
  }
  if (state === 'pending' && (evidence.no_mount?.count ?? 0) >= 3) return judgeMount(seen, waited)
  if (state === 'pending' || state === 'unstarted') return { kind: 'suspect', failing: false }
  return { kind: 'fine' }
}

/** A pull may fail once, and a registry that is away may come back. Where siblings run the image, it is not the release's fault. */
function judgePull(seen: PodSeen, view: ReleaseView, waited: number): Finding {
  const isThere = view.pods.some((one) => one !== seen && one.pod.startedAt > 0)
  if (isThere) return { kind: 'outside' }
  const container = waiting(seen.pod)
  const limit = registryAway.test(container?.message ?? '') ? 30 : container?.reason === 'ErrImagePull' ? 5 : 0
  if (waited < limit) return { kind: 'suspect', failing: true, again: limit - waited }
  return proved(seen, 'image_pull', true)
}

/** A volume whose ConfigMap or Secret is missing: it may still be on its way, a moment after the template. */
function judgeMount(seen: PodSeen, waited: number): Finding {
  if (waited < 10 || seen.evidence.no_mount === undefined)
    return { kind: 'suspect', failing: false, again: 10 - waited }
  return told(seen, 'config_error', seen.evidence.no_mount, 'FailedMount', true)
}

function proved(seen: PodSeen, signal: Signal, alone: boolean): Finding {
  const { pod } = seen
  const end = endOf(pod)
  const container = waiting(pod) ?? worst(pod)
  const isLoop = signal === 'crash_loop' || signal === 'out_of_memory'
  return {
    kind: 'proved',
    alone,
    sight: {
      signal,
      pod: pod.name,
      ...(container === undefined ? {} : { container: container.name, restarts: container.restarts }),
      reason: (isLoop ? (container?.reason ?? end?.reason) : container?.reason) ?? 'Error',
      message: clean(isLoop ? (end?.message ?? end?.reason) : container?.message),
      ...(end?.exitCode === undefined ? {} : { exitCode: end.exitCode }),
      at: (isLoop ? end?.finishedAt : undefined) ?? new Date(pod.changedAt * 1000).toISOString(),
    },
  }
}

function told(seen: PodSeen, signal: Signal, words: Told, reason: string, alone: boolean): Finding {
  const restarts = Math.max(0, ...seen.pod.containers.map((one) => one.restarts))
  return {
    kind: 'proved',
    alone,
    sight: {
      signal,
      pod: seen.pod.name,
      ...(words.container === undefined ? {} : { container: words.container }),
      reason,
      message: clean(words.message),
      restarts,
      at: words.at === '' ? new Date(seen.pod.changedAt * 1000).toISOString() : words.at,
    },
  }
}

function silent(state: 'fell' | 'unready'): Told {
  const message = state === 'fell' ? 'it was ready and is not ready any more' : 'it runs and has never been ready'
  return { count: 0, message, container: undefined, at: '' }
}

function waiting(pod: PodFacts): ContainerFacts | undefined {
  return pod.containers.find(
    (one) => one.state === 'waiting' && one.reason !== 'PodInitializing' && one.reason !== 'ContainerCreating',
  )
}

/** The container that ended most often. */
function worst(pod: PodFacts): ContainerFacts | undefined {
  return pod.containers.reduce<ContainerFacts | undefined>(
    (most, one) => (most === undefined || one.restarts > most.restarts ? one : most),
    undefined,
  )
}

function endOf(
  pod: PodFacts,
):
  | (Pick<ContainerFacts, 'reason' | 'message' | 'exitCode'> & { readonly finishedAt?: string | undefined })
  | undefined {
  const ended = pod.containers.find((one) => one.state === 'terminated' && !(one.init && one.exitCode === 0))
  return ended?.last === undefined && ended !== undefined ? ended : (ended ?? worst(pod)?.last)
}
