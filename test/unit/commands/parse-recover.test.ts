import { describe, expect, it } from 'vitest'
import { parseRecover } from '../../../src/commands/parse-recover.ts'

const ask = { kind: 'ask', only: undefined, database: undefined, reason: undefined }
const go = { kind: 'go', only: undefined, database: 'porttrack' }
const mongo = { kind: 'go', only: 'mongodb', database: 'papers' }

describe('/recover understands', () => {
  it.each([
    ['', ask],
    ['db', ask],
    ['bd porttrack', { ...ask, database: 'porttrack' }],
    ['mongo', { ...ask, only: 'mongodb' }],
    ['postgres porttrack', { ...ask, only: 'postgres', database: 'porttrack' }],
    ['db porttrack motivo vacía', { ...ask, database: 'porttrack', reason: 'vacía' }],
    ['DB porttrack from latest', { ...go, wishes: { point: undefined } }],
    ['db porttrack latest', { ...go, wishes: {} }],
    ['bd porttrack desde último', { ...go, wishes: { point: undefined } }],
    ['db porttrack from nightly/a.dump', { ...go, wishes: { point: 'nightly/a.dump' } }],
    ['db porttrack from "a b.dump" copy', { ...go, wishes: { point: 'a b.dump', copy: true } }],
    ['db porttrack copia', { ...go, wishes: { copy: true } }],
    ['db porttrack table public.bookings', { ...go, wishes: { scope: { kind: 'table', name: 'public.bookings' } } }],
    [
      'bd porttrack esquema public keep',
      { ...go, wishes: { scope: { kind: 'schema', name: 'public' }, apps: 'keep' } },
    ],
    [
      'bd porttrack desde ultimo escalar motivo se borró todo',
      { ...go, wishes: { point: undefined, apps: 'scale', reason: 'se borró todo' } },
    ],
    ['mongo papers latest only-live aside', { ...mongo, wishes: { onlyLive: 'aside' } }],
    ['mongo papers ultimo solo-vivas conservar usuarios', { ...mongo, wishes: { onlyLive: 'keep', users: true } }],
    ['help', { kind: 'help' }],
    ['ayuda', { kind: 'help' }],
  ])('%s', (text, meant) => {
    expect(parseRecover(text)).toEqual(meant)
  })

  it.each([
    ['redis', { field: 'recover', value: 'redis', allowed: ['db', 'mongo'] }],
    ['constructor', { field: 'recover', value: 'constructor' }],
    ['db porttrack from', { field: 'point', value: '' }],
    ['db porttrack table', { field: 'table', value: '' }],
    ['db porttrack from latest please', { field: 'word', value: 'please' }],
    ['mongo papers only-live gone', { field: 'onlyLive', value: 'gone', allowed: ['keep', 'aside'] }],
    [`db porttrack from latest reason ${'x'.repeat(1001)}`, { field: 'reason', length: 1001 }],
  ])('and says what it does not: %.40s', (text, fault) => {
    expect(parseRecover(text)).toMatchObject({ kind: 'bad_input', ...fault })
  })
})
