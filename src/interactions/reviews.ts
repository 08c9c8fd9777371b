import { type Reviewed, reviewDenied, reviewRun } from '../operations/review.ts'
import { findReview } from '../store/reviews.ts'
import { getRun } from '../store/runs.ts'
import type { RunId } from '../store/types.ts'
import { readRunId } from '../surface/run-id.ts'
import type { Asker, Surface } from '../surface/types.ts'
import { reviewInputs } from '../texts/actions.ts'
import { noticeCard, noticeText } from '../texts/cards/notice.ts'
import { reviewModal } from '../texts/modals/review.ts'
import { readRemark } from '../texts/modals/review-values.ts'
import type { Notice } from '../texts/notices.ts'
import { plainText } from '../texts/plain.ts'
import { withRun } from './runs.ts'
import type { Submission, SubmitErrors } from './submission.ts'
import type { ButtonHandler } from './types.ts'

/** "It was right": a second person's word, written down at once. */
export const reviewRightButton: ButtonHandler = (click) =>
  withRun(click, async (run) => {
    const { surface, asker, reply } = click
    const { person, actor } = asker
    const reviewed = await reviewRun(surface.desk, { run, verdict: 'right', remark: undefined, person, actor })
    await reply(noticeCard(noticeOfReview(reviewed, run), asker.look))
  })

/** "Not right…": a form for the remark, opened only for those who may write it. */
export const reviewWrongButton: ButtonHandler = (click) =>
  withRun(click, async (id) => {
    const { surface, asker, triggerId, reply } = click
    const { db, catalog } = surface.desk.services
    const [run, review] = await Promise.all([getRun(db, id), findReview(db, id)])
    if (run === undefined || review === undefined)
      return reply(noticeCard(noticeOfReview({ kind: 'no_review', run: id }, id), asker.look))
    if (review.verdict !== undefined)
      return reply(noticeCard(noticeOfReview({ kind: 'reviewed_already', review }, id), asker.look))
    const denied = reviewDenied(catalog, review, asker.person)
    if (denied !== undefined) return reply(noticeCard(noticeOfReview(denied, id), asker.look))
    await surface.web.views.open({ trigger_id: triggerId, view: reviewModal(run, asker.look) })
  })

/** The remark was written. The form closes when it is kept, or says under the field why not. */
export async function submitReview(surface: Surface, asker: Asker, submission: Submission): Promise<SubmitErrors> {
  const run = readRunId(submission.metadata)
  const refuse = (notice: Notice) => ({ [reviewInputs.remark.block]: plainText(noticeText(notice, asker.look)) })
  if (run === undefined) return refuse({ kind: 'old_click' })
  const reviewed = await reviewRun(surface.desk, {
    run,
    verdict: 'not_right',
    remark: readRemark(submission.values),
    person: asker.person,
    actor: asker.actor,
  })
  return reviewed.kind === 'reviewed' ? undefined : refuse(noticeOfReview(reviewed, run))
}

function noticeOfReview(reviewed: Reviewed, run: RunId): Notice {
  switch (reviewed.kind) {
    case 'reviewed':
      return { kind: 'reviewed', run, masked: reviewed.masked }
    case 'reviewed_already':
      return { kind: 'reviewed_already', run, by: reviewed.review.reviewedBy }
    case 'denied':
      return { ...reviewed, ability: 'review' }
    case 'no_review':
    case 'remark_needed':
      return reviewed
  }
}
