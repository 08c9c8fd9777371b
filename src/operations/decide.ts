import { hasRole, type Person, peopleWith } from '../catalog/people.ts'
import type { Role } from '../catalog/schema.ts'
import { showRun } from '../delivery/enqueue.ts'
import { appendAudit } from '../store/audit.ts'
import { type Tx, transaction } from '../store/db.ts'
import { takeHold } from '../store/holds.ts'
import { confirmRun, getRun, rejectRun } from '../store/runs.ts'
import type { Actor, HoldRow, RunId, RunRow } from '../store/types.ts'
import type { Desk } from './desk.ts'
import { mayConfirm, mayStart, type Rule, ruleFor } from './policy.ts'
import { environmentOf } from './start.ts'

export type Decided =
  | { readonly kind: 'confirmed' | 'cancelled'; readonly run: RunRow }
  | { readonly kind: 'unknown_run' }
  /** Somebody was quicker, or it is over; nothing ran because of this click. */
  | { readonly kind: 'too_late'; readonly run: RunRow }
  | { readonly kind: 'expired'; readonly run: RunRow }
  /** The button belongs to a plan that was replaced. */
  | { readonly kind: 'stale_plan'; readonly run: RunRow }
  | { readonly kind: 'held'; readonly by: HoldRow; readonly run: RunRow }
  | {
      readonly kind: 'denied'
      readonly needed: Role
      readonly who: readonly string[]
      readonly own: boolean
      readonly run: RunRow
    }

export type Decision = {
  readonly run: RunId
  /** The hash that the button carries: what the person saw. */
  readonly planHash: string
  readonly person: Person
  readonly actor: Actor
  /** This process stays for the whole run: it begins at once. One that leaves after the decision only wakes the others. */
  readonly stays?: boolean
}

/** A person's yes, checked against everything at this moment: rights, freshness, the plan seen, the target's lock. */
export async function confirm(desk: Desk, decision: Decision): Promise<Decided> {
  const { db } = desk.services
  const run = await getRun(db, decision.run)
  if (run === undefined) return { kind: 'unknown_run' }
  const refused = check(desk, run, decision)
  if (refused !== undefined) {
    await appendAudit(db, {
      kind: 'denied',
      runId: run.id,
      actor: decision.actor,
      data: { decision: 'confirm', why: refused.kind },
    })
    return refused
  }
  return settle(desk, run, decision)
}

/** What a watcher decides by itself, by the written consent of the catalog. */
export type WatcherDecision = Pick<Decision, 'planHash' | 'actor'> & {
  /** What it saw, for the audit. */
  readonly seen: Readonly<Record<string, unknown>>
  /** Written down in the transaction of the decision. */
  readonly also: (tx: Tx) => Promise<void>
}

/** A watcher's yes: no person and no role, but the same freshness, plan hash and lock as for people. */
export async function confirmAsWatcher(desk: Desk, run: RunRow, decision: WatcherDecision): Promise<Decided> {
  return settle(desk, run, { ...decision, stays: true })
}

type Settle = Pick<Decision, 'planHash' | 'actor' | 'stays'> & Partial<Pick<WatcherDecision, 'seen' | 'also'>>

