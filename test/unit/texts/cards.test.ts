import { describe, expect, it } from 'vitest'
import {
  actionIds,
  decisionValue,
  lastHealthy,
  readDecision,
  readRequest,
  requestValue,
  revisionBlock,
} from '../../../src/texts/actions.ts'
import { incidentChannelName } from '../../../src/texts/cards/incident.ts'
import { noticeText } from '../../../src/texts/cards/notice.ts'
import { outcomeCard } from '../../../src/texts/cards/outcome.ts'
import { planCard } from '../../../src/texts/cards/plan.ts'
import { progressCard } from '../../../src/texts/cards/progress.ts'
import { statusCard } from '../../../src/texts/cards/status.ts'
import { mrkdwn } from '../../../src/texts/escape.ts'
import { readRollbackValues } from '../../../src/texts/modals/rollback-values.ts'
import { plainText } from '../../../src/texts/plain.ts'
import {
  confirmedRun,
  endedRun,
  exampleComponent,
  examplePlan,
  exampleRun,
  exampleSteps,
  exampleView,
  failedOutcome,
  movedOutcome,
  now,
  verified,
  waitingProgress,
} from './examples.ts'

const es = { language: 'es', now } as const
const en = { language: 'en', now } as const

type Shown = { readonly blocks: readonly unknown[]; readonly text: string }
const told = (card: Shown): string => JSON.stringify(card.blocks)

/** The buttons of a card, in order, as they come out of JSON. */
function buttonsOf(card: Shown): {
  action_id: string
  value?: string
  style?: string
  text: { text: string }
  confirm?: { style?: string; text: { text: string } }
}[] {
  const blocks = JSON.parse(told(card)) as { type: string; elements?: [] }[]
  return blocks.filter(({ type }) => type === 'actions').flatMap(({ elements }) => elements ?? [])
}

describe('the plan', () => {
  const card = planCard(exampleView(), en)

  it('tells what is so now, what comes back, what stays, and what happens if nobody decides', () => {
    const text = plainText(mrkdwn`${told(card)}`)
    for (const words of [
      '1 of 3 pods ready',
      '2 in',
      'DATABASE_URL is not set',
      'ran healthy for 9 days',
      'Not touched',
      'replicas 3',
      'Takes about 40 s',
      'no outage expected',
      'nothing happens',
    ])
      expect(text).toContain(words)
  })

  it('has buttons that name the act; the click is bound to the plan that was seen and is asked for once more', () => {
    const [confirm, ...others] = buttonsOf(card)
    expect(confirm?.text.text).toBe('Roll back to 41')
    expect(readDecision(confirm?.value)).toEqual({ run: 'R-0042', plan: '0123456789abcdef' })
    expect(confirm?.confirm?.text.text).toContain('one at a time')
    expect(others.map(({ action_id }) => action_id)).toEqual([actionIds.other, actionIds.wholePlan, actionIds.cancel])
  })

  it('never puts what is dangerous first, and marks it', () => {
    const plan = examplePlan({
      warnings: [{ code: 'irreversible_migration', data: { revision: 42, says: 'drops a column' } }],
    })
    const buttons = buttonsOf(planCard(exampleView(exampleRun({ plan })), en))
    const confirm = buttons.findIndex(({ action_id }) => action_id === actionIds.confirm)
    expect(confirm).toBeGreaterThan(0)
    expect([buttons[confirm]?.style, buttons[confirm]?.confirm?.style]).toEqual(['danger', 'danger'])
  })

  it('says that the app is out meanwhile when it is', () => {
    const plan = examplePlan({ strategy: { type: 'Recreate', maxUnavailable: undefined, maxSurge: undefined } })
    expect(told(planCard(exampleView(exampleRun({ plan })), en))).toContain('the app is out meanwhile')
  })

  it.each([
    ['25%', '25%', 'one at a time, no outage'],
    ['1', '0', 'up to 1 pod is missing'],
    ['0', '100%', '3 at a time, no outage'],
  ])('knows how pods are replaced: unavailable %s, surge %s', (maxUnavailable, maxSurge, words) => {
    const plan = examplePlan({ strategy: { type: 'RollingUpdate', maxUnavailable, maxSurge } })
    expect(told(planCard(exampleView(exampleRun({ plan })), en))).toContain(words)
  })

  it('promises no smooth change to a revision that failed before', () => {
    const plan = examplePlan({
      warnings: [{ code: 'failed_before', data: { revision: 41, reason: 'CrashLoopBackOff' } }],
    })
    const text = told(planCard(exampleView(exampleRun({ plan })), es))
    expect(text).toContain('puede que no lo estén')
    expect(text).not.toContain('no se espera corte')
  })

  it('says who must decide when it takes a second person', () => {
    const view = exampleView(exampleRun(), { rule: { approvals: 2, by: 'approver' } })
    expect(told(planCard(view, es))).toContain('necesita a una segunda persona')
  })
})

