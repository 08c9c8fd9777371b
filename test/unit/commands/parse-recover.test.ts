import { describe, expect, it } from 'vitest'
import { parseRecover } from '../../../src/commands/parse-recover.ts'

const go = { kind: 'go', point: undefined, copy: false, apps: undefined, reason: undefined }

describe('/recover understands', () => {
  it.each([
    ['', { kind: 'ask', database: undefined, reason: undefined }],
    ['db', { kind: 'ask', database: undefined, reason: undefined }],
    ['bd porttrack', { kind: 'ask', database: 'porttrack', reason: undefined }],
    ['DB porttrack from latest', { ...go, database: 'porttrack' }],
    ['bd porttrack desde último', { ...go, database: 'porttrack' }],
    ['db porttrack from nightly/a.dump', { ...go, database: 'porttrack', point: 'nightly/a.dump' }],
    ['db porttrack from "a b.dump" copy', { ...go, database: 'porttrack', point: 'a b.dump', copy: true }],
    [
      'bd porttrack desde ultimo escalar motivo se borró todo',
      { ...go, database: 'porttrack', apps: 'scale', reason: 'se borró todo' },
    ],
    ['help', { kind: 'help' }],
    ['ayuda', { kind: 'help' }],
  ])('%s', (text, meant) => {
    expect(parseRecover(text)).toEqual(meant)
  })

  it.each([
    ['redis', { field: 'recover', value: 'redis' }],
    ['db porttrack from', { field: 'point', value: '' }],
    ['db porttrack from latest please', { field: 'word', value: 'please' }],
    [`db porttrack from latest reason ${'x'.repeat(1001)}`, { field: 'reason', length: 1001 }],
  ])('and says what it does not: %.40s', (text, fault) => {
    expect(parseRecover(text)).toMatchObject({ kind: 'bad_input', ...fault })
  })
})
