import { describe, expect, test } from 'vitest'
import { historyOf } from '../../../src/operations/rollback/history.ts'
import { decideRollback } from '../../../src/operations/rollback/plan.ts'
import { whyLeft } from '../../../src/operations/rollback/steps.ts'
import type { RollbackFacts } from '../../../src/operations/rollback/types.ts'
import { templateKey } from '../../../src/services/kubernetes/workload/template-equality.ts'
import { daysAgo, facts, healthyNow, minutesAgo, revision, templateOf } from './world.ts'

const day = 86_400
const chosen = (world: RollbackFacts, emergency = false): unknown => {
  const decision = decideRollback({ app: 'porttrack-app', emergency }, world)
  return decision.kind === 'proceed' ? decision.plan.to.revision : decision.reason
}
const infoOf = (world: RollbackFacts, number: number) =>
  historyOf(world).others.find(({ info }) => info.revision === number)?.info

/** 6 was healthy for nine days; people went back to 4, which is 7 now, two minutes ago. */
const fromHealthy = [
  revision(3, '2.6.1', daysAgo(30)),
  revision(5, '2.7.2', daysAgo(16)),
  revision(6, '2.7.3', daysAgo(9)),
  revision(7, '2.7.0-oom', daysAgo(16.2), { earlierNumbers: [4], touchedAt: minutesAgo(2) }),
]

describe('people went back from a healthy release to one that fails', () => {
  test('the healthy one is not branded, and is chosen next', () => {
    expect(infoOf(facts(fromHealthy), 6)).toMatchObject({
      healthySeconds: 9 * day - 120,
      healthyKnownBy: 'estimated',
      failedBefore: undefined,
    })
    expect(chosen(facts(fromHealthy))).toBe(6)
    expect(chosen(facts(fromHealthy), true)).toBe(6)
  })

  test('unless it was observed to fail, or served only for minutes', () => {
    const failed = { templateKey: templateKey(templateOf('2.7.3')), healthySeconds: 9 * day, failedReason: 'OOMKilled' }
    expect(infoOf(facts(fromHealthy, { observations: [failed] }), 6)?.failedBefore).toBe('OOMKilled')
    const brief = fromHealthy.map((each) => (each.revision === 6 ? { ...each, createdAt: minutesAgo(40) } : each))
    expect(infoOf(facts(brief), 6)?.failedBefore).toBe('rolled_back')
  })

  test('nor does a rollback of the bot brand it, unless its own pods failed', () => {
    const before = fromHealthy.slice(0, 3)
    const left = (more: Partial<RollbackFacts>, revisions = before) => {
      const decision = decideRollback({ app: 'porttrack-app', toRevision: 5 }, facts(revisions, more))
      return decision.kind === 'proceed' ? whyLeft(decision.plan) : decision.reason
    }
    expect(left(healthyNow)).toBeUndefined()
    expect(left({})).toBe('CrashLoopBackOff')
    const fresh = before.map((each) => (each.revision === 6 ? { ...each, createdAt: minutesAgo(40) } : each))
    expect(left(healthyNow, fresh)).toBe('rolled_back')
  })

  test('while what they went to is healthy, nothing goes forward by itself', () => {
    expect(chosen(facts(fromHealthy, healthyNow))).toBe('just_rolled_back')
  })
})

describe('a ReplicaSet that an undo put back keeps the time that it served before', () => {
  const bad9 = revision(9, '2.9.0', minutesAgo(4))

  test('until the bad release that was undone', () => {
    const world = facts([
      revision(5, '2.7.2', daysAgo(16)),
      revision(7, '2.8.0', minutesAgo(20)),
      revision(8, '2.7.3', daysAgo(9), { earlierNumbers: [6], touchedAt: minutesAgo(4) }),
      bad9,
    ])
    expect(infoOf(world, 8)).toMatchObject({ healthySeconds: 9 * day - 1200, healthyKnownBy: 'estimated' })
    expect(infoOf(world, 7)?.failedBefore).toBe('rolled_back')
    expect(chosen(world)).toBe(8)
    expect(chosen(world, true)).toBe(8)
  })

  test('also with a short trip to an older one in between', () => {
    const world = facts([
      revision(5, '2.7.2', daysAgo(16)),
      revision(7, '2.7.0-oom', daysAgo(16.2), { earlierNumbers: [4], touchedAt: minutesAgo(20) }),
      revision(8, '2.7.3', daysAgo(9), { earlierNumbers: [6], touchedAt: minutesAgo(4) }),
      bad9,
    ])
    expect(infoOf(world, 8)?.healthySeconds).toBe(9 * day - 240)
    expect(chosen(world)).toBe(8)
  })

  test('a bad release that was tried twice gets nothing of the days of the good one between', () => {
    const world = facts([
      revision(40, '2.7.2', daysAgo(30)),
      revision(44, '2.8.0', daysAgo(5), { earlierNumbers: [42], touchedAt: minutesAgo(4) }),
      revision(45, '2.7.3', daysAgo(9), { earlierNumbers: [41, 43], touchedAt: minutesAgo(4) }),
      revision(46, '2.9.0', minutesAgo(3)),
    ])
    expect(infoOf(world, 44)).toMatchObject({ healthySeconds: undefined, failedBefore: 'rolled_back' })
    expect(infoOf(world, 45)?.healthySeconds).toBe(4 * day)
    expect(chosen(world)).toBe(45)
  })
})

test('time in service ends with whatever was created next, also when that has another number now', () => {
  const world = facts([
    revision(3, '2.6.1', daysAgo(30)),
    revision(5, '2.7.2', daysAgo(16)),
    revision(6, '2.8.0', daysAgo(9)),
    revision(7, '2.7.0', daysAgo(20), { earlierNumbers: [4], touchedAt: minutesAgo(5) }),
  ])
  expect(infoOf(world, 3)?.healthySeconds).toBe(10 * day)
})

test('the current one is as old as its return, not as its ReplicaSet', () => {
  const world = facts(fromHealthy)
  expect(historyOf(world).current).toMatchObject({ createdAt: daysAgo(16.2), inServiceSince: minutesAgo(2) })
  const plain = facts(fromHealthy.slice(0, 3), { rolledOutAt: minutesAgo(1) })
  expect(historyOf(plain).current.inServiceSince).toBe(daysAgo(9))
})
