import { describe, expect, it } from 'vitest'
import { presentMode } from '../../../src/operations/automatic-mode.ts'
import type { RollbackPlan, WarningCode } from '../../../src/operations/rollback/types.ts'
import type { RunRow } from '../../../src/store/types.ts'
import { judge, type Situation } from '../../../src/watchers/automatic/judge.ts'
import type { BadRelease } from '../../../src/watchers/bad-releases/types.ts'
import { examplePlan, exampleRevision, exampleRun } from '../texts/examples.ts'

const now = new Date('2026-11-24T03:12:00Z')
const minutes = (n: number): Date => new Date(now.getTime() + n * 60_000)
const settings = {
  mode: 'act',
  windowMinutes: 30,
  coolDownMinutes: 15,
  mostPerHour: 2,
  answerMinutes: 5,
  gitOps: 'leave',
} as const

const release: BadRelease = {
  app: 'porttrack-app',
  cluster: 'main',
  workload: { namespace: 'porttrack', kind: 'deployment', name: 'porttrack-app' },
  uid: 'u-1',
  revision: 42,
  source: 'porttrack-app-5d7',
  templateKey: 'k-42',
  releasedAt: minutes(-2).toISOString(),
  signal: 'crash_loop',
  visibleAt: now.toISOString(),
  judgedAt: now.toISOString(),
  sights: [],
  oldFailing: false,
  restartOnly: false,
}

const actor = { kind: 'person', name: 'ana' } as const
const planned = (more: Partial<RollbackPlan> = {}) =>
  ({ kind: 'proceed', plan: examplePlan({ warnings: [], ...more }) }) as const
const warned = (code: WarningCode, data: Record<string, unknown> = {}) => planned({ warnings: [{ code, data }] })

const situation = (more: Partial<Situation> = {}): Situation => ({
  release,
  settings,
  mode: presentMode('porttrack-app', { automatic: settings }, undefined, now),
  now,
  putBack: undefined,
  atWork: undefined,
  reading: undefined,
  own: [],
  personActedAt: undefined,
  approvals: 1,
  planned: planned(),
  stillThere: true,
  ...more,
})

const modeOf = (catalog: 'act' | 'ask' | 'off', set?: 'off' | 'ask', until?: Date) =>
  presentMode(
    'porttrack-app',
    { automatic: { ...settings, mode: catalog } },
    set === undefined ? undefined : { app: 'porttrack-app', mode: set, until, actor, at: now },
    now,
  )

/** A rollback that the watcher confirmed so many minutes ago. */
const earlier = (ago: number, kind: 'verified' | 'failed' = 'verified'): RunRow =>
  exampleRun({
    id: 'R-0007',
    state: 'ended',
    confirmedBy: { kind: 'watcher', name: 'releases' },
    confirmedAt: minutes(-ago),
    outcome: { kind, reason: 'x', detail: {} },
  })

const reasonOf = (more: Partial<Situation>): string => {
  const verdict = judge(situation(more))
  return verdict.kind === 'leave' ? verdict.reason : verdict.kind
}

describe('what is done about a bad release', () => {
  it('acts where the catalog says so, asks where it says that', () => {
    expect(judge(situation())).toEqual({ kind: 'act' })
    expect(judge(situation({ mode: modeOf('ask') }))).toEqual({ kind: 'ask', because: undefined })
    expect(reasonOf({ mode: modeOf('off') })).toBe('off')
  })

  it('asks where a policy wants two people: no machine is the second one', () => {
    expect(judge(situation({ approvals: 2 }))).toEqual({ kind: 'ask', because: 'two_people' })
  })

  it('does what people set, as long as that holds, and never more than the catalog allows', () => {
    expect(reasonOf({ mode: modeOf('act', 'off', minutes(5)) })).toBe('muted')
    expect(reasonOf({ mode: modeOf('act', 'off') })).toBe('muted')
    expect(reasonOf({ mode: modeOf('act', 'off', minutes(-5)) })).toBe('act')
    expect(reasonOf({ mode: modeOf('act', 'ask') })).toBe('ask')
    expect(reasonOf({ mode: modeOf('off', 'ask') })).toBe('off')
  })

  it.each<[string, Partial<Situation>]>([
    ['acted_already', { putBack: { run: earlier(3), by: 'argocd' } }],
    ['too_old', { release: { ...release, releasedAt: minutes(-31).toISOString() } }],
    ['person_at_work', { atWork: exampleRun({ state: 'running' }) }],
    ['last_failed', { own: [earlier(50, 'failed')] }],
    ['cool_down', { own: [earlier(14)] }],
    ['too_many', { own: [earlier(20), earlier(50)] }],
    ['gone', { stillThere: false }],
    ['old_failing', { release: { ...release, oldFailing: true } }],
    ['old_failing', { planned: warned('target_failing_too') }],
    ['restart_only', { release: { ...release, restartOnly: true } }],
    ['node_fault', { planned: warned('node_trouble') }],
    ['irreversible_migration', { planned: warned('irreversible_migration') }],
    ['config_missing', { planned: warned('config_missing') }],
    ['no_safe_revision', { planned: planned({ to: exampleRevision(41, { failedBefore: 'CrashLoopBackOff' }) }) }],
    ['no_safe_revision', { planned: { kind: 'refuse', reason: 'no_history', detail: {} } }],
    ['paused', { planned: { kind: 'refuse', reason: 'paused', detail: {} } }],
    ['gone', { planned: { kind: 'nothing_to_do', reason: 'already_there', detail: {} } }],
    ['cannot_plan', { planned: { kind: 'refuse', reason: 'forbidden', detail: {} } }],
    ['gitops', { planned: warned('gitops', { tool: 'argocd' }) }],
  ])('leaves it to people: %s', (reason, more) => {
    expect(reasonOf(more)).toBe(reason)
  })

  it('acts on what a repository owns only where the catalog says so, and may always ask about it', () => {
    const owned = warned('gitops', { tool: 'argocd' })
    expect(reasonOf({ planned: owned, settings: { ...settings, gitOps: 'act' } })).toBe('act')
    expect(reasonOf({ planned: owned, mode: modeOf('ask') })).toBe('ask')
  })
})

describe('never in a loop', () => {
  it('after one that failed there is no second one before a person has acted since', () => {
    const own = [earlier(50, 'failed')]
    expect(reasonOf({ own, personActedAt: minutes(-51) })).toBe('last_failed')
    expect(reasonOf({ own, personActedAt: minutes(-49) })).toBe('act')
  })

  it('counts the last hour only, and waits for the cool-down to be over', () => {
    expect(reasonOf({ own: [earlier(16)] })).toBe('act')
    expect(reasonOf({ own: [earlier(20), earlier(61)] })).toBe('act')
  })

  it('asking is no loop: neither cool-down nor a failed one keeps it from that', () => {
    expect(reasonOf({ mode: modeOf('ask'), own: [earlier(1, 'failed')] })).toBe('ask')
  })

  it('a plan that a person reads is a reason not to ask as well, and none not to act', () => {
    const reading = exampleRun({ state: 'waiting' })
    expect(reasonOf({ reading, mode: modeOf('ask') })).toBe('person_at_work')
    expect(reasonOf({ reading })).toBe('act')
  })
})
