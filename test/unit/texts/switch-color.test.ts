import { describe, expect, it } from 'vitest'
import { outcomeReasons, warningCodes } from '../../../src/operations/switch-color/types.ts'
import type { OutcomeRow } from '../../../src/store/types.ts'
import { actionIds, readRequest } from '../../../src/texts/actions.ts'
import { outcomeCard, outcomeWords } from '../../../src/texts/cards/outcome.ts'
import { planCard } from '../../../src/texts/cards/plan.ts'
import type { Look } from '../../../src/texts/language.ts'
import { plainText } from '../../../src/texts/plain.ts'
import { facts, side } from '../operations/color-facts.ts'
import { friendly } from './cards.ts'
import { colorEnd, colorModals, colorPlan, colorRun } from './color-cards.ts'
import { exampleView, now } from './examples.ts'

const es = { language: 'es', now } as const
const en = { language: 'en', now } as const
const whole = (card: { readonly blocks: readonly unknown[] }): string => JSON.stringify(card.blocks)
const sides = { from: side('blue'), to: side('green') }
const about = { app: 'porttrack-web', route: colorPlan().route, ...sides }

const end = (kind: OutcomeRow['kind'], reason: string, detail: object, look: Look = en) => {
  const view = exampleView(colorEnd({ kind, reason, detail: { ...about, ...detail } }))
  const words = outcomeWords(view, look)
  const text = [words.headline, ...words.lines].map((line) => plainText(line)).join(' ')
  return { text, buttons: words.next, card: outcomeCard(view, 'plan', look) }
}

describe('the plan of a switch', () => {
  it('tells both colours with numbers, what changes, what stays, and what happens afterwards', () => {
    const text = whole(planCard(exampleView(colorRun()), en))
    for (const words of [
      '*Switch porttrack-web to green*',
      'Now *blue* serves (`app:2.7.3`, revision 2)',
      '2 of 2 pods ready, health: web 200',
      '*green* stands by (`app:2.7.2`, revision 2)',
      '`service/porttrack-app-service` leads to *green* instead of *blue*',
      'Not touched: both workloads',
      'switched back by itself',
      'nothing happens',
    ])
      expect(text).toContain(words)
  })

  it('puts what is dangerous not first, and red', () => {
    const failed = [{ run: 'R-0040', color: 'green', source: side('green').source, at: now.toISOString(), by: 'ana' }]
    const text = whole(planCard(exampleView(colorRun(colorPlan(facts({ failed })))), es))
    expect(text).toContain('▲ *green* no pasó su chequeo')
    expect(text.indexOf(actionIds.other)).toBeLessThan(text.indexOf(actionIds.confirm))
    expect(text).toContain('"style":"danger"')
  })
})

describe('how a switch ended', () => {
  it('well: who serves, that the other is still there, and the way back', () => {
    const health = [{ name: 'web', ok: true, status: 200, ms: 9 }]
    const told = end('verified', 'switched', { switched: true, reached: { ready: 2 }, health })
    expect(told.text).toBe(
      'porttrack-web is now on green 2 pods take the requests. Health: web 200. blue stays as it was, ready for the way back.',
    )
    expect(told.buttons).toMatchObject([{ kind: 'undo', label: 'Go back to blue' }])
  })

  it('back by itself: what failed, and that people are served as before; no undo of what is undone', () => {
    const health = [{ name: 'web', ok: false, status: 500, ms: 9, reason: 'unexpected_status' }]
    const told = end('failed', 'switched_back', { switched: false, returned: true, serving: 2, why: 'health', health })
    expect(told.text).toContain('green did not pass its check: porttrack-web is back on blue')
    expect(told.text).toContain('web fails (500)')
    expect(told.text).toContain('2 pods of blue take the requests again')
    expect(told.buttons.map(({ kind }) => kind)).toEqual(['other'])
  })

  it('neither there nor back: says where people are, and what the cluster said', () => {
    const told = end('failed', 'not_switched_back', { switched: true, why: 'endpoints', message: 'no answer' }, es)
    expect(told.text).toContain('no se pudo devolver a blue')
    expect(told.text).toContain('Todo el mundo sigue llegando a green.')
    expect(told.text).toContain('“no answer”')
  })

  it('refused: what to type to mend it, and that nothing was changed', () => {
    const zero = { to: side('green', { desired: 0, ready: 0, endpoints: [] }) }
    expect(end('refused', 'scaled_to_zero', zero).text).toContain(
      'kubectl scale deployment/porttrack-app-green -n porttrack --replicas=2',
    )
    const hidden = { to: side('green', { endpoints: [], missingLabels: { tier: 'front' }, missingPorts: ['http'] }) }
    expect(end('refused', 'no_endpoints', hidden).text).toMatch(/lack tier=front\. It has no port http\./)
    const seen = { kind: 'service', key: 'color', selector: { color: 'purple' } }
    expect(end('refused', 'route_unclear', { sides: [side('blue')], leadsTo: [], seen }).text).toContain(
      `kubectl patch service porttrack-app-service -n porttrack -p '{"spec":{"selector":{"color":"blue"}}}'`,
    )
    for (const [reason, detail] of [
      ['scaled_to_zero', zero],
      ['no_endpoints', hidden],
    ] as const)
      expect(end('refused', reason, detail).text).toMatch(/Nothing was changed\.$/)
  })

  it('both broken: how both are, and a button for a colour that is an app of its own', () => {
    const broken = { ready: 0, endpoints: [], app: 'porttrack-app-blue' }
    const told = end('refused', 'both_broken', { from: side('blue', broken), to: side('green', { ready: 0 }) }, es)
    expect(told.text).toContain('blue: 0 de 2 pods listos.')
    expect(told.text).toContain('kubectl rollout undo deployment/porttrack-app-blue -n porttrack')
    const [button] = told.card.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []))
    expect(button?.type === 'button' ? readRequest(button.value) : undefined).toEqual({
      operation: 'rollback',
      params: { app: 'porttrack-app-blue' },
    })
  })

  const reasons = Object.entries(outcomeReasons).flatMap(([kind, list]) =>
    list.map((reason) => [kind as OutcomeRow['kind'], reason] as const),
  )
  it.each(reasons)('%s %s has words of its own in both languages', (kind, reason) => {
    const [english, spanish] = [en, es].map((look) => end(kind, reason, {}, look).text)
    expect(english).not.toMatch(/_|: (switched|stopped|forbidden|unauthorized)$/)
    expect(spanish).not.toBe(english)
  })

  it.each(warningCodes)('the warning %s has words of its own in both languages', (code) => {
    const plan = colorPlan(facts(), { warnings: [{ code, data: { color: 'green' } }] })
    const [english, spanish] = [en, es].map((look) => whole(planCard(exampleView(colorRun(plan)), look)))
    expect(english).not.toContain(code)
    expect(english).toMatch(/[▲△]/)
    expect(spanish).not.toBe(english)
  })
})

describe('the form of an app with two colours', () => {
  it('offers the other colour, already chosen; of a refusal it says why and has nothing to send', () => {
    const { 'colors, there': there, 'colors, refused': refused } = colorModals(en, friendly)
    expect(whole(there)).toContain('"block_id":"color:porttrack-app"')
    expect(whole(there)).toMatch(/"initial_option":\{"value":"green"/)
    expect(there.submit).toBeDefined()
    expect(whole(there)).not.toContain('rollback:emergency')
    expect(whole(refused)).toContain('both colors of')
    expect(refused.submit).toBeUndefined()
  })
})
