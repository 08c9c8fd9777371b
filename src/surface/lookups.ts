import { reviewersOf } from '../catalog/reviewers.ts'
import { ruleOf } from '../operations/decide.ts'
import type { Desk } from '../operations/desk.ts'
import { ruleFor } from '../operations/policy.ts'
import { listAudit, verifyAudit } from '../store/audit.ts'
import { decisionOfRun } from '../store/automatic.ts'
import { listEvidence } from '../store/evidence.ts'
import { listHolds } from '../store/holds.ts'
import { getIncident } from '../store/incidents.ts'
import { findReview, openReviews } from '../store/reviews.ts'
import { getRun, listRuns } from '../store/runs.ts'
import { listSteps } from '../store/steps.ts'
import type { RunId } from '../store/types.ts'
import type { Card } from '../texts/blocks.ts'
import { auditCard } from '../texts/cards/audit.ts'
import { locksCard } from '../texts/cards/locks.ts'
import { policyCard } from '../texts/cards/policy.ts'
import { reviewsCard } from '../texts/cards/reviews.ts'
import { runCard, runsCard } from '../texts/cards/runs.ts'
import type { Look } from '../texts/language.ts'
import type { PolicyView, ReviewView, RunView } from '../texts/views.ts'

/** What people look up: the same data for cards and the terminal. */

export async function runsOf(desk: Desk, look: Look): Promise<Card> {
  return runsCard(await listRuns(desk.services.db, { limit: 15 }), look)
}

/** Undefined when there is no such run. */
export async function runDetailOf(desk: Desk, id: RunId, look: Look): Promise<Card | undefined> {
  const view = await runViewOf(desk, id)
  return view === undefined ? undefined : runCard(view, desk.services.catalog.channels.progress, look)
}

export async function runViewOf(desk: Desk, id: RunId): Promise<RunView | undefined> {
  const { db } = desk.services
  const run = await getRun(db, id)
  if (run === undefined) return undefined
  const [steps, evidence, incident, review, release] = await Promise.all([
    listSteps(db, id),
    listEvidence(db, id),
    run.incidentId === undefined ? undefined : getIncident(db, run.incidentId),
    findReview(db, id),
    decisionOfRun(db, id),
  ])
  const rule = ruleOf(desk, run)
  return {
    run,
    steps,
    evidence: evidence.map((item) => item.name),
    incident,
    rule: { approvals: rule.approvals, by: rule.by },
    inIncident: false,
    ...(review === undefined ? {} : { review }),
    ...(release === undefined ? {} : { release }),
  }
}

export async function locksOf(desk: Pick<Desk, 'services'>, look: Look): Promise<Card> {
  return locksCard({ holds: await listHolds(desk.services.db) }, look)
}

export async function auditOf(
  desk: Desk,
  asked: { readonly run: RunId | undefined; readonly verify: boolean },
  look: Look,
): Promise<Card> {
  const { db } = desk.services
  if (asked.verify) {
    const verdict = await verifyAudit(db)
    const verified =
      verdict.kind === 'intact'
        ? { ok: true, entries: verdict.entries }
        : { ok: false, entries: 0, seq: verdict.seq, what: verdict.what }
    return auditCard({ entries: [], run: undefined, verified }, look)
  }
  const entries = await listAudit(db, { limit: 20, ...(asked.run === undefined ? {} : { runId: asked.run }) })
  return auditCard({ entries, run: asked.run }, look)
}

/** Reviews that nobody has done yet. */
export async function reviewsOf(desk: Pick<Desk, 'services'>, look: Look): Promise<Card> {
  return reviewsCard(await reviewViewsOf(desk), look)
}

export async function reviewViewsOf({ services }: Pick<Desk, 'services'>): Promise<readonly ReviewView[]> {
  const { db, catalog } = services
  const views = await Promise.all(
    (await openReviews(db)).map(async (review): Promise<ReviewView | undefined> => {
      const run = await getRun(db, review.runId)
      if (run === undefined) return undefined
      const incident = run.incidentId === undefined ? undefined : await getIncident(db, run.incidentId)
      return { review, run, incident, reviewers: reviewersOf(catalog, review.actors) }
    }),
  )
  return views.filter((view) => view !== undefined)
}

/** The rules that hold: those of the operations' classes, and the catalog's own lines. */
export const policyOf = (desk: Rules, look: Look): Card => policyCard(policyViewOf(desk), look)

type Rules = Pick<Desk, 'services' | 'operations'>

export function policyViewOf({ services, operations }: Rules): PolicyView {
  const { catalog } = services
  const rules = [...operations.values()].flatMap((operation) => {
    const risks =
      typeof operation.risk === 'function'
        ? [operation.risk({}), operation.risk({ emergency: true })]
        : [operation.risk]
    return [...new Set(risks)].map((risk) => ({
      operation: risk === 'break-glass' ? `${operation.name} emergency` : operation.name,
      environment: undefined,
      target: undefined,
      ...ruleFor(
        { ...catalog, policies: [] },
        { operation: operation.name, risk, environment: undefined, subject: '' },
      ),
    }))
  })
  const own = catalog.policies.map((policy) => ({
    operation: policy.operation,
    environment: policy.environment,
    target: policy.target,
    approvals: policy.approvals,
    by: policy.by,
    reason: false,
    from: 'catalog' as const,
    loosened: policy.loosens,
  }))
  const people = Object.entries(catalog.people).map(([name, person]) => ({
    name,
    slack: person.slack,
    role: person.role,
  }))
  const automatic = Object.entries(catalog.apps)
    .map(([app, entry]) => ({ app, mode: entry.automatic.mode }))
    .filter(({ mode }) => mode !== 'off')
  return { rules: [...rules, ...own], people, expireMinutes: catalog.approvals.expireMinutes, automatic }
}
