import { describe, expect, it } from 'vitest'
import { switchColor } from '../../../src/operations/switch-color/definition.ts'
import { decideSwitch } from '../../../src/operations/switch-color/plan.ts'
import { leadsTo } from '../../../src/operations/switch-color/route.ts'
import type { SwitchFacts, SwitchParams, SwitchPlan } from '../../../src/operations/switch-color/types.ts'
import { colors, facts, readAt, route, side } from './color-facts.ts'

const decide = (given: SwitchFacts, params: Partial<SwitchParams> = {}) =>
  decideSwitch({ app: 'porttrack-web', ...params }, given)

function planOf(given: SwitchFacts, params: Partial<SwitchParams> = {}): SwitchPlan {
  const decision = decide(given, params)
  if (decision.kind !== 'proceed') throw new Error(`${decision.kind} ${decision.reason}`)
  return decision.plan
}

const codes = (given: SwitchFacts, params: Partial<SwitchParams> = {}) =>
  planOf(given, params).warnings.map(({ code }) => code)

const errors = [{ name: 'web', ok: false, status: 500, ms: 9, reason: 'unexpected_status' }]
const minutesAgo = (n: number) => new Date(Date.parse(readAt) - n * 60_000).toISOString()
const earlier = (color: string, at: string) => ({
  run: 'R-0041',
  color,
  source: `porttrack-app-${color}-5d7`,
  at,
  by: 'ana',
})
const crashing = {
  pod: 'porttrack-app-blue-a',
  revision: 2,
  reason: 'CrashLoopBackOff',
  message: '',
  restarts: 4,
  exitCode: 1,
  node: 'node-a',
  state: 'failing' as const,
  container: undefined,
}

describe('the patch of a switch', () => {
  it('tests all that people saw of the Service, and changes its selector and the label that repeats it', () => {
    expect(planOf(facts()).patch).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'uid-service' },
      { op: 'test', path: '/spec/selector', value: { app: 'porttrack', color: 'blue' } },
      { op: 'test', path: '/metadata/labels/color', value: 'blue' },
      { op: 'replace', path: '/spec/selector/color', value: 'green' },
      { op: 'replace', path: '/metadata/labels/color', value: 'green' },
    ])
  })

  it('has a way back that tests for what the switch left', () => {
    expect(planOf(facts()).backPatch).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'uid-service' },
      { op: 'test', path: '/spec/selector', value: { app: 'porttrack', color: 'green' } },
      { op: 'test', path: '/metadata/labels/color', value: 'green' },
      { op: 'replace', path: '/spec/selector/color', value: 'blue' },
      { op: 'replace', path: '/metadata/labels/color', value: 'blue' },
    ])
  })

  it('leaves a label alone that says something else, and keys with a slash are paths of one part', () => {
    const seen = { kind: 'service', key: 'shop/color', selector: { 'shop/color': 'blue' }, label: 'mine' } as const
    expect(planOf(facts({ route: route({ seen }) })).patch.at(-1)).toEqual({
      op: 'replace',
      path: '/spec/selector/shop~1color',
      value: 'green',
    })
  })
})

describe('where a Service leads', () => {
  const to = (selector: Record<string, string>) => leadsTo({ kind: 'service', key: 'color', selector }, colors)

  it.each([
    [{ app: 'web', color: 'green' }, ['green']],
    [{ app: 'web', color: 'purple' }, []],
    [{ app: 'web' }, ['blue', 'green']],
    [{}, []],
  ])('with the selector %o to %o', (selector, led) => {
    expect(to(selector as Record<string, string>)).toEqual(led)
  })
})

describe('what a decision is bound to', () => {
  const hash = (given: SwitchFacts) => JSON.stringify(switchColor.fingerprint(planOf(given)))

  it('another version on either colour, or another selector, is another decision', () => {
    const before = hash(facts())
    const others = [
      facts({ sides: [side('blue'), side('green', { templateKey: 'key-new' })] }),
      facts({ sides: [side('blue', { source: 'porttrack-app-blue-new' }), side('green')] }),
      facts({ route: route({ uid: 'uid-new' }) }),
    ]
    for (const other of others) expect(hash(other)).not.toBe(before)
  })

  it('what changes by itself is not', () => {
    const pods = side('green', { endpoints: ['other'] })
    expect(hash(facts({ readAt: minutesAgo(-9), health: errors, sides: [side('blue'), pods] }))).toBe(hash(facts()))
  })
})

