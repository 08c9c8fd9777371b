import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { appOf } from '../rollback/workload-ref.ts'
import type { Fence, Report, Run } from '../types.ts'
import { awaitEndpoints, type Followed, type Watch } from './await-endpoints.ts'
import { type Compared, compareWithPlan } from './compare.ts'
import type { Pace } from './pace.ts'
import { type Switched, switchBack, switchTraffic } from './switch.ts'
import type { SwitchParams, SwitchPlan } from './types.ts'
import { type Health, watchHealth } from './watch-health.ts'

/** What the runbook does, bound to one run. `clock`: of the write, in ms. */
export type Steps = {
  compareWithPlan(): Promise<Compared>
  switchTraffic(): Fence<Switched>
  awaitEndpoints(clock: number, report: Report): Promise<Followed>
  checkHealth(clock: number, report: Report): Promise<Health>
  switchBack(): Fence<Switched>
  awaitReturn(clock: number, report: Report): Promise<Followed>
}

export function stepsOf(run: Run<SwitchParams, SwitchPlan>, pace: Pace): Steps {
  const { plan, services } = run
  // Of the plan: a catalog that was changed meanwhile does not change what the run is about.
  const { colors } = plan
  const watching = { client: services.cluster(plan.route.cluster), colors, pace }
  const acting = { client: actingClient(run), colors, pace }
  const { health } = appOf(services.catalog, plan.app)
  const there = (clock: number, report: Report): Watch => ({
    place: watching,
    plan,
    side: plan.to,
    other: plan.from,
    wanted: plan.after,
    clock,
    stopRequested: () => run.stopRequested(),
    report,
  })
  return {
    compareWithPlan: () => compareWithPlan(watching, plan),
    switchTraffic: () => switchTraffic(acting, plan),
    awaitEndpoints: (clock, report) => awaitEndpoints(there(clock, report)),
    checkHealth: (clock, report) => watchHealth(there(clock, report), health),
    switchBack: () => switchBack(acting, plan),
    // A wish to stop came too late for this: the way back is under way.
    awaitReturn: (clock, report) =>
      awaitEndpoints({
        ...there(clock, report),
        side: plan.from,
        other: plan.to,
        wanted: plan.seen,
        stopRequested: async () => false,
      }),
  }
}

/** Changes are made as the person who confirmed, where the catalog impersonates; looking is the bot's own. */
function actingClient({ services, plan, confirmedBy }: Run<SwitchParams, SwitchPlan>): ClusterClient {
  const as = services.catalog.people[confirmedBy.name]?.kubernetes
  return as === undefined ? services.cluster(plan.route.cluster) : services.cluster(plan.route.cluster, as)
}