/** Lock, decision, audit and what people must learn: all of it or nothing. */
async function settle(desk: Desk, run: RunRow, decision: Settle): Promise<Decided> {
  const { db } = desk.services
  const decided = await transaction(db, async (tx): Promise<Decided> => {
    const hold = await takeHold(tx, { target: run.target, runId: run.id, actor: decision.actor })
    if (hold.kind === 'held') return { kind: 'held', by: hold.by, run }
    const confirmed = await confirmRun(tx, run.id, { planHash: decision.planHash, by: decision.actor })
    if (confirmed.kind !== 'confirmed') throw new Rollback(settled(confirmed.kind, run))
    await appendAudit(tx, {
      kind: 'decision',
      runId: run.id,
      actor: decision.actor,
      data: {
        decision: 'confirm',
        planHash: decision.planHash,
        ...(decision.seen === undefined ? {} : { seen: decision.seen }),
      },
    })
    await decision.also?.(tx)
    await showRun(tx, run.id)
    return { kind: 'confirmed', run: confirmed.run }
  }).catch((error: unknown) => {
    if (error instanceof Rollback) return error.decided
    throw error
  })
  if (decided.kind === 'confirmed' && decision.stays === true) {
    await desk.workflows.execute(run.id, run.target)
    wakeLater(desk, run.id)
    return decided
  }
  const told = decided.kind === 'too_late' ? { ...decided, run: (await getRun(db, run.id)) ?? run } : decided
  // Also for a second click: the first may have died between the store and the wake-up.
  if (decided.kind === 'confirmed' || decided.kind === 'too_late') await desk.workflows.wake(run.id)
  return told
}

/** The part of the run that waited has only to see its end: what it does first would keep the change itself waiting. */
const aMomentMs = 150
function wakeLater(desk: Desk, id: RunId): void {
  const wake = () =>
    desk.workflows
      .wake(id)
      .catch((error: unknown) => desk.services.log.warn({ run: id, err: error }, 'woken by the next sweep'))
  setTimeout(() => void wake(), aMomentMs)
}

/** A person's no; the requester or anyone who may start operations. */
export async function cancel(desk: Desk, decision: Omit<Decision, 'planHash'>): Promise<Decided> {
  const { db, catalog } = desk.services
  const run = await getRun(db, decision.run)
  if (run === undefined) return { kind: 'unknown_run' }
  if (!hasRole(decision.person.role, mayStart) && run.actor.name !== decision.person.name)
    return { kind: 'denied', needed: mayStart, who: peopleWith(catalog, mayStart), own: false, run }
  const rejected = await transaction(db, async (tx) => {
    const result = await rejectRun(tx, run.id, { by: decision.actor, reason: 'cancelled' })
    if (result.kind !== 'rejected') return result
    await appendAudit(tx, { kind: 'decision', runId: run.id, actor: decision.actor, data: { decision: 'cancel' } })
    await showRun(tx, run.id)
    return result
  })
  if (rejected.kind !== 'rejected') return { kind: 'too_late', run: (await getRun(db, run.id)) ?? run }
  await desk.workflows.wake(run.id)
  return { kind: 'cancelled', run: rejected.run }
}

/** The rule that holds for a run, from the catalog as it is now. */
export function ruleOf(desk: Desk, run: RunRow): Rule {
  const { catalog } = desk.services
  return ruleFor(catalog, {
    operation: run.operation,
    risk: run.risk as Parameters<typeof ruleFor>[1]['risk'],
    environment: environmentOf(catalog, run.subject),
    subject: run.subject.name,
  })
}

function check(desk: Desk, run: RunRow, decision: Decision): Decided | undefined {
  const rule = ruleOf(desk, run)
  const allowed = mayConfirm(rule, decision.person, run.actor.name)
  if (allowed.kind !== 'may') {
    const who = peopleWith(desk.services.catalog, rule.by).filter(
      (name) => rule.approvals === 1 || name !== run.actor.name,
    )
    return { kind: 'denied', needed: rule.by, who, own: allowed.kind === 'own_request', run }
  }
  if (run.state === 'confirmed' || run.state === 'running' || run.state === 'ended') return { kind: 'too_late', run }
  if (run.planHash !== decision.planHash) return { kind: 'stale_plan', run }
  if (run.planExpiresAt !== undefined && run.planExpiresAt.getTime() <= Date.now()) return { kind: 'expired', run }
  return undefined
}

function settled(kind: 'stale_plan' | 'expired' | 'already', run: RunRow): Decided {
  if (kind === 'already') return { kind: 'too_late', run }
  return { kind, run }
}

/** Leaves the transaction, and with it the lock just taken. */
class Rollback extends Error {
  readonly decided: Decided
  constructor(decided: Decided) {
    super('decision not possible')
    this.decided = decided
  }
}
