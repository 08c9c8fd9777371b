import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRescue } from '../../../src/commands/parse-rescue.ts'
import { parseRollback } from '../../../src/commands/parse-rollback.ts'
import { longestReason } from '../../../src/operations/reason.ts'
import { readRunId } from '../../../src/surface/run-id.ts'
import { nearest, words } from '../../../src/surface/words.ts'

const go = { kind: 'go', app: 'porttrack-app', toRevision: 3, emergency: false, reason: undefined }

describe('/rollback as people type it', () => {
  it.each([
    'porttrack-app to 3',
    'porttrack-app a 3',
    'porttrack-app to #3',
    'porttrack-app a revisión 3',
    'porttrack-app --to 3',
    'porttrack-app —to 3',
    'porttrack-app --to=3',
    'porttrack-app to=3',
    '"porttrack-app" to 3',
    '“porttrack-app” to 3',
    'porttrack-app\u00A0to\u00A03',
    '\u202Eporttrack-app\u202C to 3',
    'porttrack-app 3',
    '  porttrack-app   TO   3 ',
    'to 3 porttrack-app',
  ])('%j asks for revision 3', (text) => {
    expect(parseRollback(text)).toEqual(go)
  })

  it.each(['help', 'ayuda', 'HELP', '?'])('%j asks for help', (text) => {
    expect(parseRollback(text)).toEqual({ kind: 'help' })
  })

  it('without a revision it asks by a modal, with the app chosen', () => {
    expect(parseRollback('')).toEqual({ kind: 'ask', app: undefined })
    expect(parseRollback('porttrack-app')).toEqual({ kind: 'ask', app: 'porttrack-app' })
  })

  it('an emergency needs no revision and keeps its reason as written', () => {
    expect(parseRollback('porttrack-app emergencia motivo: la web está caída 😱')).toEqual({
      kind: 'go',
      app: 'porttrack-app',
      toRevision: undefined,
      emergency: true,
      reason: 'la web está caída 😱',
    })
  })

  it.each([
    'porttrack-app to x',
    'porttrack-app to',
    'porttrack-app to -1',
    'porttrack-app to 0',
    'porttrack-app to 99999999999',
  ])('%j names the revision as the fault', (text) => {
    expect(parseRollback(text)).toMatchObject({ kind: 'bad_input', field: 'revision', hint: 'number' })
  })

  it('refuses a word that it does not know instead of ignoring it', () => {
    expect(parseRollback('porttrack-app to 3 now')).toMatchObject({ kind: 'bad_input', field: 'word', value: 'now' })
  })

  it('refuses a reason that is too long instead of cutting it', () => {
    expect(parseRollback(`porttrack-app to 3 reason ${'x'.repeat(4000)}`)).toMatchObject({
      field: 'reason',
      hint: 'length',
      allowed: [String(longestReason)],
    })
  })

  it('never throws and never invents an app, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const parsed = parseRollback(text)
        if (parsed.kind === 'go')
          expect(words(text).some((word) => word === parsed.app || word.endsWith(parsed.app))).toBe(true)
      }),
    )
  })
})

describe('/rescue', () => {
  it.each([
    ['run R-0042', 'run'],
    ['run 42', 'run'],
    ['R-42', 'run'],
    ['detener r-0042', 'stop'],
    ['undo #42', 'undo'],
  ])('%j', (text, kind) => {
    expect(parseRescue(text)).toEqual({ kind, run: 'R-0042' })
  })

  it('names the verbs when it knows none', () => {
    expect(parseRescue('explode')).toMatchObject({
      kind: 'bad_input',
      field: 'command',
      value: 'explode',
      allowed: expect.arrayContaining(['runs', 'undo']),
    })
    expect(parseRescue('stop everything')).toMatchObject({ kind: 'bad_input', field: 'run', value: 'everything' })
  })

  it('writes long run numbers in full', () => {
    expect(readRunId('R-12345')).toBe('R-12345')
    expect(readRunId('R-')).toBeUndefined()
  })
})

describe('did you mean', () => {
  it('offers what is two edits away, and nothing further', () => {
    expect(nearest('portrack-app', ['porttrack-app', 'porttrack-worker'])).toBe('porttrack-app')
    expect(nearest('billing', ['porttrack-app', 'porttrack-worker'])).toBeUndefined()
  })
})