describe('a run under way', () => {
  const view = exampleView(confirmedRun(), { steps: exampleSteps(3, 'running', waitingProgress), inIncident: true })

  it.each(['plan', 'sections'] as const)('tells each step and what it waits for (%s)', (style) => {
    const text = told(progressCard(view, style, es))
    for (const words of [
      'Comparar con el plan',
      'Vigilar que se queda',
      '2 de 3 pods listos',
      'falta porttrack-app-5d7-x2k: Pulling',
    ])
      expect(text).toContain(words)
  })

  it('leaves out a step that this plan does not have, and does not count it', () => {
    const steps = exampleSteps(1)
    const card = progressCard({ ...view, steps }, 'sections', es)
    expect(told(card)).not.toContain('Cambiar pods atascados')
    expect(told(card)).toContain('1 de 5 pasos')
  })

  it('can be stopped once', () => {
    expect(buttonsOf(progressCard(view, 'plan', es)).map(({ action_id }) => action_id)).toEqual([actionIds.stop])
    const stopping = { ...view, run: confirmedRun({ stopRequestedBy: { kind: 'person', name: 'luis' } }) }
    expect(buttonsOf(progressCard(stopping, 'plan', es))).toEqual([])
    expect(told(progressCard(stopping, 'plan', es))).toContain('luis ha pedido detenerla')
  })
})

describe('an end', () => {
  it('well: what is so now, how long it took, the way back', () => {
    const card = outcomeCard(exampleView(endedRun(verified)), 'plan', en)
    expect(card.text).toContain('porttrack-app is back on revision 41')
    expect(told(card)).toContain('took 38 s')
    expect(told(card)).toContain('now numbers it 43')
    expect(buttonsOf(card)[0]?.action_id).not.toBe(actionIds.undo)
    expect(buttonsOf(card).at(-1)).toMatchObject({
      action_id: actionIds.undo,
      value: 'R-0042',
      text: { text: 'Go back to 42' },
    })
  })

  it('undone already: no second way back', () => {
    const card = outcomeCard(exampleView(endedRun(verified, { undoneBy: 'R-0043' })), 'plan', en)
    expect(buttonsOf(card).map(({ action_id }) => action_id)).not.toContain(actionIds.undo)
    expect(told(card)).toContain('undone by R-0043')
  })

  it('badly: which pods, why, what still serves, and the next thing to try', () => {
    const card = outcomeCard(exampleView(endedRun(failedOutcome)), 'plan', en)
    expect(card.text).toContain('R-0042 failed: revision 41 does not become ready either')
    expect(card.text).toContain('0 of 3 new pods ready')
    expect(card.text).toContain('The 2 old pods still serve')
    const first = buttonsOf(card)[0]
    expect(first?.text.text).toBe('Roll back to 40')
    expect(readRequest(first?.value)).toEqual({
      operation: 'rollback',
      params: {
        app: 'porttrack-app',
        toSource: 'porttrack-app-40',
        was: { revision: 40, images: ['registry.porttrack.example/porttrack/app:2.6.0'] },
      },
    })
  })

  it('of a program that died the last words are told, not the first', () => {
    const message = `INFO starting ${'INFO and so on '.repeat(20)} FATAL DATABASE_URL is not set`
    const problems = [{ pod: 'a', reason: 'CrashLoopBackOff', message, restarts: 2, exitCode: 1 }]
    const outcome = { ...failedOutcome, detail: { ...failedOutcome.detail, problems } }
    const { text } = outcomeCard(exampleView(endedRun(outcome)), 'plan', en)
    expect(text).toContain('FATAL DATABASE_URL is not set”')
    expect(text).not.toContain('INFO starting')
  })

  it('refused: who moved what, that nothing was changed, and a way to the new plan', () => {
    const card = outcomeCard(exampleView(endedRun(movedOutcome)), 'plan', en)
    expect(card.text).toContain('changed after you saw the plan')
    expect(card.text).toContain('scaled it to 5')
    expect(card.text).toContain('Nothing was changed')
    expect(buttonsOf(card)[0]?.action_id).toBe(actionIds.again)
  })

  it('the cluster went away in the middle: nobody is told that nothing was changed', () => {
    const outcome = {
      kind: 'failed',
      reason: 'cluster_away',
      detail: { app: 'porttrack-app', restored: 'unknown', message: 'ECONNRESET' },
    } as const
    const card = outcomeCard(exampleView(endedRun(outcome)), 'plan', en)
    expect(card.text).toContain('whether it was done is not known')
    expect(card.text).not.toContain('Nothing was changed')
  })

  it('that this program does not know is told by its reason word', () => {
    const card = outcomeCard(
      exampleView(endedRun({ kind: 'refused', reason: 'constructor', detail: { app: 'porttrack-app' } })),
      'plan',
      es,
    )
    expect(card.text).toContain('constructor')
    expect(card.text).toContain('No se ha cambiado nada')
  })
})

