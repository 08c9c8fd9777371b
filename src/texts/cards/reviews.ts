import { actionIds } from '../actions.ts'
import { listed, moment } from '../amounts.ts'
import { actions, button, type Card, card, context, section } from '../blocks.ts'
import { bold, code, join, lines, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { fitMessage } from '../limits.ts'
import { actorOf } from '../people.ts'
import type { ReviewView } from '../views.ts'
import { commonWords } from '../words/common.ts'
import { rescueWords } from '../words/rescue.ts'
import { reviewWords } from '../words/review.ts'
import { runWords } from '../words/run.ts'
import { reviewButtons, whatOf } from './review.ts'

/** All open reviews, the oldest first, each with its two answers. */
export function reviewsCard(views: readonly ReviewView[], look: Look): Card {
  const words = inLanguage(reviewWords, look)
  if (views.length === 0) return card(mrkdwn`${words.none}`, [section(mrkdwn`${words.none}`)])
  const head = bold(`${words.open(views.length)}.`)
  const { blocks } = fitMessage(
    { head: [section(head)], body: views.flatMap((view) => openBlocks(view, look)), tail: [] },
    (n) => context(mrkdwn`${inLanguage(commonWords, look).more(n)}`),
  )
  return card(head, blocks)
}

function openBlocks(view: ReviewView, look: Look) {
  const words = inLanguage(reviewWords, look)
  const { run, review } = view
  const names = view.reviewers.map(({ name }) => mrkdwn`${name}`)
  const about = join(
    [
      inLanguage(rescueWords, look).by(actorOf(run.confirmedBy ?? run.actor, look)),
      words.since(moment(review.requestedAt, look)),
      names.length === 0 ? undefined : words.could(listed(names, look, 10)),
    ],
    ' · ',
  )
  return [
    section(lines([mrkdwn`${code(run.id)} · ${bold(whatOf(view, look))}`, about])),
    actions(`review:${run.id}:list`, [
      ...reviewButtons(run.id, look),
      button({ action: actionIds.details, label: inLanguage(runWords, look).details, value: run.id }),
    ]),
  ]
}
