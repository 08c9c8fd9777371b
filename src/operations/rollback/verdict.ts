import { configReasons, imageReasons } from '../../services/kubernetes/pods/pod-reasons.ts'
import { livePods } from '../../services/kubernetes/pods/pods.ts'
import type { ContainerView, PodView } from '../../services/kubernetes/watch/projections.ts'
import { conditionOf } from '../../services/kubernetes/workload/rollout-status.ts'
import type { Workload } from '../../services/kubernetes/workload/workload.ts'

/** What no waiting cures, and since when it was seen; kept by the caller from look to look. */
export type Watched = Map<string, { readonly reason: string; readonly since: number }>

export type Hopeless = { readonly reason: string; readonly message: string }

type Look = {
  readonly workload: Workload
  readonly pods: readonly PodView[]
  readonly targetHash: string
  /** Server time of our write, ISO. */
  readonly since: string
  readonly nowMs: number
  readonly graceMs: number
}

/** Reasons that are final at first sight: the name itself is wrong. */
const finalReasons = ['InvalidImageName', 'ErrImageNeverPull']

/**
 * Does the revision that was put back fail by itself? Known long before the time limit: its pods end again and again, or
 * their image or configuration is missing. Changes `watched`; else pure.
 */
export function hopelessness(look: Look, watched: Watched): Hopeless | undefined {
  const pods = livePods(look.pods).filter((pod) => pod.podHash === look.targetHash)
  const anyReady = pods.some((pod) => pod.ready)
  const seen = new Set<string>()
  let found: Hopeless | undefined
  for (const pod of pods)
    for (const container of pod.containers) {
      const reason = stuckReason(container, look.since, anyReady ? 4 : 2)
      if (reason === undefined) continue
      const key = `${pod.uid}/${container.name}`
      seen.add(key)
      const since = remember(watched, key, reason, look.nowMs)
      const patience = reason === 'CrashLoopBackOff' || finalReasons.includes(reason) ? 0 : look.graceMs
      if (look.nowMs - since >= patience) found ??= { reason, message: container.message ?? '' }
    }
  found ??= cannotCreate(look, watched, seen)
  for (const key of watched.keys()) if (!seen.has(key)) watched.delete(key)
  return found
}

/** A crash counts only after our write: the old pods of a reused ReplicaSet may have restarted days ago. */
function stuckReason(container: ContainerView, since: string, enoughRestarts: number): string | undefined {
  if (container.state !== 'waiting') return undefined
  const reason = container.reason ?? ''
  if (imageReasons.includes(reason)) return finalReasons.includes(reason) ? reason : 'ImagePullBackOff'
  if (configReasons.includes(reason)) return reason
  const crashed = reason === 'CrashLoopBackOff' && (container.last?.finishedAt ?? '') >= since
  return crashed && container.restarts >= enoughRestarts ? reason : undefined
}

/**
 * Pods cannot even be created: a quota, a webhook, an unknown service account. The Deployment keeps the failure of the
 * revision that we left until the controllers have scaled it down, so one that is older or names a pod of it says nothing.
 */
function cannotCreate(look: Look, watched: Watched, seen: Set<string>): Hopeless | undefined {
  const condition = conditionOf(look.workload.raw, 'ReplicaFailure')
  if (condition?.status !== 'True' || condition.updatedAt < look.since) return undefined
  const [, pod] = /^pods "([^"]+)"/.exec(condition.message) ?? []
  if (pod !== undefined && !pod.includes(`-${look.targetHash}-`)) return undefined
  seen.add('create')
  const since = remember(watched, 'create', condition.reason, look.nowMs)
  return look.nowMs - since >= look.graceMs ? { reason: condition.reason, message: condition.message } : undefined
}

function remember(watched: Watched, key: string, reason: string, nowMs: number): number {
  const known = watched.get(key)
  if (known?.reason === reason) return known.since
  watched.set(key, { reason, since: nowMs })
  return nowMs
}
