import { describe, expect, it } from 'vitest'
import { duration, listed, roughly } from '../../../src/texts/amounts.ts'
import { mrkdwn, textOf } from '../../../src/texts/escape.ts'

const es = { language: 'es' } as const
const en = { language: 'en' } as const

describe('how long', () => {
  it.each([
    [0.4, '<1 s', '<1 s'],
    [40, '40 s', '40 s'],
    [59.7, '1 min', '1 min'],
    [60, '1 min', '1 min'],
    [125, '2 min 5 s', '2 min 5 s'],
    [599.2, '9 min 59 s', '9 min 59 s'],
    [599.8, '10 min', '10 min'],
    [660, '11 min', '11 min'],
    [7500, '2 h 5 min', '2 h 5 min'],
    [9 * 86_400, '9 days', '9 días'],
  ])('%d s', (seconds, english, spanish) => {
    expect(duration(seconds, en)).toBe(english)
    expect(duration(seconds, es)).toBe(spanish)
  })

  it('roughly has one unit', () => {
    expect(roughly(360, en)).toBe('6 min')
    expect(roughly(59.9, en)).toBe('1 min')
    expect(roughly(3600 * 30, en)).toBe('30 h')
    expect(roughly(86_400 * 2, es)).toBe('2 días')
  })
})

describe('a list', () => {
  const all = ['a', 'b', 'c', 'd'].map((name) => mrkdwn`${name}`)

  it('is joined as people say it, with a ceiling', () => {
    expect(textOf(listed(all.slice(0, 1), es))).toBe('a')
    expect(textOf(listed(all.slice(0, 3), es))).toBe('a, b y c')
    expect(textOf(listed(all, en, 2))).toBe('a, b and 2 more')
    expect(textOf(listed([], en))).toBe('')
  })
})