describe('the status', () => {
  const well = exampleComponent('porttrack-worker')
  const down = exampleComponent('porttrack-app', { state: 'down', reason: 'no_pod_ready', ready: 0 })
  const of = (...components: (typeof well)[]) => statusCard({ components, asOf: now.toISOString(), tookMs: 400 }, en)

  it('says first how many need a look, and which; what is in trouble comes before the rest', () => {
    const card = of(well, down)
    expect(card.text).toMatch(/^\*△ 1 of 2 components needs? a look\.\*/)
    expect(told(card).indexOf('porttrack-app')).toBeLessThan(told(card).indexOf('porttrack-worker'))
    expect(told(card)).toContain('✗ down')
  })

  it('says that all is well when it is', () => {
    expect(of(well).text).toContain('✓')
  })
})

describe('short answers', () => {
  it('name field, value and what is allowed, and that nothing was changed', () => {
    const text = plainText(
      noticeText(
        { kind: 'bad_input', field: 'revision', value: 'abc', allowed: [], hint: 'number', command: '/rollback' },
        en,
      ),
    )
    expect(text).toBe(
      'revision abc is not understood. Nothing was changed. Allowed: a whole number from 1 on. See /rollback help.',
    )
  })

  it('say who could', () => {
    const text = plainText(
      noticeText({ kind: 'denied', ability: 'start', needed: 'operator', who: ['ana', 'luis'] }, es),
    )
    expect(text).toBe(
      'No se ha hecho: hace falta el rol operador, y no lo tienes. No se ha cambiado nada. Pueden hacerlo: ana y luis.',
    )
  })

  it('are honest about an old button', () => {
    expect(plainText(noticeText({ kind: 'old_click' }, en))).toContain('Nothing ran because of this click')
  })
})

describe('what comes back from Slack', () => {
  it.each([
    undefined,
    '',
    'R-0042',
    '{"run":"R-0042"}',
    '{"run":"R-0042","plan":"x","more":1}',
    '{"run":"rm -rf","plan":"x"}',
  ])('is no decision: %s', (value) => {
    expect(readDecision(value)).toBeUndefined()
  })

  it('is read as it was written', () => {
    expect(readDecision(decisionValue({ run: 'R-0042', plan: 'abc' }))).toEqual({ run: 'R-0042', plan: 'abc' })
    expect(readRequest(requestValue({ operation: 'rollback', params: { app: 'a' } }))).toEqual({
      operation: 'rollback',
      params: { app: 'a' },
    })
    expect(readRequest('[]')).toBeUndefined()
  })

  const filled = (app: string, revision: string, reason: string | null) => ({
    app: { 'rollback:app': { selected_option: { value: app } } },
    [revisionBlock(app)]: { 'rollback:revision': { selected_option: { value: revision } } },
    [revisionBlock('porttrack-worker')]: { 'rollback:revision': { selected_option: { value: '7' } } },
    reason: { 'rollback:reason': { value: reason } },
  })

  it('a form gives app, revision and reason; the revision is that of the chosen app', () => {
    expect(readRollbackValues(filled('porttrack-app', '41', ' 500 '))).toEqual({
      app: 'porttrack-app',
      toRevision: 41,
      reason: '500',
      emergency: false,
    })
    expect(readRollbackValues(filled('porttrack-app', lastHealthy, null))).toEqual({
      app: 'porttrack-app',
      toRevision: undefined,
      reason: undefined,
      emergency: false,
    })
    const ticked = { emergency: { 'rollback:emergency': { selected_options: [{ value: 'emergency' }] } } }
    expect(readRollbackValues({ ...filled('porttrack-app', '41', '500'), ...ticked }).emergency).toBe(true)
  })

  it.each([undefined, null, 'x', { app: 1 }, { app: { 'rollback:app': { selected_option: null } } }])(
    'a form of another shape gives nothing: %j',
    (values) => {
      expect(readRollbackValues(values)).toEqual({
        app: undefined,
        toRevision: undefined,
        reason: undefined,
        emergency: false,
      })
    },
  )
})

describe('names of incident channels', () => {
  it.each([
    ['porttrack-app', 'inc-20261124-01-porttrack-app'],
    ['Ünïcode App', 'inc-20261124-01-n-code-app'],
    ['x'.repeat(100), `inc-20261124-01-${'x'.repeat(61)}`],
  ])('%s', (subject, name) => {
    expect(incidentChannelName('inc', 'INC-20261124-01', subject)).toBe(name)
  })
})
