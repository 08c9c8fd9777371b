import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import type { Fence, Report, Run } from '../types.ts'
import { awaitRollout, type Rollout } from './await-rollout.ts'
import { checkHealthAfter, type Health } from './check-health.ts'
import { type Compared, compareWithPlan } from './compare.ts'
import { type FlipBack, watchFlipBack } from './flip-back.ts'
import { provedGood } from './history.ts'
import { rememberFailure } from './observations.ts'
import type { Pace } from './pace.ts'
import { type Replaced, replaceStuckPods } from './replace-stuck.ts'
import { type Restored, restoreTemplate } from './restore.ts'
import type { RollbackParams, RollbackPlan } from './types.ts'
import { appOf } from './workload-ref.ts'

/** What the runbook does, bound to one run. */
export type Steps = {
  compareWithPlan(): Promise<Compared>
  restoreTemplate(): Fence<Restored>
  replaceStuckPods(): Fence<Replaced>
  awaitRollout(restored: Extract<Restored, { kind: 'restored' }>, report: Report): Promise<Rollout>
  checkHealth(rollout: Rollout, report: Report): Promise<Health>
  watchFlipBack(restored: Extract<Restored, { kind: 'restored' }>): Promise<FlipBack>
}

export function stepsOf(run: Run<RollbackParams, RollbackPlan>, pace: Pace): Steps {
  const { plan, services } = run
  const app = appOf(services.catalog, plan.app)
  const watching = services.cluster(plan.workload.cluster)
  const acting = actingClient(run)
  const timeoutMs = app.rolloutTimeoutSeconds * 1000
  const stopRequested = (): Promise<boolean> => run.stopRequested()
  return {
    compareWithPlan: () => compareWithPlan(acting, plan, pace),
    restoreTemplate: () => restoreTemplate(acting, plan, pace),
    replaceStuckPods: () => replaceStuckPods(acting, plan, pace),
    awaitRollout: async (restored, report) => {
      const rollout = await awaitRollout({ client: watching, plan, restored, timeoutMs, pace, stopRequested, report })
      const blame = blameOf(rollout)
      if (blame !== undefined) await rememberFailure(services, plan, 'to', blame)
      return rollout
    },
    // An app that is scaled to zero cannot answer; its plan said so.
    checkHealth: (rollout, report) =>
      checkHealthAfter(watching, plan, rollout.state.counts?.desired === 0 ? [] : app.health, pace, report),
    watchFlipBack: async (restored) => {
      // Nobody looks at the screen when a watcher acts: it stays longer, to tell who puts the release back.
      const longer = run.confirmedBy.kind === 'watcher'
      const flip = await watchFlipBack(watching, plan, restored, pace, longer)
      // Undoing a rollback says that the rollback was wrong, not that the revision it went to is bad.
      const isUndo = run.params.toSource !== undefined
      const why = whyLeft(plan)
      if (flip.kind === 'still_ours' && !isUndo && why !== undefined) await rememberFailure(services, plan, 'from', why)
      return flip
    },
  }
}

/** Why the one that people left counts as failed; undefined: it served long and its own pods do not fail, so it is no bad one. */
export function whyLeft({ from, problems }: RollbackPlan): string | undefined {
  const own = problems.find((problem) => problem.state === 'failing' && problem.revision === from.revision)
  if (own !== undefined) return own.reason
  return provedGood(from) ? undefined : (problems[0]?.reason ?? 'rolled_back')
}

/** Why the target counts as a revision that failed: by its own pods, not by nodes, stops or a cluster that is away. */
function blameOf({ end, state }: Rollout): string | undefined {
  if (end.kind === 'failed') return end.reason
  return end.kind === 'timed_out' ? state.problems.find((problem) => problem.state === 'failing')?.reason : undefined
}

/** Changes are made as the person who confirmed, where the catalog impersonates; looking is the bot's own. */
function actingClient({ services, plan, confirmedBy }: Run<RollbackParams, RollbackPlan>): ClusterClient {
  const as = services.catalog.people[confirmedBy.name]?.kubernetes
  return as === undefined ? services.cluster(plan.workload.cluster) : services.cluster(plan.workload.cluster, as)
}
