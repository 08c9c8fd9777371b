import type { Button } from '@slack/types'
import { describe, expect, it } from 'vitest'
import { actionIds, readDecision, readRequest } from '../../../src/texts/actions.ts'
import type { Card } from '../../../src/texts/blocks.ts'
import { askCard, leftCard, pagedRelease } from '../../../src/texts/cards/automatic.ts'
import { leftWhy } from '../../../src/texts/cards/automatic-why.ts'
import { textOf } from '../../../src/texts/escape.ts'
import { plainText } from '../../../src/texts/plain.ts'
import { leaveReasons } from '../../../src/watchers/automatic/judge.ts'
import { signals } from '../../../src/watchers/bad-releases/types.ts'
import { exampleDecision, exampleRelease } from './automatic-cards.ts'
import { friendly } from './cards.ts'
import { exampleRun, exampleView, now } from './examples.ts'

const es = { language: 'es', now } as const
const en = { language: 'en', now } as const
const release = exampleDecision(friendly)
const left = { release: exampleRelease(friendly), reason: 'cool_down', detail: { run: 'R-0041' } }

const buttons = (card: Card): readonly Button[] =>
  card.blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements.filter((element) => element.type === 'button') : [],
  )
const whole = (card: Card): string => JSON.stringify(card.blocks)

describe('a question of the watcher', () => {
  const card = askCard(exampleView(exampleRun(), { release }), release, en)

  it('says first what is bad and how that was seen, then what going back would do', () => {
    expect(card.text).toMatch(/^\*porttrack-app: revision 42 is bad\*, its pods crash again and again\. /)
    expect(whole(card)).toMatch(/CrashLoopBackOff · exit 1 · 1 restart/)
    expect(whole(card)).toContain('and 2 more sights')
    expect(whole(card)).toContain('Roll back porttrack-app to revision 41?')
    expect(whole(card)).toMatch(/Without a click nothing changes: the person on call is paged at/)
  })

  it('has a button bound to the plan, under a name that is not that of a person’s own plan', () => {
    const [first] = buttons(card)
    expect(first).toMatchObject({ action_id: actionIds.automaticConfirm, confirm: expect.anything() })
    expect(readDecision(first?.value)).toMatchObject({ run: 'R-0042' })
    expect(buttons(card).map((button) => button.action_id)).not.toContain(actionIds.confirm)
  })

  it('tells that nobody answered, once that is so', () => {
    const late = askCard(exampleView(exampleRun(), { release }), { ...release, escalatedAt: now }, es)
    expect(whole(late)).toContain('Nadie ha respondido')
    expect(whole(late)).not.toContain('se avisa a quien esté de guardia')
  })
})

describe('a release that is left to people', () => {
  it('says why, that nothing was changed, and offers every way on', () => {
    const card = leftCard(left, en)
    expect(card.text).toMatch(/I leave it to you: I rolled this app back with `R-0041` a moment ago/)
    expect(card.text).toContain('Nothing was changed.')
    const ids = buttons(card).map((button) => button.action_id)
    expect(ids).toEqual([actionIds.request, actionIds.statusDetail, actionIds.emergency, actionIds.automaticMute])
    const [plan] = buttons(card)
    expect(readRequest(plan?.value)).toEqual({
      operation: 'rollback',
      params: { app: 'porttrack-app' },
    })
  })

  it.each(leaveReasons)('has words of its own for %s, in both languages', (reason) => {
    const [english, spanish] = [en, es].map((look) => textOf(leftWhy(reason, {}, look)))
    expect(english).not.toContain(`\`${reason}\``)
    expect(english?.length).toBeGreaterThan(10)
    expect(spanish).not.toBe(english)
  })

  it.each(signals)('has words for the signal %s', (signal) => {
    const told = pagedRelease({ release: { ...exampleRelease(friendly), signal }, detail: {} }, 'act', es)
    expect(plainText(told.headline)).not.toContain(signal)
  })
})

describe('whoever is called', () => {
  it('hears what is bad, and what happens about it', () => {
    const said = (reason: string) => plainText(pagedRelease(release, reason, en).headline)
    expect(said('act')).toBe(
      'porttrack-app: revision 42 is bad, its pods crash again and again; being rolled back automatically',
    )
    expect(said('unanswered')).toContain('nobody answered')
    expect(said('old_failing')).toContain('left to people')
    expect(
      pagedRelease(release, 'old_failing', en)
        .lines.map((line) => plainText(line))
        .join(' '),
    ).toContain('fail as well')
  })
})
