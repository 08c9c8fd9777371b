import { randomBytes } from 'node:crypto'
import { showRun } from '../../../src/delivery/enqueue.ts'
import { decideRollback } from '../../../src/operations/rollback/plan.ts'
import { stepNames } from '../../../src/operations/rollback/workflow.ts'
import { joinIncident, settleIncident } from '../../../src/operations/run/incident.ts'
import { type Db, transaction } from '../../../src/store/db.ts'
import { confirmRun, createRun, endRun, getRun, markRunning, savePlan } from '../../../src/store/runs.ts'
import { beginStep, closeSteps, endStep, planSteps, reportStep } from '../../../src/store/steps.ts'
import type { Origin, OutcomeRow, RunId, RunRow } from '../../../src/store/types.ts'
import { ana, fromSlack, luis } from '../../store/helpers/store.ts'
import { badRelease, facts } from '../../unit/rollback/world.ts'
import type { Stage } from './stage.ts'

export const verified: OutcomeRow = {
  kind: 'verified',
  reason: 'rolled_back',
  detail: { app: 'porttrack-app', environment: 'production', restored: true },
}
export const failed: OutcomeRow = {
  kind: 'failed',
  reason: 'rollout_failed',
  detail: { app: 'porttrack-app', environment: 'production', restored: true },
}
export const refused: OutcomeRow = {
  kind: 'refused',
  reason: 'no_safe_revision',
  detail: { app: 'porttrack-app', environment: 'production' },
}

/** The life of a run as the operations' core writes it down, one call for each change of state. */
export type Life = {
  readonly id: RunId
  plan(): Promise<void>
  confirm(): Promise<void>
  begin(): Promise<void>
  step(name: string, state?: 'done' | 'failed'): Promise<void>
  report(name: string, progress: Readonly<Record<string, unknown>>): Promise<void>
  end(outcome: OutcomeRow): Promise<void>
  row(): Promise<RunRow>
}

export async function ask(
  stage: Pick<Stage, 'db' | 'catalog'>,
  more: { readonly app?: string; readonly origin?: Origin } = {},
): Promise<Life> {
  const { db, catalog } = stage
  const app = more.app ?? 'porttrack-app'
  const { run } = await createRun(db, {
    operation: 'rollback',
    params: { app },
    risk: 'reversible',
    target: `main/porttrack/deployment/${app}`,
    subject: { kind: 'app', name: app },
    actor: ana,
    origin: more.origin ?? fromSlack,
    idempotencyKey: randomBytes(8).toString('hex'),
  })
  const { id } = run
  await showRun(db, id)
  const row = async (): Promise<RunRow> => {
    const found = await getRun(db, id)
    if (found === undefined) throw new Error(`no run ${id}`)
    return found
  }
  return {
    id,
    row,
    plan: () => savedPlan(db, id, app),
    confirm: () =>
      transaction(db, async (tx) => {
        await confirmRun(tx, id, { planHash: 'h1', by: luis })
        const confirmed = await getRun(tx, id)
        if (confirmed !== undefined) await joinIncident(tx, catalog, confirmed)
        await showRun(tx, id)
      }),
    begin: () => markRunning(db, id),
    step: async (name, state = 'done') => {
      await beginStep(db, id, name)
      await endStep(db, id, name, state)
    },
    report: async (name, progress) => {
      await beginStep(db, id, name)
      await reportStep(db, id, name, progress)
    },
    end: async (outcome) => {
      const before = await row()
      await transaction(db, async (tx) => {
        await endRun(tx, id, outcome)
        await closeSteps(tx, id, outcome.kind === 'verified' ? 'skipped' : 'failed')
        await settleIncident(tx, catalog, before, outcome)
        await showRun(tx, id)
      })
    },
  }
}

async function savedPlan(db: Db, id: RunId, app: string): Promise<void> {
  const decision = decideRollback({ app }, facts(badRelease, { app }))
  if (decision.kind !== 'proceed') throw new Error(`no plan: ${decision.reason}`)
  await transaction(db, async (tx) => {
    const expiresAt = new Date(Date.now() + 900_000)
    await savePlan(tx, id, { plan: decision.plan, facts: {}, hash: 'h1', expiresAt })
    await planSteps(tx, id, stepNames)
    await showRun(tx, id)
  })
}

/** Asked, planned, confirmed and begun. */
export async function underWay(
  stage: Pick<Stage, 'db' | 'catalog'>,
  more: Parameters<typeof ask>[1] = {},
): Promise<Life> {
  const life = await ask(stage, more)
  await life.plan()
  await life.confirm()
  await life.begin()
  return life
}
