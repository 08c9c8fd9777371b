import { describe, expect, it } from 'vitest'
import { parseRescue } from '../../../src/commands/parse-rescue.ts'
import { parseRollback } from '../../../src/commands/parse-rollback.ts'

describe('an emergency that says too little is asked for the rest', () => {
  it.each([
    ['porttrack-app emergency', { app: 'porttrack-app', toRevision: undefined, reason: undefined }],
    ['porttrack-app a 41 emergencia', { app: 'porttrack-app', toRevision: 41, reason: undefined }],
    ['emergencia', { app: undefined, toRevision: undefined, reason: undefined }],
    ['emergencia motivo 500 en todo', { app: undefined, toRevision: undefined, reason: '500 en todo' }],
    ['porttrack-app —emergencia motivo', { app: 'porttrack-app', toRevision: undefined, reason: undefined }],
  ])('%s', (text, asked) => {
    expect(parseRollback(text)).toMatchObject({ kind: 'ask_emergency', ...asked })
  })

  it('one that says all of it goes on at once', () => {
    expect(parseRollback('porttrack-app emergencia motivo 500')).toMatchObject({ kind: 'go', emergency: true })
  })
})

it.each(['reviews', 'revisiones', 'Revisión'])('/rescue %s lists the open reviews', (word) => {
  expect(parseRescue(word)).toEqual({ kind: 'reviews' })
})
