import { clean } from '../../services/kubernetes/pods/pod-reasons.ts'
import { type Finding, judgePod } from './judge-pod.ts'
import type { Sight, Signal } from './types.ts'
import type { ReleaseView } from './view.ts'

/**
 * `watching`: nothing is proved; `again`: look once more after so many seconds, if nothing changes before. `old_failing_too`: going
 * back cannot help. `over`: the window after the release has passed.
 */
export type Verdict =
  | { readonly kind: 'healthy' | 'over' }
  | { readonly kind: 'watching' | 'node_fault'; readonly again?: number }
  | { readonly kind: 'bad' | 'old_failing_too'; readonly signal: Signal; readonly sights: readonly Sight[] }

/** The most telling first: what will not heal by waiting before what might. */
const order: readonly Signal[] = [
  'invalid_image',
  'image_pull',
  'config_error',
  'out_of_memory',
  'liveness_failed',
  'startup_failed',
  'crash_loop',
  'readiness_failed',
  'quota',
  'unavailable_after_release',
  'deadline_exceeded',
]

/** A pod that cannot be made may be a matter of moments: others make room. Seconds. */
const refusalLimit = 10
/** Availability that is back after a moment was not lost. Seconds. */
const unavailableLimit = 1.5
const mostSights = 10

/** @param now seconds of the monotonic clock. Pure: the same view and moment give the same verdict. */
export function judge(view: ReleaseView, now: number): Verdict {
  if (isOver(view, now)) return { kind: 'over' }
  const findings = view.pods.map((seen) => judgePod(seen, view, now))
  const proved = findings.flatMap((one) => (one.kind === 'proved' ? [one] : []))
  const ofWorkload = workloadSights(view, findings, now)
  const isProved = proved.some((one) => one.alone) || proved.length >= quorum(view.workload.desired)
  const sights = [...(isProved ? proved.map((one) => one.sight) : []), ...ofWorkload].sort(
    (a, b) => order.indexOf(a.signal) - order.indexOf(b.signal) || ((a.pod ?? '') < (b.pod ?? '') ? -1 : 1),
  )
  const [first] = sights
  if (first !== undefined) {
    const kind = oldFails(view, now) ? 'old_failing_too' : 'bad'
    return { kind, signal: first.signal, sights: sights.slice(0, mostSights) }
  }
  return unproved(view, findings, now)
}

/** A rollout that is not complete is watched until its own deadline has passed. */
function isOver({ workload, releasedAt, windowSeconds, complete }: ReleaseView, now: number): boolean {
  const age = now - releasedAt
  return age > windowSeconds && (complete || age > workload.deadlineSeconds + 60)
}

/** After the rollout one pod's misfortune is no bad release; a tenth of many pods is. */
function quorum(desired: number): number {
  return desired <= 1 ? 1 : Math.max(2, Math.ceil(desired / 10))
}

function workloadSights(view: ReleaseView, findings: readonly Finding[], now: number): Sight[] {
  const { workload, evidence } = view
  const { progressing, available, failure } = workload.conditions
  const needed = quorum(workload.desired)
  // Where one pod is all there is, its first misfortune must prove itself.
  const failing = findings.filter((one) => one.kind === 'proved' || (needed > 1 && isFailing(one))).length
  const sights: Sight[] = []
  if (isLong(view.refusedSince, refusalLimit, now) && !view.complete)
    sights.push({
      signal: 'quota',
      reason: failure?.reason ?? 'FailedCreate',
      message: clean(failure?.message ?? evidence.no_pod?.message),
      at: failure?.updatedAt ?? evidence.no_pod?.at ?? '',
    })
  if (view.complete && isLong(view.unavailableSince, unavailableLimit, now) && failing >= needed)
    sights.push({
      signal: 'unavailable_after_release',
      reason: available?.reason ?? 'Unavailable',
      message: clean(available?.message ?? `${workload.available} of ${workload.desired} pods are available`),
      at: available?.updatedAt ?? '',
    })
  const onlyNodes = findings.some((one) => one.kind === 'outside') && failing === 0
  if (view.deadlineExceeded && progressing !== undefined && !(onlyNodes && hasUnwellNode(view)))
    sights.push({
      signal: 'deadline_exceeded',
      reason: progressing.reason,
      message: clean(progressing.message),
      at: progressing.updatedAt,
    })
  return sights
}

function isFailing(finding: Finding): boolean {
  return finding.kind === 'suspect' && finding.failing
}

function isLong(since: number | undefined, limit: number, now: number): boolean {
  return since !== undefined && now - since >= limit
}

/** Without one, pods that have no place ask for more than there is: that is the release's own doing. */
function hasUnwellNode(view: ReleaseView): boolean {
  return view.pods.some(
    ({ pod, nodeUnwell }) =>
      nodeUnwell ||
      pod.disruption !== undefined ||
      pod.phase === 'Failed' ||
      /unschedulable|node\.kubernetes\.io\//.test(pod.unschedulable ?? ''),
  )
}

/** Half of the old pods, or more, fail by their own fault. Those on their way out and those whose node fails do not count. */
function oldFails(view: ReleaseView, now: number): boolean {
  const old = view.oldPods
    .filter((seen) => seen.state !== 'leaving')
    .map((seen): Finding => (seen.state === 'ready' ? { kind: 'fine' } : judgePod(seen, view, now)))
    .filter((finding) => finding.kind !== 'outside')
  const failing = old.filter((one) => one.kind === 'proved' || isFailing(one))
  return failing.length > 0 && failing.length * 2 >= old.length
}

function unproved(view: ReleaseView, findings: readonly Finding[], now: number): Verdict {
  const waits = [
    ...findings.flatMap((one) => (one.kind === 'suspect' && one.again !== undefined ? [one.again] : [])),
    ...(view.refusedSince === undefined ? [] : [view.refusedSince + refusalLimit - now]),
    ...(view.unavailableSince === undefined ? [] : [view.unavailableSince + unavailableLimit - now]),
  ].filter((wait) => wait > 0)
  const again = waits.length === 0 ? {} : { again: Math.min(...waits) }
  const suspects = findings.some((one) => one.kind === 'suspect' || one.kind === 'proved')
  if (findings.some((one) => one.kind === 'outside') && !suspects) return { kind: 'node_fault', ...again }
  return view.complete && !suspects ? { kind: 'healthy' } : { kind: 'watching', ...again }
}
