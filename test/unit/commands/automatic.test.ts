import { describe, expect, it } from 'vitest'
import { parseRescue } from '../../../src/commands/parse-rescue.ts'

const wish = (mode: string, minutes?: number) => ({
  kind: 'automatic',
  app: 'porttrack-worker',
  wish: { mode, minutes },
})

describe('/rescue automatic as people type it', () => {
  it('shows all modes, or one app’s', () => {
    expect(parseRescue('automatic')).toMatchObject({ kind: 'automatic', app: undefined, wish: undefined })
    expect(parseRescue('automático porttrack-worker')).toMatchObject({ app: 'porttrack-worker', wish: undefined })
  })

  it.each([
    ['automatic porttrack-worker off for 2h', 'off', 120],
    ['automático porttrack-worker apagado durante 2h', 'off', 120],
    ['automatico porttrack-worker APAGADO por 2 h', 'off', 120],
    ['automatic porttrack-worker ask 30m', 'ask', 30],
    ['automatic porttrack-worker preguntar 90 min', 'ask', 90],
    ['automatic porttrack-worker act', 'act', undefined],
    ['automático porttrack-worker actuar', 'act', undefined],
    ['automatic porttrack-worker off 7d', 'off', 10_080],
  ])('%s', (text, mode, minutes) => {
    expect(parseRescue(text)).toEqual(wish(mode, minutes))
  })

  it('names the field, the value and what is allowed', () => {
    expect(parseRescue('automatic porttrack-worker maybe')).toMatchObject({
      kind: 'bad_input',
      field: 'mode',
      value: 'maybe',
      allowed: ['act', 'ask', 'off'],
    })
    for (const time of ['soon', '0h', '8d', 'for', '2 weeks', '-1h'])
      expect(parseRescue(`automatic porttrack-worker off ${time}`), time).toMatchObject({
        kind: 'bad_input',
        field: 'time',
        allowed: expect.arrayContaining(['2h']),
      })
  })
})