describe('a second request a moment after a switch', () => {
  const switched = facts({
    route: route({ leadsTo: ['green'] }),
    left: [earlier('blue', minutesAgo(5))],
  })

  it('means the same switch: it does not go forward again to the colour that was left', () => {
    expect(decide(switched)).toMatchObject({ kind: 'refuse', reason: 'just_switched', detail: { by: 'ana' } })
  })

  it('is planned, with a warning, when the colour is named, when what serves fails, or later', () => {
    expect(codes(switched, { to: 'blue' })).toContain('left_before')
    expect(decide({ ...switched, health: errors }).kind).toBe('proceed')
    expect(decide({ ...switched, left: [earlier('blue', minutesAgo(31))] }).kind).toBe('proceed')
  })
})

describe('reasons to think twice', () => {
  it('none but that all is well', () => {
    expect(codes(facts())).toEqual(['live_healthy'])
  })

  it('a colour whose check failed with this very version; with another version it is forgotten', () => {
    const failed = [earlier('green', minutesAgo(600))]
    expect(codes(facts({ failed }))[0]).toBe('failed_before')
    const renewed = [side('blue'), side('green', { source: 'porttrack-app-green-new' })]
    expect(codes(facts({ failed, sides: renewed }))).not.toContain('failed_before')
  })

  it('a database that the live version changed for good', () => {
    const sides = [side('blue', { migration: 'drops shipments' }), side('green')]
    expect(codes(facts({ sides }))).toContain('irreversible_migration')
    const same = [side('blue', { migration: 'drops shipments' }), side('green', { migration: 'drops shipments' })]
    expect(codes(facts({ sides: same }))).not.toContain('irreversible_migration')
  })

  it('owners that may switch back, fewer pods, a check that fails for another cause, no check at all', () => {
    const gitOps = { tool: 'argocd', name: 'porttrack', seenIn: 'label' } as const
    expect(codes(facts({ route: route({ gitOps, appliedColor: 'blue' }) }))).toEqual([
      'gitops',
      'last_applied_stale',
      'live_healthy',
    ])
    expect(codes(facts({ sides: [side('blue', { ready: 5, desired: 5 }), side('green')] }))).toContain('fewer_pods')
    expect(codes(facts({ health: errors }))).toEqual(['health_fails_now'])
    const crashed = side('blue', { ready: 1, problems: [crashing] })
    expect(codes(facts({ health: errors, sides: [crashed, side('green')] }))).toEqual([])
    expect(codes(facts({ health: [] }))).toContain('no_health_checks')
  })
})

describe('a target that is not whole', () => {
  const half = side('green', { ready: 1, endpoints: ['porttrack-app-green-a'] })

  it('is refused while the live colour works, and taken with a warning when it does not', () => {
    expect(decide(facts({ sides: [side('blue'), half] }))).toMatchObject({ reason: 'not_ready' })
    expect(codes(facts({ sides: [side('blue'), half], health: errors }))[0]).toBe('target_partial')
  })

  it('in the middle of its own rollout it is not what people were shown', () => {
    const mixed = side('green', { old: 1 })
    expect(decide(facts({ sides: [side('blue'), mixed] }))).toMatchObject({ reason: 'not_ready' })
    expect(codes(facts({ sides: [side('blue'), mixed], health: errors }))[0]).toBe('target_mixed')
  })

  it('is never taken when nobody would be reached there', () => {
    const none = side('green', { ready: 0, endpoints: [] })
    expect(decide(facts({ sides: [side('blue'), none], health: errors }))).toMatchObject({ reason: 'both_broken' })
    const zero = side('green', { desired: 0, ready: 0, endpoints: [] })
    expect(decide(facts({ sides: [side('blue'), zero], health: errors }))).toMatchObject({ reason: 'scaled_to_zero' })
    const hidden = side('green', { endpoints: [], missingLabels: { tier: 'front' } })
    expect(decide(facts({ sides: [side('blue'), hidden] }))).toMatchObject({ reason: 'no_endpoints' })
  })
})

it('without the right to change the route nobody is asked', () => {
  expect(decide(facts({ mayPatch: false }))).toMatchObject({
    reason: 'forbidden',
    detail: { verb: 'patch', resource: 'services' },
  })
})

it('an app that lost its colours in the catalog is told so', () => {
  expect(decide(facts({ colors: undefined, route: undefined, sides: [] }))).toMatchObject({ reason: 'no_colors' })
})
