import { describe, expect, test } from 'vitest'
import { decideRollback } from '../../../src/operations/rollback/plan.ts'
import type { RollbackFacts, RollbackParams, RollbackPlan } from '../../../src/operations/rollback/types.ts'
import { templateKey } from '../../../src/services/kubernetes/workload/template-equality.ts'
import { afterUndo, badRelease, daysAgo, facts, healthyNow, minutesAgo, revision, templateOf } from './world.ts'

const ask = (more: Partial<RollbackParams> = {}): RollbackParams => ({ app: 'porttrack-app', ...more })
const decide = (world: RollbackFacts, params: Partial<RollbackParams> = {}) => decideRollback(ask(params), world)

function planned(world: RollbackFacts, params: Partial<RollbackParams> = {}): RollbackPlan {
  const decision = decide(world, params)
  if (decision.kind !== 'proceed') throw new Error(`${decision.kind}: ${decision.reason}`)
  return decision.plan
}
const refusal = (world: RollbackFacts, params: Partial<RollbackParams> = {}): unknown => {
  const decision = decide(world, params)
  return decision.kind === 'proceed' ? `to ${decision.plan.to.revision}` : `${decision.kind}: ${decision.reason}`
}

describe('without a revision, the last healthy one is chosen', () => {
  test('the one before, when it was in service for days', () => {
    const plan = planned(facts(badRelease))
    expect([plan.from.revision, plan.to.revision]).toEqual([42, 41])
    expect(plan.to).toMatchObject({ healthySeconds: 9 * 86_400 - 360, healthyKnownBy: 'estimated' })
    expect(plan.changes).toEqual([{ path: 'image (app)', before: 'app:2.8.0', after: 'app:2.7.3' }])
  })

  test('not merely the previous, when two bad releases came in a row', () => {
    const world = facts([
      ...badRelease.slice(0, 2),
      revision(42, '2.8.0', minutesAgo(7)),
      revision(43, '2.8.1', minutesAgo(4)),
    ])
    const plan = planned(world)
    expect(plan.to.revision).toBe(41)
    expect(plan.warnings).toContainEqual({ code: 'skips_revisions', data: { revisions: [42] } })
  })

  test('by observed health, where there is some, over time in service', () => {
    const seen = (tag: string, healthySeconds: number, failedReason?: string) => ({
      templateKey: templateKey(templateOf(tag)),
      healthySeconds,
      failedReason,
    })
    expect(planned(facts(badRelease, { observations: [seen('2.7.3', 0)] })).to.revision).toBe(40)
    expect(planned(facts(badRelease, { observations: [seen('2.7.3', 9000, 'CrashLoopBackOff')] })).to.revision).toBe(40)
    expect(planned(facts(badRelease, { observations: [seen('2.7.3', 9000)] })).to).toMatchObject({
      revision: 41,
      healthyKnownBy: 'observed',
    })
  })

  test('the one that served longest, when none served long', () => {
    const world = facts([
      revision(1, 'a', minutesAgo(9)),
      revision(2, 'b', minutesAgo(6)),
      revision(3, 'c', minutesAgo(4)),
    ])
    expect(planned(world).to.revision).toBe(1)
  })

  test('none, when every other one failed before', () => {
    const observations = ['2.7.2', '2.7.3'].map((tag) => ({
      templateKey: templateKey(templateOf(tag)),
      healthySeconds: 9000,
      failedReason: 'OOMKilled',
    }))
    expect(refusal(facts(badRelease, { observations }))).toBe('refuse: no_safe_revision')
  })
})

