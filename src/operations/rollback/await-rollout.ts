import { KubernetesError } from '../../services/kubernetes/api/errors.ts'
import { pause } from '../../services/kubernetes/api/pause.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { livePods, readPods } from '../../services/kubernetes/pods/pods.ts'
import type { PodView } from '../../services/kubernetes/watch/projections.ts'
import { writersOf } from '../../services/kubernetes/workload/managed-fields.ts'
import { type Counts, rolloutStatus } from '../../services/kubernetes/workload/rollout-status.ts'
import { readWorkload, type Workload } from '../../services/kubernetes/workload/workload.ts'
import type { Report } from '../types.ts'
import { explain } from './facts.ts'
import { type LastingReason, lastingReason } from './lasting.ts'
import type { Pace } from './pace.ts'
import { isStillOurs, type Restored } from './restore.ts'
import type { PodProblem, RollbackPlan } from './types.ts'
import { hopelessness, type Watched } from './verdict.ts'

/** Where the pods stood at the last look. */
export type RolloutState = {
  readonly counts: Counts | undefined
  /** Ready pods of other revisions: what still serves when the new ones do not. */
  readonly oldReady: number
  readonly problems: readonly PodProblem[]
}

export type RolloutEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string }
  | { readonly kind: 'timed_out'; readonly waitingFor: string }
  | { readonly kind: 'flipped_back'; readonly by: string | undefined; readonly at: string | undefined }
  | { readonly kind: 'stopped' }
  | {
      readonly kind: 'unwatchable'
      readonly reason: LastingReason
      readonly message: string
    }

export type Rollout = { readonly end: RolloutEnd; readonly state: RolloutState }

type Watch = {
  readonly client: ClusterClient
  readonly plan: RollbackPlan
  readonly restored: Extract<Restored, { kind: 'restored' }>
  readonly timeoutMs: number
  readonly pace: Pace
  readonly stopRequested: () => Promise<boolean>
  readonly report: Report
}

/** Looks about each second until the rollout is over, cannot succeed, or a person says stop. */
export async function awaitRollout(watch: Watch): Promise<Rollout> {
  const { pace, restored } = watch
  const watched: Watched = new Map()
  let state: RolloutState = { counts: undefined, oldReady: 0, problems: [] }
  let waitingFor = 'not_observed'
  let awaySince: number | undefined
  for (;;) {
    try {
      const looked = await look(watch, watched)
      state = looked.state
      awaySince = undefined
      if (looked.end !== undefined) return { end: looked.end, state }
      waitingFor = looked.waitingFor
      await watch.report({
        ...state.counts,
        oldReady: state.oldReady,
        waitingFor,
        problems: state.problems.slice(0, 3),
      })
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error
      const reason = lastingReason(error)
      if (reason !== undefined) return { end: { kind: 'unwatchable', reason, message: error.message }, state }
      awaySince ??= Date.now()
      await watch.report({ ...state.counts, oldReady: state.oldReady, waitingFor: 'cluster_away' })
    }
    // The clock starts at the write, also for a process that took this step over from another.
    if (Date.now() - restored.clock >= watch.timeoutMs)
      return awaySince === undefined
        ? { end: { kind: 'timed_out', waitingFor }, state }
        : { end: { kind: 'unwatchable', reason: 'cluster_away', message: 'no answer' }, state }
    if (await watch.stopRequested()) return { end: { kind: 'stopped' }, state }
    await pause(pace.pollMs)
  }
}

type Looked = { readonly end: RolloutEnd | undefined; readonly waitingFor: string; readonly state: RolloutState }

async function look({ client, plan, restored, pace }: Watch, watched: Watched): Promise<Looked> {
  const workload = await readWorkload(client, plan.workload)
  const pods = await readPods(client, workload)
  const status = rolloutStatus(workload, restored.at)
  const state = {
    counts: status.counts,
    oldReady: livePods(pods).filter((pod) => pod.ready && pod.podHash !== plan.targetHash).length,
    problems: status.kind === 'done' ? [] : await problemsNow(client, plan, pods),
  }
  const waitingFor = status.kind === 'waiting' ? status.wait : ''
  return { end: endOf(workload, pods, status, { plan, restored, pace }, watched), waitingFor, state }
}

function endOf(
  workload: Workload,
  pods: readonly PodView[],
  status: ReturnType<typeof rolloutStatus>,
  { plan, restored, pace }: Pick<Watch, 'plan' | 'restored' | 'pace'>,
  watched: Watched,
): RolloutEnd | undefined {
  if (!isStillOurs(restored, workload)) {
    const writer = writersOf(workload.raw, 'spec', 'template').find(({ manager }) => manager !== 'rescue')
    return { kind: 'flipped_back', by: writer?.manager, at: writer?.at }
  }
  if (status.kind === 'done') return { kind: 'done' }
  // Nothing more happens by itself: the pods that are left are replaced when somebody deletes them.
  const { ready, desired } = status.counts
  if (status.kind === 'waiting' && status.wait === 'on_delete' && ready >= desired)
    return { kind: 'timed_out', waitingFor: 'on_delete' }
  const { targetHash } = plan
  const since = restored.at
  const hopeless = hopelessness(
    { workload, pods, targetHash, since, nowMs: Date.now(), graceMs: pace.graceMs },
    watched,
  )
  if (hopeless !== undefined) return { kind: 'failed', ...hopeless }
  return status.kind === 'failed' ? { kind: 'failed', reason: status.reason, message: status.message } : undefined
}

/** Pods of the old revision are on their way out; what matters is why those of the target are not ready. */
async function problemsNow(
  client: ClusterClient,
  plan: RollbackPlan,
  pods: readonly PodView[],
): Promise<readonly PodProblem[]> {
  const wanted = pods.filter((pod) => pod.podHash === plan.targetHash)
  return explain(client, plan.workload, wanted, [{ revision: plan.to.revision, podHash: plan.targetHash }])
}
