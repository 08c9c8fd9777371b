import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockProblems, tooLongTogether } from '../../../sandbox/slack/blocks/validate.ts'
import { viewProblems } from '../../../sandbox/slack/blocks/views.ts'
import type { ReviewRow } from '../../../src/store/types.ts'
import type { Card } from '../../../src/texts/blocks.ts'
import { noticeCard } from '../../../src/texts/cards/notice.ts'
import { outcomeCard } from '../../../src/texts/cards/outcome.ts'
import { pageAnswerCard } from '../../../src/texts/cards/paging.ts'
import { planCard } from '../../../src/texts/cards/plan.ts'
import { reviewCard, reviewReminderCard } from '../../../src/texts/cards/review.ts'
import { reviewsCard } from '../../../src/texts/cards/reviews.ts'
import type { Look } from '../../../src/texts/language.ts'
import { emergencyModal } from '../../../src/texts/modals/emergency.ts'
import { reviewModal } from '../../../src/texts/modals/review.ts'
import type { ReviewView } from '../../../src/texts/views.ts'
import { endedRun, examplePlan, exampleRun, exampleView, now, verified } from './examples.ts'
import { hostile, problemsOf } from './hostile.ts'

const es: Look = { language: 'es', now }
const en: Look = { language: 'en', now }
const looks = [es, en]
const told = (thing: unknown): string => JSON.stringify(thing)

const review: ReviewRow = {
  runId: 'R-0042',
  actors: ['ana'],
  requestedAt: now,
  remindAt: new Date(now.getTime() + 86_400_000),
  remindedAt: undefined,
  verdict: undefined,
  remark: undefined,
  reviewedBy: undefined,
  reviewedAt: undefined,
}

/** An emergency that went well, in which everything that people wrote is `text`. */
function viewOf(text: string, more: Partial<ReviewRow> = {}): ReviewView {
  const params = { app: text, emergency: true, reason: text }
  return {
    review: { ...review, ...more },
    run: endedRun(verified, { params, plan: examplePlan({ app: text, emergency: true }) }),
    incident: undefined,
    reviewers: [
      { name: text, slack: undefined },
      { name: 'luis', slack: 'U0LUIS' },
    ],
  }
}

const by = (name: string) => ({ kind: 'person', name }) as const

function cardsOf(look: Look, text: string): Record<string, Card> {
  const reviewed = { reviewedBy: by(text), reviewedAt: now }
  return {
    open: reviewCard(viewOf(text), look),
    'nobody to ask': reviewCard({ ...viewOf(text), reviewers: [] }, look),
    reminded: reviewCard(viewOf(text, { remindedAt: now }), look),
    right: reviewCard(viewOf(text, { verdict: 'right', ...reviewed }), look),
    'not right': reviewCard(viewOf(text, { verdict: 'not_right', remark: text, ...reviewed }), look),
    reminder: reviewReminderCard(viewOf(text), look),
    none: reviewsCard([], look),
    list: reviewsCard([viewOf(text), { ...viewOf(text), run: { ...viewOf(text).run, id: 'R-0043' } }], look),
    many: reviewsCard(
      Array.from({ length: 20 }, (_, n) => ({ ...viewOf(text), run: { ...viewOf(text).run, id: `R-${1000 + n}` } })),
      look,
    ),
    seen: pageAnswerCard({ by: text, kind: 'seen', run: undefined }, look),
    'closed while busy': pageAnswerCard({ by: text, kind: 'closed_busy', run: text }, look),
    'told that it was not right': noticeCard(
      { kind: 'review_not_right', run: 'R-0042', by: by(text), remark: text },
      look,
    ),
    masked: noticeCard({ kind: 'reason_masked', run: 'R-0042' }, look),
    'reviewed, masked': noticeCard({ kind: 'reviewed', run: 'R-0042', masked: true }, look),
    'reviewed already': noticeCard({ kind: 'reviewed_already', run: 'R-0042', by: by(text) }, look),
    'no review': noticeCard({ kind: 'no_review', run: 'R-0042' }, look),
    'remark needed': noticeCard({ kind: 'remark_needed' }, look),
    'own review': noticeCard({ kind: 'denied', ability: 'review', needed: 'operator', who: [text], own: true }, look),
    'may not review': noticeCard({ kind: 'denied', ability: 'review', needed: 'operator', who: [] }, look),
  }
}

