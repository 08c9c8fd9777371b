import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../src/store/types.ts'
import type { Card } from '../../../src/texts/blocks.ts'
import { auditCard } from '../../../src/texts/cards/audit.ts'
import { helpCard } from '../../../src/texts/cards/help.ts'
import { noticeText } from '../../../src/texts/cards/notice.ts'
import { endedElsewhereCard, outcomeCard } from '../../../src/texts/cards/outcome.ts'
import { statusCard } from '../../../src/texts/cards/status.ts'
import { statusDetailCard } from '../../../src/texts/cards/status-detail.ts'
import { threadLogCard } from '../../../src/texts/cards/thread.ts'
import { evidenceModal } from '../../../src/texts/modals/evidence.ts'
import { plainText } from '../../../src/texts/plain.ts'
import {
  endedRun,
  exampleComponent,
  exampleRevision,
  exampleRun,
  exampleSteps,
  exampleView,
  failedOutcome,
  movedOutcome,
  now,
  verified,
} from './examples.ts'

const es = { language: 'es', now } as const
const en = { language: 'en', now } as const
const told = (card: Pick<Card, 'blocks'>): string => JSON.stringify(card.blocks)
const luis = { kind: 'person', name: 'luis' } as const

describe('a status of one component', () => {
  const one = { components: [exampleComponent('porttrack-app')], asOf: now.toISOString(), tookMs: 1 }
  it('speaks of one', () => {
    expect(statusCard(one, en).text).toContain('1 component is healthy')
    expect(statusCard(one, es).text).toContain('1 componente está sano')
  })

  it('has no colon with nothing behind it', () => {
    const component = exampleComponent('porttrack-app', { state: 'degraded', detail: 'porttrack-app-7f76-x: ' })
    expect(told(statusCard({ ...one, components: [component] }, en))).not.toMatch(/7f76-x:/)
    expect(told(statusDetailCard(component, one, en))).not.toMatch(/7f76-x:/)
  })

  it('tells the time of a check once', () => {
    const health = [{ name: 'postgres', ok: true, detail: '11 ms', ms: 11 }]
    const card = told(statusDetailCard(exampleComponent('porttrack', { health }), one, en))
    expect(card).toContain('passes · postgres · 11 ms')
    expect(card.match(/11 ms/g)).toHaveLength(1)
  })
})

describe('an end', () => {
  it('tells whoever asked to stop that nothing was left to stop, also where it goes on elsewhere', () => {
    const view = exampleView(endedRun(verified, { stopRequestedBy: luis }))
    for (const card of [outcomeCard(view, 'plan', en), endedElsewhereCard(view, en)])
      expect(told(card)).toContain('luis asked to stop when nothing was left to stop.')
    expect(told(outcomeCard(exampleView(endedRun(verified)), 'plan', en))).not.toContain('asked to stop')
  })

  it('names its run once', () => {
    const view = exampleView(endedRun(failedOutcome))
    for (const card of [outcomeCard(view, 'plan', es), endedElsewhereCard(view, es)])
      expect(card.text.match(/R-0042/g)).toHaveLength(1)
    expect(endedElsewhereCard(exampleView(endedRun(verified)), es).text).toContain('R-0042')
  })

  it('that refuses to undo twice names what failed once last, and says so', () => {
    const available = [exampleRevision(7, { failedBefore: 'Error' }), exampleRevision(5)]
    const refused = {
      kind: 'refused',
      reason: 'just_rolled_back',
      detail: { app: 'porttrack-app', available },
    } as const
    const card = told(outcomeCard(exampleView(endedRun(refused)), 'plan', en))
    expect(card.indexOf('5 (')).toBeGreaterThan(0)
    expect(card.indexOf('5 (')).toBeLessThan(card.indexOf('7 ('))
    expect(card).toMatch(/7 \([^)]*failed before\)/)
    expect(card).not.toMatch(/5 \([^)]*failed before\)/)
  })

  it('says of a skipped step whether it was needed', () => {
    const steps = exampleSteps(0, 'skipped')
    const lines = (outcome: typeof verified) =>
      threadLogCard(exampleView(endedRun(outcome)), steps.slice(0, 1), en).text
    expect(lines(failedOutcome)).toMatch(/■ .+ · not done/)
    expect(lines(verified)).toMatch(/■ .+ · not needed/)
  })
})

