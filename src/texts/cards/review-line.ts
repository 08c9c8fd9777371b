import type { ReviewRow } from '../../store/types.ts'
import { type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { actorOf } from '../people.ts'
import { reviewWords } from '../words/review.ts'

/** How the review of a run stands, for the small print of its own cards. */
export function reviewLine(review: ReviewRow | undefined, look: Look): Mrkdwn | undefined {
  if (review === undefined) return undefined
  const words = inLanguage(reviewWords, look).onRun
  if (review.verdict === undefined) return mrkdwn`${words.open}`
  const who = actorOf(review.reviewedBy, look)
  return review.verdict === 'right' ? words.right(who) : words.notRight(who)
}
