import { operationsByName } from '../operations/index.ts'
import { listHolds } from '../store/holds.ts'
import { locksOf, policyOf, policyViewOf, reviewsOf, reviewViewsOf } from '../surface/lookups.ts'
import type { Card } from '../texts/blocks.ts'
import { type Ending, exitCodes } from './exit.ts'
import { cardText } from './screen/card.ts'
import type { Io } from './screen/io.ts'
import { withLook } from './session.ts'
import type { Session } from './types.ts'

/** `rescue locks`: which targets are held, and by which runs. */
export const showLocks = (io: Io): Promise<Ending> =>
  shown(io, async (session) => ({
    card: await locksOf(session, session.look()),
    answer: {
      locks: (await listHolds(session.services.db)).map(({ target, runId, actor, since }) => ({
        target,
        run: runId,
        by: actor.name,
        since,
      })),
    },
  }))

/** `rescue reviews`: emergencies that wait for a second person's word. */
export const showReviews = (io: Io): Promise<Ending> =>
  shown(io, async (session) => ({
    card: await reviewsOf(session, session.look()),
    answer: {
      reviews: (await reviewViewsOf(session)).map(({ run, review, reviewers }) => ({
        run: run.id,
        operation: run.operation,
        by: (run.confirmedBy ?? run.actor).name,
        requestedAt: review.requestedAt,
        reviewers: reviewers.map(({ name }) => name),
      })),
    },
  }))

/** `rescue policy`: who may do what, and where the catalog says otherwise than the defaults. */
export const showPolicy = (io: Io): Promise<Ending> =>
  shown(io, async ({ services, look }) => {
    const rules = { services, operations: operationsByName }
    const { people, ...view } = policyViewOf(rules)
    const named = people.map(({ name, role }) => ({ name, role }))
    return { card: policyOf(rules, look()), answer: { ...view, people: named } }
  })

type Found = { readonly card: Card; readonly answer: Record<string, unknown> }

function shown(io: Io, find: (session: Session) => Promise<Found>): Promise<Ending> {
  return withLook(io, async (session) => {
    const { card, answer } = await find(session)
    return { code: exitCodes.ok, text: cardText(card, session.services.catalog, io.out), answer }
  })
}
