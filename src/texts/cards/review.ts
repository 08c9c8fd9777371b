import type { Button } from '@slack/types'
import type { ReviewRow, RunId } from '../../store/types.ts'
import { actionIds } from '../actions.ts'
import { listed, moment } from '../amounts.ts'
import { actions, button, type Card, card, confirmDialog, context, section } from '../blocks.ts'
import { cutPlain } from '../clean.ts'
import { textIn } from '../data.ts'
import { bold, channelLink, code, join, lines, type Mrkdwn, mention, mrkdwn, time } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { operationTexts } from '../operation-texts.ts'
import { actorOf } from '../people.ts'
import type { ReviewView } from '../views.ts'
import { reviewWords } from '../words/review.ts'
import { runWords } from '../words/run.ts'
import { outcomeShape, outcomeWords } from './outcome.ts'

/** What was done at once, by whom and why, how it ended; then who should say whether it was right, or who said what. */
export function reviewCard(view: ReviewView, look: Look): Card {
  const { review, run } = view
  const head = bold(mrkdwn`${stateOf(review, look)} · ${whatOf(view, look)}`)
  const body = join([doneBy(view, look), endOf(view, look)], ' ')
  const asks = review.verdict === undefined ? asking(view, look) : said(review, look)
  const buttons = review.verdict === undefined ? reviewButtons(run.id, look) : wayBack(view, look)
  return card(mrkdwn`${head}. ${asks}`, [
    section(lines([head, body])),
    section(asks),
    context(code(run.id)),
    actions(`review:${run.id}:${review.verdict ?? 'open'}`, [
      ...buttons,
      button({ action: actionIds.details, label: inLanguage(runWords, look).details, value: run.id }),
    ]),
  ])
}

function stateOf({ verdict }: ReviewRow, look: Look): string {
  const words = inLanguage(reviewWords, look)
  if (verdict === undefined) return `△ ${words.pending}`
  return verdict === 'right' ? `✓ ${words.right}` : `▲ ${words.notRight}`
}

/** What was done, in a sentence without its full stop. */
export function whatOf({ run }: Pick<ReviewView, 'run'>, look: Look): Mrkdwn {
  const texts = operationTexts(run.operation)
  return run.plan === undefined ? texts.asked(run.params, look) : texts.plan(run.plan, look).what
}

function doneBy({ run }: ReviewView, look: Look): Mrkdwn {
  const words = inLanguage(reviewWords, look)
  const reason = cutPlain(textIn(run.params, 'reason').trim(), 300)
  return join(
    [
      words.did(actorOf(run.confirmedBy ?? run.actor, look), moment(run.confirmedAt ?? run.createdAt, look)),
      reason === '' ? undefined : words.why(mrkdwn`${reason}`),
    ],
    ' ',
  )
}

function endOf({ run, incident }: ReviewView, look: Look): Mrkdwn {
  const words = inLanguage(reviewWords, look)
  const shown = { run, steps: [], evidence: [], incident, inIncident: true }
  const end = mrkdwn`${outcomeShape(shown)} ${outcomeWords(shown, look).headline}`
  const channel = incident?.channel
  return join(
    [words.ended(end), channel === undefined ? undefined : words.allIn(channelLink(channel, incident?.channelName))],
    ' ',
  )
}

function asking(view: ReviewView, look: Look): Mrkdwn {
  const words = inLanguage(reviewWords, look)
  const { review } = view
  const who = peopleIn(view, look)
  const next = review.remindedAt === undefined ? words.remindsAt(time(review.remindAt, 'date')) : words.reminded
  return join([who === undefined ? words.nobody : words.please(who), next], ' ')
}

/** Mentioned, so that Slack tells them. */
function peopleIn({ reviewers }: Pick<ReviewView, 'reviewers'>, look: Look): Mrkdwn | undefined {
  if (reviewers.length === 0) return undefined
  return listed(
    reviewers.map(({ name, slack }) => (slack === undefined ? mrkdwn`${name}` : mention(slack))),
    look,
    10,
  )
}

function said(review: ReviewRow, look: Look): Mrkdwn {
  const words = inLanguage(reviewWords, look)
  const remark = cutPlain(review.remark ?? '', 1500)
  return join(
    [
      words.by(actorOf(review.reviewedBy, look), moment(review.reviewedAt ?? look.now, look)),
      remark === '' ? undefined : words.remark(mrkdwn`${remark}`),
    ],
    ' · ',
  )
}

/** The two answers; what accuses is never the first under a thumb. */
export function reviewButtons(run: RunId, look: Look): readonly Button[] {
  const words = inLanguage(reviewWords, look)
  return [
    button({
      action: actionIds.reviewRight,
      label: words.rightButton,
      value: run,
      confirm: confirmDialog(words.rightConfirm),
    }),
    button({ action: actionIds.reviewWrong, label: words.notRightButton, value: run }),
  ]
}

/** It was not right: the way back is one plan away, where there is one. */
function wayBack({ review, run, incident }: ReviewView, look: Look): readonly Button[] {
  if (review.verdict !== 'not_right' || run.undoneBy !== undefined) return []
  const { next } = outcomeWords({ run, steps: [], evidence: [], incident, inIncident: true }, look)
  return next.flatMap((each) =>
    each.kind === 'undo'
      ? [
          button({
            action: actionIds.undo,
            label: each.label,
            value: run.id,
            ...(each.confirm === undefined ? {} : { confirm: confirmDialog(each.confirm) }),
          }),
        ]
      : [],
  )
}

/** Said once below the card, so that those who may review hear of it again. */
export function reviewReminderCard(view: ReviewView, look: Look): Card {
  const words = inLanguage(reviewWords, look)
  const who = peopleIn(view, look)
  const run = code(view.run.id)
  const text = who === undefined ? words.reminderNobody(run) : words.reminder(run, who)
  return card(text, [section(text)])
}
