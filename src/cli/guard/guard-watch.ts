import { workloadOfApp } from '../../catalog/workloads.ts'
import { checkHealth, type HealthResult } from '../../services/http/health.ts'
import { KubernetesError } from '../../services/kubernetes/api/errors.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { livePods, readPods, troublesOf } from '../../services/kubernetes/pods/pods.ts'
import type { PodTrouble } from '../../services/kubernetes/pods/types.ts'
import { type Revision, readRevisions } from '../../services/kubernetes/workload/revisions.ts'
import { type Counts, rolloutStatus } from '../../services/kubernetes/workload/rollout-status.ts'
import { readWorkload } from '../../services/kubernetes/workload/workload.ts'
import type { BadRelease } from '../../watchers/bad-releases/types.ts'
import { watchBadReleases } from '../../watchers/bad-releases/watch.ts'
import type { Session } from '../types.ts'

/** What was last seen of the release. */
export type Seen = {
  readonly revision: number | undefined
  readonly counts: Counts | undefined
  /** not_observed, updating, old_pods, unavailable, paused, on_delete, health, cluster_away; empty: it is rolled out. */
  readonly waitingFor: string
  readonly troubles: readonly PodTrouble[]
  readonly health: readonly HealthResult[]
  /** For so long more it has to stay healthy; only where it is rolled out. */
  readonly leftMs?: number
}

export type GuardEnd =
  | { readonly kind: 'healthy'; readonly seen: Seen }
  | { readonly kind: 'bad'; readonly seen: Seen; readonly release: BadRelease }
  /** Another revision has taken its place meanwhile. */
  | { readonly kind: 'replaced'; readonly seen: Seen; readonly by: number }
  | { readonly kind: 'timed_out'; readonly seen: Seen }
  | { readonly kind: 'cannot'; readonly seen: Seen; readonly reason: string; readonly message: string }
  | { readonly kind: 'left'; readonly seen: Seen }

export type GuardWatch = {
  readonly app: string
  readonly timeoutMs: number
  readonly settleMs: number
  tell(seen: Seen): void
}

/** A failure counts as the release's when it comes within this time after it, as for the bot. */
const windowSeconds = 3_600
const everyMs = 1_000

/**
 * Waits until the release that is there now proves healthy or bad. Bad is what the bot's own watcher judges so, on evidence;
 * healthy is a rollout that is complete, whose health checks pass, and that stays so for a while.
 */
export async function watchRelease(session: Session, watch: GuardWatch): Promise<GuardEnd> {
  const stop = new AbortController()
  let bad: BadRelease | undefined
  const judging = watchBadReleases(
    session.services,
    [{ app: watch.app, windowSeconds }],
    async (release) => {
      bad ??= release
    },
    stop.signal,
  )
  try {
    return await untilProved(session, watch, () => bad)
  } finally {
    stop.abort()
    await judging
  }
}

async function untilProved(
  session: Session,
  { app, timeoutMs, settleMs, tell }: GuardWatch,
  badNow: () => BadRelease | undefined,
): Promise<GuardEnd> {
  const began = performance.now()
  let seen: Seen = { revision: undefined, counts: undefined, waitingFor: 'not_observed', troubles: [], health: [] }
  let watched: Revision | undefined
  let wellSince: number | undefined
  for (;;) {
    if (session.io.interrupt.asked() !== undefined) return { kind: 'left', seen }
    const looked = await look(session, app)
    if (looked.kind === 'cannot') return { kind: 'cannot', seen, reason: looked.reason, message: looked.message }
    if (looked.kind === 'seen') {
      seen = looked.seen
      watched ??= looked.current
      if (watched !== undefined && looked.current !== undefined && looked.current.source !== watched.source)
        return { kind: 'replaced', seen: { ...seen, revision: watched.revision }, by: looked.current.revision }
    } else seen = { ...seen, waitingFor: 'cluster_away' }
    const release = badNow()
    if (release !== undefined && release.source === watched?.source) return { kind: 'bad', seen, release }
    const now = performance.now()
    wellSince = seen.waitingFor === '' && watched !== undefined ? (wellSince ?? now) : undefined
    const leftMs = wellSince === undefined ? undefined : Math.max(0, wellSince + settleMs - now)
    if (leftMs === 0) return { kind: 'healthy', seen }
    tell(leftMs === undefined ? seen : { ...seen, leftMs })
    if (now - began >= timeoutMs) return { kind: 'timed_out', seen }
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

type Looked =
  | { readonly kind: 'seen'; readonly seen: Seen; readonly current: Revision | undefined }
  | { readonly kind: 'away' }
  | { readonly kind: 'cannot'; readonly reason: string; readonly message: string }

const lasting: Readonly<Record<number, string>> = { 401: 'unauthorized', 403: 'forbidden', 404: 'not_found' }

async function look(session: Session, name: string): Promise<Looked> {
  const app = session.services.catalog.apps[name]
  if (app === undefined) throw new Error(`the catalog names no app "${name}"`)
  try {
    return await lookAt(session.services.cluster(app.cluster), app)
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error
    const reason = lasting[error.status]
    return reason === undefined ? { kind: 'away' } : { kind: 'cannot', reason, message: error.message }
  }
}

type App = Session['services']['catalog']['apps'][string]

async function lookAt(client: ClusterClient, app: App): Promise<Looked> {
  const workload = await readWorkload(client, workloadOfApp(app))
  const [revisions, pods] = await Promise.all([readRevisions(client, workload), readPods(client, workload)])
  const current = revisions.find((revision) => revision.current)
  const status = rolloutStatus(workload)
  const own = pods.filter((pod) => pod.podHash === current?.podHash)
  const health = status.kind === 'done' ? await Promise.all(app.health.map((check) => checkHealth(check))) : []
  const wait = status.kind === 'waiting' ? status.wait : status.kind === 'failed' ? 'unavailable' : ''
  // The workload's own counter knows all ready pods; those of the version before are not the ones waited for.
  const ready = livePods(own).filter((pod) => pod.ready).length
  const seen = {
    revision: current?.revision,
    counts: { ...status.counts, ready },
    waitingFor: wait === '' && health.some((check) => !check.ok) ? 'health' : wait,
    troubles: troublesOf(own),
    health,
  }
  return { kind: 'seen', seen, current }
}
