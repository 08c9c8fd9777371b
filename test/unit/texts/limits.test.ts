import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockProblems, tooLongTogether } from '../../../sandbox/slack/blocks/validate.ts'
import { viewProblems } from '../../../sandbox/slack/blocks/views.ts'
import type { Card } from '../../../src/texts/blocks.ts'
import { statusCard } from '../../../src/texts/cards/status.ts'
import type { Look } from '../../../src/texts/language.ts'
import { textLength } from '../../../src/texts/limits.ts'
import { allCards, allModals, friendly, type Outside } from './cards.ts'
import { exampleComponent, now } from './examples.ts'
import { hostile, problemsOf } from './hostile.ts'

const looks: readonly Look[] = [
  { language: 'es', now },
  { language: 'en', now },
]

/** What Slack would say of a card, by the same rules as the local workspace. */
function refusals(card: Card): string[] {
  return [
    ...blockProblems(card.blocks, 'message'),
    ...(tooLongTogether(card.blocks) ? ['msg_blocks_too_long'] : []),
    ...(card.text.length > 4000 ? ['msg_too_long'] : []),
    ...(card.text.trim() === '' ? ['no_text'] : []),
  ]
}

describe.each(looks)('cards in $language', (look) => {
  it.each(Object.entries(allCards(look, friendly)))('Slack takes "%s"', (_name, card) => {
    expect(refusals(card)).toEqual([])
  })

  it.each(Object.entries(allModals(look, friendly)))('Slack takes the modal "%s"', (_name, modal) => {
    expect(viewProblems(modal, 'modal')).toBeUndefined()
  })
})

const outside: fc.Arbitrary<Outside> = fc.record({ name: hostile, text: hostile })

describe.each(looks)('whatever stands in the texts from outside ($language)', (look) => {
  it('no card breaks a limit of Slack, pings anybody or forges anything', () => {
    fc.assert(
      fc.property(outside, (given) => {
        for (const [name, card] of Object.entries(allCards(look, given))) {
          expect(refusals(card), name).toEqual([])
          expect(problemsOf(card), name).toEqual([])
        }
      }),
      { numRuns: 20 },
    )
  })

  it.each([
    ['long', 'x'.repeat(4000)],
    ['long and escaped', '&<>'.repeat(1300)],
    ['long and from right to left', 'אב '.repeat(1300)],
    ['long and in pieces', '👩‍👩‍👧‍👦'.repeat(360)],
  ])('no card breaks a limit when everything is %s', (_name, text) => {
    const broken = Object.entries(allCards(look, { name: text, text })).flatMap(([name, card]) =>
      refusals(card).map((refusal) => `${name}: ${refusal}`),
    )
    expect(broken).toEqual([])
  })

  it('no modal breaks a limit of Slack', () => {
    fc.assert(
      fc.property(outside, (given) => {
        for (const [name, modal] of Object.entries(allModals(look, given)))
          expect(viewProblems(modal, 'modal'), name).toBeUndefined()
      }),
      { numRuns: 20 },
    )
  })
})

describe('more than a message can hold', () => {
  const many = Array.from({ length: 300 }, (_, index) =>
    exampleComponent(`app-${index}`, index % 3 === 0 ? { state: 'down', detail: 'no pod is ready '.repeat(10) } : {}),
  )
  const card = statusCard({ components: many, asOf: now.toISOString(), tookMs: 900 }, { language: 'en', now })

  it('keeps the first sentence and the last line, says how much is left out, and stays within the budget', () => {
    expect(refusals(card)).toEqual([])
    expect(textLength(card.blocks)).toBeLessThanOrEqual(11_000)
    expect(JSON.stringify(card.blocks[0])).toContain('100 of 300')
    expect(JSON.stringify(card.blocks)).toMatch(/and \d+ more/)
    expect(card.blocks.at(-1)?.type).toBe('actions')
    // What is shown is shown whole: the rest is left out, not cut.
    const down = card.blocks.map((block) => JSON.stringify(block)).filter((block) => block.includes('✗ down'))
    expect(down.length).toBeGreaterThan(10)
    expect(down.filter((block) => !block.includes('no pod is ready '.repeat(9)))).toEqual([])
  })
})