describe('undoing twice does not go forward to the bad release', () => {
  test('a second request without a revision is refused, with what happened', () => {
    const decision = decide(facts(afterUndo, healthyNow))
    expect(decision).toMatchObject({
      kind: 'refuse',
      reason: 'just_rolled_back',
      detail: { current: { revision: 43 }, wentBackFrom: { revision: 42 }, at: minutesAgo(5) },
    })
  })

  test('also while the pods of the rollback are still starting', () => {
    const starting = {
      ...facts(afterUndo).problems[0],
      revision: 43,
      state: 'starting' as const,
      reason: 'ContainerCreating',
    }
    const world = facts(afterUndo, {
      problems: [{ ...facts(afterUndo).problems[0], ...starting } as RollbackFacts['problems'][number]],
    })
    expect(refusal(world)).toBe('refuse: just_rolled_back')
  })

  test('when the rollback fails as well, the next older one is chosen, not the bad one', () => {
    expect(planned(facts(afterUndo)).to.revision).toBe(40)
  })

  test('the bad one can be asked for by its number, and the plan warns', () => {
    const plan = planned(facts(afterUndo, healthyNow), { toRevision: 42 })
    expect(plan.to).toMatchObject({ revision: 42, failedBefore: 'rolled_back' })
    expect(plan.warnings.map((warning) => warning.code)).toEqual(
      expect.arrayContaining(['failed_before', 'ready_already']),
    )
  })

  test('hours later a request without a revision is a new one, and still avoids the one that was left', () => {
    const later = afterUndo.map((each) => (each.revision === 43 ? { ...each, touchedAt: minutesAgo(300) } : each))
    expect(planned(facts(later, healthyNow)).to.revision).toBe(40)
  })

  test('also when the one that was left had looked healthy for days: somebody had a reason', () => {
    const later = afterUndo.map((each) => (each.revision === 43 ? { ...each, touchedAt: minutesAgo(300) } : each))
    const observations = [
      { templateKey: templateKey(templateOf('2.8.0')), healthySeconds: 90_000, failedReason: undefined },
    ]
    expect(planned(facts(later, { ...healthyNow, observations })).to.revision).toBe(40)
  })

  test('a StatefulSet, whose revisions keep no old number, is understood by their ages', () => {
    const renumbered = afterUndo.map((each) => ({ ...each, earlierNumbers: [] }))
    expect(refusal(facts(renumbered, healthyNow))).toBe('refuse: just_rolled_back')
  })

  test('after an undo of the rollback, the good one that was left may be chosen again', () => {
    const forward = [
      revision(40, '2.7.2', daysAgo(30)),
      revision(43, '2.7.3', daysAgo(9), { earlierNumbers: [41] }),
      revision(44, '2.8.0', minutesAgo(20), { earlierNumbers: [42], touchedAt: minutesAgo(1) }),
    ]
    const observations = [
      { templateKey: templateKey(templateOf('2.8.0')), healthySeconds: 0, failedReason: 'CrashLoopBackOff' },
      { templateKey: templateKey(templateOf('2.7.3')), healthySeconds: 777_600, failedReason: undefined },
    ]
    expect(planned(facts(forward, { observations })).to.revision).toBe(43)
  })
})

describe('what cannot be done is refused with what is there', () => {
  test('a revision that is not in the history', () => {
    const decision = decide(facts(badRelease), { toRevision: 7 })
    expect(decision).toMatchObject({ kind: 'refuse', reason: 'unknown_revision', detail: { asked: 7 } })
    expect(decision.kind === 'refuse' && decision.detail['available']).toMatchObject([
      { revision: 41 },
      { revision: 40 },
    ])
  })

  test('a workload without a history', () => {
    expect(refusal(facts([revision(1, 'a', daysAgo(1))]))).toBe('refuse: no_history')
    expect(refusal(facts([]))).toBe('refuse: no_history')
  })

  test('the current revision: nothing to do', () => {
    expect(refusal(facts(badRelease), { toRevision: 42 })).toBe('nothing_to_do: already_there')
  })

  test('another number with the same template: nothing to do', () => {
    const twin = revision(41, '2.7.3', daysAgo(9), { template: templateOf('2.8.0') })
    expect(refusal(facts([twin, ...badRelease.slice(2)]), { toRevision: 41 })).toBe('nothing_to_do: already_there')
  })

  test('what the bot has no right to change: said before anybody decides', () => {
    expect(decide(facts(badRelease, { mayPatch: false }))).toMatchObject({
      kind: 'refuse',
      reason: 'forbidden',
      detail: { verb: 'patch', resource: 'deployments' },
    })
  })

  test('a paused Deployment, unless it is an emergency: then one patch resumes it as well', () => {
    const paused = { paused: true, pausedBy: { manager: 'kubectl-rollout', at: minutesAgo(3) } }
    expect(refusal(facts(badRelease, paused))).toBe('refuse: paused')
    const plan = planned(facts(badRelease, paused), { emergency: true })
    expect(plan.patch).toContainEqual({ op: 'test', path: '/spec/paused', value: true })
    expect(plan.patch).toContainEqual({ op: 'remove', path: '/spec/paused' })
    expect(plan.warnings[0]).toEqual({ code: 'paused', data: { by: 'kubectl-rollout', since: minutesAgo(3) } })
  })

  test('a template that was changed while paused has no number yet, and the one that still serves can be restored', () => {
    const world = facts(badRelease, { paused: true, template: templateOf('2.9.0') })
    const notCurrent = { ...world, revisions: world.revisions.map((each) => ({ ...each, current: false })) }
    const plan = planned(notCurrent, { emergency: true, toRevision: 42 })
    expect(plan.from).toMatchObject({ revision: 43, source: '', images: ['app:2.9.0'] })
  })
})

describe('undo of a run finds its revision by name, whatever its number became', () => {
  test('the ReplicaSet that was left', () => {
    expect(planned(facts(afterUndo, healthyNow), { toSource: 'porttrack-app-2.8.0' }).to.revision).toBe(42)
  })
  test('one that the history has dropped is said to be unknown', () => {
    expect(refusal(facts(afterUndo), { toSource: 'porttrack-app-1.0.0' })).toBe('refuse: unknown_revision')
  })
})

test('the same parameters and facts give the same decision', () => {
  const world = facts(badRelease)
  expect(decide(world)).toEqual(decide(structuredClone(world)))
})

test('a decision survives being written down and read again', () => {
  const world: RollbackFacts = JSON.parse(JSON.stringify(facts(badRelease)))
  expect(JSON.parse(JSON.stringify(decide(world)))).toEqual(JSON.parse(JSON.stringify(decide(facts(badRelease)))))
})
