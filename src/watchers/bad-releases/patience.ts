import { startSeconds } from './pod-facts.ts'
import type { PodSeen, ReleaseView } from './view.ts'

/** The longest that a start may take when nothing else is known (the limit of a startup probe by PortTrack's own rules), in seconds. */
const startLimit = 40
/** The same for a pod that answers, and answers badly, each time that it is asked. */
const answeringLimit = 30
/** Without a word from events the status alone is given more time: they are lost when a source sends many. */
const withoutEvents = 10

/**
 * For how long a pod that has never been ready may stay so, in seconds from the start of its containers (from the end of its startup
 * probe, when there is one). What other pods took is the best measure of a slow start: those of the version before and its own siblings.
 */
export function firstReadyLimit(seen: PodSeen, view: ReleaseView): number {
  const { hasStartup, firstChecks } = view.workload.probes
  const checked = (seen.evidence.unready?.count ?? 0) + (seen.evidence.refused?.count ?? 0)
  const answers = (seen.evidence.unready?.count ?? 0) >= 3
  const least = hasStartup ? 0 : answers ? answeringLimit : startLimit
  const siblings = slowest(view.pods)
  const own = Math.max(firstChecks, least, 2 * slowest(view.oldPods), 3 * siblings)
  // A ready sibling says that this version can start: one that does not is given twice the time.
  return (
    (siblings > 0 || view.pods.some((one) => one.state === 'ready') ? 2 * own : own) +
    (checked >= 3 ? 0 : withoutEvents)
  )
}

/** For how long a pod may stay unready that was ready before, in seconds from its fall. */
export function fallLimit(seen: PodSeen, view: ReleaseView): number {
  const told = (seen.evidence.unready?.count ?? 0) + (seen.evidence.refused?.count ?? 0) > 0
  return view.workload.probes.afterFall + (told ? 0 : withoutEvents)
}

function slowest(pods: readonly PodSeen[]): number {
  return Math.max(0, ...pods.map(({ pod }) => startSeconds(pod) ?? 0))
}