const modalsOf = (look: Look, text: string) => ({
  'emergency, app known': emergencyModal(
    { apps: [text, 'b'], app: text, toRevision: 41, reason: text, metadata: text },
    look,
  ),
  'emergency, no app': emergencyModal(
    { apps: ['a', text], app: undefined, toRevision: undefined, reason: undefined, metadata: '{}' },
    look,
  ),
  review: reviewModal(viewOf(text).run, look),
})

const refusals = (card: Card): string[] => [
  ...blockProblems(card.blocks, 'message'),
  ...(tooLongTogether(card.blocks) ? ['msg_blocks_too_long'] : []),
  ...(card.text.trim() === '' ? ['no_text'] : []),
]

describe.each(looks)('whatever people write, in $language', (look) => {
  it('no card breaks a limit of Slack, pings anybody or forges anything', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const [name, card] of Object.entries(cardsOf(look, text)))
          expect([...refusals(card), ...problemsOf(card)], name).toEqual([])
      }),
      { numRuns: 25, examples: [['porttrack-app'], ['x'.repeat(4000)], ['&<>'.repeat(1300)]] },
    )
  })

  it('no form breaks a limit of Slack', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const [name, modal] of Object.entries(modalsOf(look, text)))
          expect(viewProblems(modal, 'modal'), name).toBeUndefined()
      }),
      { numRuns: 25, examples: [['porttrack-app'], ['x'.repeat(4000)]] },
    )
  })
})

describe('the review', () => {
  it('mentions those who may do it, and offers no word that was given already', () => {
    const open = told(reviewCard(viewOf('porttrack-app'), es))
    expect(open).toContain('<@U0LUIS>')
    expect(open).toContain('review:right')
    const right = told(reviewCard(viewOf('porttrack-app', { verdict: 'right', reviewedBy: by('luis') }), es))
    expect(right).toContain('Revisada: fue lo correcto')
    expect(right).not.toMatch(/review:(right|wrong)/)
  })

  it('that found it wrong offers the way back, one that found it right does not', () => {
    const done = { reviewedBy: by('luis'), reviewedAt: now }
    expect(told(reviewCard(viewOf('a', { verdict: 'not_right', remark: 'x', ...done }), es))).toContain('run:undo')
    expect(told(reviewCard(viewOf('a', { verdict: 'right', ...done }), es))).not.toContain('run:undo')
  })
})

describe('an emergency', () => {
  it('says on its plan what confirming it means', () => {
    const card = told(planCard(exampleView(exampleRun({ plan: examplePlan({ emergency: true }) })), en))
    expect(card).toContain('Confirming it pages the people on call at once, and another person reviews it afterwards')
    expect(told(planCard(exampleView(), en))).not.toContain('pages the people on call')
  })

  it('is one button away where a pause stood in the way', () => {
    const outcome = { kind: 'refused', reason: 'paused', detail: { app: 'porttrack-app', pausedBy: {} } } as const
    const card = outcomeCard(exampleView(endedRun(outcome)), 'plan', es)
    expect(told(card)).toMatch(/"action_id":"app:emergency".*"value":"porttrack-app"/)
  })

  it('that ended a pause says so', () => {
    const outcome = { ...verified, detail: { ...verified.detail, resumed: true } }
    expect(told(outcomeCard(exampleView(endedRun(outcome)), 'plan', es))).toContain(
      'estaba en pausa y vuelve a avanzar',
    )
    expect(told(outcomeCard(exampleView(endedRun(verified)), 'plan', es))).not.toContain('en pausa')
  })
})
