import { randomBytes } from 'node:crypto'
import { showIncident, showRun } from '../../src/delivery/enqueue.ts'
import { type Db, transaction } from '../../src/store/db.ts'
import { openOrJoinIncident } from '../../src/store/incidents.ts'
import { confirmRun, createRun, endRun, markRunning, savePlan } from '../../src/store/runs.ts'
import { planSteps } from '../../src/store/steps.ts'
import type { Actor, Origin, OutcomeRow, RunId } from '../../src/store/types.ts'
import { examplePlan, steps } from '../unit/texts/examples.ts'

export const ana: Actor = { kind: 'person', name: 'ana', slack: 'U0ANA' }
export const marta: Actor = { kind: 'person', name: 'marta', slack: 'U0MARTA' }
export const hash = '0123456789abcdef'

/** Somebody asked for a rollback. */
export async function asked(
  db: Db,
  more: {
    readonly origin?: Partial<Origin>
    readonly app?: string
    readonly undoOf?: RunId
    readonly params?: object
  } = {},
): Promise<RunId> {
  const app = more.app ?? 'porttrack-app'
  return transaction(db, async (tx) => {
    const { run } = await createRun(tx, {
      operation: 'rollback',
      params: { app, reason: 'todo da 500', ...more.params },
      risk: 'reversible',
      target: `main/porttrack/deployment/${app}`,
      subject: { kind: 'app', name: app },
      actor: marta,
      origin: { surface: 'slack', channel: 'C0OPS', language: 'es', ...more.origin },
      idempotencyKey: randomBytes(8).toString('hex'),
      ...(more.undoOf === undefined ? {} : { undoOf: more.undoOf }),
    })
    await showRun(tx, run.id)
    return run.id
  })
}

export async function planned(db: Db, id: RunId, plan: unknown = examplePlan()): Promise<void> {
  await transaction(db, async (tx) => {
    await savePlan(tx, id, { plan, facts: {}, hash, expiresAt: new Date(Date.now() + 900_000) })
    await planSteps(tx, id, steps)
    await showRun(tx, id)
  })
}

/** The click, as the operations core does it. */
export async function confirmed(
  db: Db,
  id: RunId,
  options: { readonly incident: boolean } = { incident: true },
): Promise<string | undefined> {
  return transaction(db, async (tx) => {
    const decided = await confirmRun(tx, id, { planHash: hash, by: ana })
    if (decided.kind !== 'confirmed') throw new Error(decided.kind)
    const joined = options.incident
      ? await openOrJoinIncident(tx, {
          subject: decided.run.subject,
          severity: 'SEV2',
          language: 'es',
          actor: ana,
          runId: id,
        })
      : undefined
    if (joined !== undefined) await showIncident(tx, joined.incident.id)
    await showRun(tx, id)
    return joined?.incident.id
  })
}

export async function running(db: Db, id: RunId): Promise<void> {
  await transaction(db, async (tx) => {
    await markRunning(tx, id)
    await showRun(tx, id)
  })
}

export async function ended(db: Db, id: RunId, outcome: OutcomeRow): Promise<void> {
  await transaction(db, async (tx) => {
    await endRun(tx, id, outcome)
    await showRun(tx, id)
  })
}
