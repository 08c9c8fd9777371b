import { presentModes } from '../../operations/automatic-mode.ts'
import type { Desk } from '../../operations/desk.ts'
import { ruleFor } from '../../operations/policy.ts'
import { seenTemplate } from '../../operations/rollback/moved.ts'
import type { RollbackPlan } from '../../operations/rollback/types.ts'
import { operationOf, readAndDecide } from '../../operations/run/plan.ts'
import { environmentOf } from '../../operations/start.ts'
import type { AnyOperation, Decision } from '../../operations/types.ts'
import { KubernetesError } from '../../services/kubernetes/api/errors.ts'
import { writersOf } from '../../services/kubernetes/workload/managed-fields.ts'
import { templateKey } from '../../services/kubernetes/workload/template-equality.ts'
import { readWorkload } from '../../services/kubernetes/workload/workload.ts'
import { holdOf } from '../../store/holds.ts'
import { getRun, listRuns } from '../../store/runs.ts'
import type { AutomaticRow, RunRow } from '../../store/types.ts'
import type { BadRelease } from '../bad-releases/types.ts'
import type { Situation } from './judge.ts'
import { rollbackOf } from './request.ts'

/** For so long a person's unanswered plan counts as being read. */
const readingMs = 120_000

/** Reads what the verdict is made from: the store and the cluster at once. @throws Error when either does not answer */
export async function assess(desk: Desk, release: BadRelease, row: AutomaticRow): Promise<Situation> {
  const { db, catalog } = desk.services
  const entry = catalog.apps[release.app]
  if (entry === undefined) throw new Error(`the catalog does not name the app ${release.app}`)
  const { operation, params } = rollbackOf(release)
  const target = operationOf(desk.operations, operation).target(params, catalog)
  const [[mode], runs, before, hold, planned] = await Promise.all([
    presentModes(desk.services, release.app),
    listRuns(db, { target, limit: 100 }),
    row.runId === undefined ? undefined : getRun(db, row.runId),
    holdOf(db, target),
    planFor(desk, operationOf(desk.operations, operation), params),
  ])
  if (mode === undefined) throw new Error(`the mode of ${release.app} is not known`)
  const now = new Date()
  const others = runs.filter((run) => run.id !== row.runId)
  return {
    release,
    settings: entry.automatic,
    mode,
    now,
    putBack:
      before !== undefined && wasPutBack(row, release) ? { run: before, by: await writerOf(desk, release) } : undefined,
    atWork: others.find((run) => run.id === hold?.runId || run.state === 'confirmed' || run.state === 'running'),
    reading: others.find((run) => isRead(run, now)),
    own: others.filter((run) => run.confirmedBy?.kind === 'watcher' && uidOf(run) === release.uid),
    personActedAt: latest([mode.touchedAt, ...runs.map(personActedIn)]),
    approvals: approvalsFor(desk, release, operation),
    planned,
    stillThere: planned.kind === 'proceed' && leavesRelease(planned.plan, release),
  }
}

/** The release came anew after it was acted on: whatever returns gets the next number. Else it is the same one, seen again. */
export function wasPutBack(row: AutomaticRow, release: BadRelease): boolean {
  return release.revision > Number(row.release['revision'])
}

/** Who wrote the template that runs now; undefined where the cluster does not tell. */
async function writerOf({ services }: Desk, release: BadRelease): Promise<string | undefined> {
  try {
    const { raw } = await readWorkload(services.cluster(release.cluster), release.workload, { timeoutMs: 3_000 })
    return writersOf(raw, 'spec', 'template').find(({ manager }) => manager !== 'rescue')?.manager
  } catch (error) {
    if (error instanceof KubernetesError) return undefined
    throw error
  }
}

/** A workload that was deleted and made anew under the same name begins anew. */
const uidOf = (run: RunRow): unknown =>
  typeof run.plan === 'object' && run.plan !== null && 'uid' in run.plan ? run.plan.uid : undefined

/** A person's plan that still waits for its answer. */
function isRead(run: RunRow, now: Date): boolean {
  const waits = run.state === 'planning' || run.state === 'waiting'
  return waits && run.actor.kind === 'person' && now.getTime() - run.createdAt.getTime() < readingMs
}

const personActedIn = (run: RunRow): Date | undefined =>
  run.confirmedBy?.kind === 'person' ? run.confirmedAt : undefined

const latest = (times: readonly (Date | undefined)[]): Date | undefined =>
  times.reduce((last, time) => (time !== undefined && (last === undefined || time > last) ? time : last), undefined)

async function planFor(desk: Desk, operation: AnyOperation, params: unknown): Promise<Decision<RollbackPlan>> {
  const { decision } = await readAndDecide(desk.services, operation, params)
  if (decision.kind === 'refuse' && decision.reason === 'cluster_away') throw new Error('the cluster does not answer')
  return decision as Decision<RollbackPlan>
}

function approvalsFor({ services: { catalog } }: Desk, { app }: BadRelease, operation: string): 1 | 2 {
  const environment = environmentOf(catalog, { kind: 'app', name: app })
  return ruleFor(catalog, { operation, risk: 'reversible', environment, subject: app }).approvals
}

/** Does the plan leave this very release? Another may have come, or somebody may have gone back, while it was judged. */
export function leavesRelease(plan: RollbackPlan, release: BadRelease): boolean {
  return plan.uid === release.uid && templateKey(seenTemplate(plan)) === release.templateKey
}