describe('answers to what was typed', () => {
  const answer = (notice: Parameters<typeof noticeText>[0], look: typeof es | typeof en) =>
    plainText(noticeText(notice, look))

  it('offer the words of the language', () => {
    const allowed = ['to N', 'emergency', 'reason …']
    const notice = { kind: 'bad_input', field: 'word', value: 'x', allowed, hint: 'words' } as const
    expect(answer(notice, es)).toContain('Vale: a N, emergencia y motivo ….')
    expect(answer(notice, en)).toContain('Allowed: to N, emergency and reason ….')
  })

  it('say how long a reason is and may be', () => {
    const notice = { kind: 'bad_input', field: 'reason', value: 'aaa…', allowed: ['1000'], hint: 'length' } as const
    expect(answer({ ...notice, length: 1234 }, en)).toContain('it has 1234 characters and may have at most 1000')
    expect(answer(notice, es)).toContain('puede tener como mucho 1000 caracteres')
    expect(answer(notice, en)).not.toContain('not understood')
  })

  it('give a run as an example', () => {
    const notice = { kind: 'bad_input', field: 'run', value: '', allowed: ['R-0042'], hint: 'names' } as const
    expect(answer(notice, en)).toContain('For example R-0042.')
    expect(answer({ ...notice, field: 'audit', allowed: ['R-0042', 'verify'] }, es)).toContain(
      'Por ejemplo R-0042 o verify.',
    )
  })

  it('only say where the plan is in a direct message', () => {
    expect(answer({ kind: 'not_member', channel: 'C0OPS', direct: true }, es)).toBe('El plan está en #C0OPS.')
  })

  it('explain an emergency in the help', () => {
    expect(told(helpCard('/rollback', es))).toContain('también con el rollout en pausa')
    expect(told(helpCard('/rollback', en))).toContain('also when the rollout is paused')
  })
})

describe('the audit', () => {
  const bot = { kind: 'bot', name: 'rescue' } as const
  const text = (kind: string, data: AuditEntry['data'], look: typeof es | typeof en = en) => {
    const entry = { seq: 1, at: now, kind, runId: 'R-0042', actor: bot, data, hash: '' } as const
    return told(auditCard({ run: undefined, entries: [entry] }, look))
  }

  it('is told in sentences and without codes', () => {
    expect(text('evidence', { items: ['a/app'] })).toContain('the bot kept evidence')
    const step = text('step', { step: 'awaitRollout', state: 'done' })
    expect(step).toContain('the bot finished a step')
    expect(step).toContain('Wait for the pods')
    expect(text('outcome', { ...movedOutcome })).toContain('changed after you saw the plan')
    expect(text('outcome', { ...movedOutcome })).not.toContain('world_moved')
    const there = { kind: 'nothing_to_do', reason: 'already_there', detail: { app: 'porttrack-app', revision: 41 } }
    expect(text('outcome', there, es)).toContain('Nada que hacer')
    expect(text('outcome', { kind: 'not_approved', reason: 'expired' })).toContain('nobody decided in time')
    expect(text('decision', { decision: 'confirm', planHash: 'x' })).toContain('confirmed the plan')
    expect(text('denied', { decision: 'confirm', why: 'stale_plan' })).not.toContain('stale_plan')
  })

  it('shows a code that nobody has words for', () => {
    expect(text('outcome', { kind: 'refused', reason: 'constructor', detail: { app: 'a' } })).toContain('constructor')
  })
})

describe('the evidence', () => {
  it("begins with the failing pod's logs, the previous one named so, and ends with objects", () => {
    const item = (name: string, kind: 'object' | 'events' | 'log' | 'previous-log') => ({ name, kind, content: 'x' })
    const items = [
      item('pod/bad', 'object'),
      item('good/app', 'log'),
      item('events', 'events'),
      item('bad/app', 'log'),
      item('bad/app', 'previous-log'),
    ]
    const blocks = JSON.parse(JSON.stringify(evidenceModal(exampleRun(), items, en).blocks)) as {
      type: string
      text: { text: string }
    }[]
    const names = blocks.filter(({ type }) => type === 'header').map(({ text }) => text.text)
    expect(names).toEqual(['bad/app · previous log', 'bad/app', 'good/app', 'events', 'pod/bad'])
  })
})
