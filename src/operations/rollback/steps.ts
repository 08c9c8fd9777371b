import type { ClusterClient } from '../../services/kubernetes/client.ts'
import type { Fence, Report, Run } from '../types.ts'
import { awaitRollout, type Rollout } from './await-rollout.ts'
import { type Compared, compareWithPlan } from './compare.ts'
import type { Pace } from './pace.ts'
import { type Replaced, replaceStuckPods } from './replace-stuck.ts'
import { type Restored, restoreTemplate } from './restore.ts'
import type { RollbackParams, RollbackPlan } from './types.ts'
import { checkHealthAfter, type FlipBack, type Health, watchFlipBack } from './verify.ts'
import { appOf } from './workload-ref.ts'

/** What the runbook does, bound to one run. */
export type Steps = {
  compareWithPlan(): Promise<Compared>
  restoreTemplate(): Fence<Restored>
  replaceStuckPods(): Fence<Replaced>
  awaitRollout(restored: Extract<Restored, { kind: 'restored' }>, report: Report): Promise<Rollout>
  checkHealth(report: Report): Promise<Health>
  watchFlipBack(): Promise<FlipBack>
}

export function stepsOf(run: Run<RollbackParams, RollbackPlan>, pace: Pace): Steps {
  const { plan, services } = run
  const app = appOf(services.catalog, plan.app)
  const watching = services.cluster(plan.workload.cluster)
  const acting = actingClient(run)
  return {
    compareWithPlan: () => compareWithPlan(acting, plan, pace),
    restoreTemplate: () => restoreTemplate(acting, plan, pace),
    replaceStuckPods: () => replaceStuckPods(acting, plan, pace),
    awaitRollout: (restored, report) =>
      awaitRollout({
        client: watching,
        plan,
        restored,
        timeoutMs: app.rolloutTimeoutSeconds * 1000,
        pace,
        stopRequested: () => run.stopRequested(),
        report,
      }),
    checkHealth: (report) => checkHealthAfter(watching, plan, app.health, pace, report),
    watchFlipBack: () => watchFlipBack(watching, plan, pace),
  }
}

/** Changes are made as the person who confirmed, where the catalog impersonates; looking is the bot's own. */
function actingClient({ services, plan, confirmedBy }: Run<RollbackParams, RollbackPlan>): ClusterClient {
  const as = services.catalog.people[confirmedBy.name]?.kubernetes
  return as === undefined ? services.cluster(plan.workload.cluster) : services.cluster(plan.workload.cluster, as)
}
