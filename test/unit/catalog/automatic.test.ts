import { describe, expect, it } from 'vitest'
import { automaticSchema } from '../../../src/catalog/automatic.ts'

const limits = { windowMinutes: 30, coolDownMinutes: 15, mostPerHour: 2, answerMinutes: 5, gitOps: 'leave' }

describe('what the catalog lets the bot do by itself', () => {
  it('is nothing unless it is written', () => {
    expect(automaticSchema.parse(undefined)).toEqual({ mode: 'off', ...limits })
  })

  it('is a word, or a word with limits of its own', () => {
    expect(automaticSchema.parse('act')).toEqual({ mode: 'act', ...limits })
    expect(automaticSchema.parse({ mode: 'ask', answerMinutes: 0 })).toEqual({
      mode: 'ask',
      ...limits,
      answerMinutes: 0,
    })
  })

  it.each([
    ['a word that is none', 'always', ['mode']],
    ['no mode', { windowMinutes: 10 }, ['mode']],
    ['a limit that is misspelt', { mode: 'act', windowMinute: 10 }, []],
    ['a window without end', { mode: 'act', windowMinutes: 0 }, ['windowMinutes']],
    ['a loop', { mode: 'act', mostPerHour: 1000 }, ['mostPerHour']],
  ])('%s is refused, by its field', (_what, given, path) => {
    expect(automaticSchema.safeParse(given).error?.issues[0]?.path).toEqual(path)
  })
})
