import { hasRole, type Person } from '../catalog/people.ts'
import { mayReview, reviewersOf } from '../catalog/reviewers.ts'
import type { Catalog, Role } from '../catalog/schema.ts'
import { showReview, showRun, tellPerson } from '../delivery/enqueue.ts'
import { appendAudit } from '../store/audit.ts'
import { type Tx, transaction } from '../store/db.ts'
import { addIncidentEntry } from '../store/incidents.ts'
import { redactSentence } from '../store/redact.ts'
import { completeReview, findReview, requestReview, takeDueReminders } from '../store/reviews.ts'
import { getRun } from '../store/runs.ts'
import type { Actor, ReviewRow, RunId, RunRow } from '../store/types.ts'
import type { Desk } from './desk.ts'
import type { Services } from './services.ts'

/** Nobody has reviewed it for so long: said once more. */
const remindAfterSeconds = 24 * 3600

const bot = { kind: 'bot', name: 'rescue' } as const

/** Part of the transaction that closes a run which broke glass: a second person is asked to look at it. Safe to repeat. */
export async function askForReview(tx: Tx, run: RunRow): Promise<void> {
  const actors = [...new Set([run.actor.name, (run.confirmedBy ?? run.actor).name])]
  if (!(await requestReview(tx, { runId: run.id, actors, remindAfterSeconds }))) return
  await appendAudit(tx, { kind: 'review_requested', runId: run.id, actor: bot, data: { actors } })
  await showReview(tx, run.id)
}

export type Review = {
  readonly run: RunId
  readonly verdict: 'right' | 'not_right'
  /** What was not right; needed where it was not. */
  readonly remark: string | undefined
  readonly person: Person
  readonly actor: Actor
}

export type Reviewed =
  | { readonly kind: 'reviewed'; readonly review: ReviewRow; readonly masked: boolean }
  /** Somebody was quicker: the first word stands. */
  | { readonly kind: 'reviewed_already'; readonly review: ReviewRow }
  | { readonly kind: 'no_review'; readonly run: RunId }
  | { readonly kind: 'remark_needed' }
  | {
      readonly kind: 'denied'
      readonly needed: Role
      readonly who: readonly string[]
      /** They acted themselves. */
      readonly own: boolean
    }

/** A person's right to review this run; undefined when they have it. */
export function reviewDenied(
  catalog: Catalog,
  review: ReviewRow,
  person: Person,
): Extract<Reviewed, { kind: 'denied' }> | undefined {
  const own = review.actors.includes(person.name)
  if (!own && hasRole(person.role, mayReview)) return undefined
  return { kind: 'denied', needed: mayReview, who: reviewersOf(catalog, review.actors).map(({ name }) => name), own }
}

/** A second person's word on what was done at once; done once, in the audit, told to whoever acted when it was not right. */
export async function reviewRun(desk: Desk, wanted: Review): Promise<Reviewed> {
  const { db, catalog } = desk.services
  const [run, review] = await Promise.all([getRun(db, wanted.run), findReview(db, wanted.run)])
  if (run === undefined || review === undefined) return { kind: 'no_review', run: wanted.run }
  if (review.verdict !== undefined) return { kind: 'reviewed_already', review }
  const denied = reviewDenied(catalog, review, wanted.person)
  if (denied !== undefined) {
    const data = { decision: 'review', why: denied.own ? 'own_review' : 'denied' }
    await appendAudit(db, { kind: 'denied', runId: run.id, actor: wanted.actor, data })
    return denied
  }
  const remark = wanted.remark?.trim()
  if (wanted.verdict === 'not_right' && (remark === undefined || remark === '')) return { kind: 'remark_needed' }
  const kept = remark === undefined || remark === '' ? undefined : redactSentence(remark)
  const done = await transaction(db, async (tx) => {
    const completed = await completeReview(tx, run.id, { verdict: wanted.verdict, remark: kept, by: wanted.actor })
    if (completed !== undefined) await tell(tx, run, completed, wanted.actor)
    return completed
  })
  if (done !== undefined) return { kind: 'reviewed', review: done, masked: kept !== remark && kept !== undefined }
  return { kind: 'reviewed_already', review: (await findReview(db, run.id)) ?? review }
}

async function tell(tx: Tx, run: RunRow, review: ReviewRow, by: Actor): Promise<void> {
  const { verdict, remark } = review
  const data = { verdict, ...(remark === undefined ? {} : { remark }) }
  await appendAudit(tx, { kind: 'reviewed', runId: run.id, actor: by, data })
  if (run.incidentId !== undefined)
    await addIncidentEntry(tx, run.incidentId, { kind: 'reviewed', actor: by, data: { run: run.id, ...data } })
  await showReview(tx, run.id)
  await showRun(tx, run.id)
  const user = (run.confirmedBy ?? run.actor).slack
  if (verdict === 'not_right' && user !== undefined)
    await tellPerson(tx, {
      user,
      notice: { kind: 'review_not_right', run: run.id, by, remark: remark ?? '' },
      key: `reviewed/${run.id}`,
    })
}

/** Reminds once of each review that is due; safe to call from any replica. @returns how many are told now */
export async function remindOfReviews({ db }: Pick<Services, 'db'>): Promise<number> {
  return transaction(db, async (tx) => {
    const due = await takeDueReminders(tx)
    for (const runId of due) {
      await appendAudit(tx, { kind: 'review_reminded', runId, actor: bot, data: {} })
      await showReview(tx, runId)
    }
    return due.length
  })
}
