import { describe, expect, test } from 'vitest'
import { decideRollback } from '../../../src/operations/rollback/plan.ts'
import { planWords } from '../../../src/operations/rollback/texts/plan-words.ts'
import type { RollbackFacts } from '../../../src/operations/rollback/types.ts'
import { podView } from '../../../src/services/kubernetes/watch/projections.ts'
import { splitByRevision } from '../../../src/status/app.ts'
import { textOf } from '../../../src/texts/escape.ts'
import { badRelease, daysAgo, facts, minutesAgo, now, revision } from './world.ts'

/** Beside three old pods one new pod crashes: all three of three that are ready are old. */
const stuck: Partial<RollbackFacts> = {
  counts: { desired: 3, ready: 3, updated: 1, available: 3, old: 3 },
  readyByHash: { '2.7.3': 3 },
}
function planned(more: Partial<RollbackFacts>, revisions = badRelease) {
  const decision = decideRollback({ app: 'porttrack-app' }, facts(revisions, more))
  if (decision.kind !== 'proceed') throw new Error(decision.reason)
  return decision.plan
}
const told = (plan: ReturnType<typeof planned>, language: 'es' | 'en') => {
  const words = planWords(JSON.parse(JSON.stringify(plan)), { language, now: new Date(now) })
  return [...words.paragraphs, words.takes].map(textOf).join(' ')
}

describe('pods that are ready are credited to their own revision', () => {
  test('a bad release that never became ready has none', () => {
    expect(planned(stuck).readiness).toMatchObject({ desired: 3, ready: 0, oldReady: 3, oldRevisions: [41] })
    expect(planned({ readyByHash: { '2.8.0': 1, '2.7.3': 2 } }).readiness).toMatchObject({ ready: 1, oldReady: 2 })
    expect(planned({ readyByHash: { '2.8.0': 1 } }).readiness).toEqual({
      desired: 3,
      ready: 1,
      updated: 2,
      available: 1,
    })
  })

  test('and the plan says which ones still serve', () => {
    expect(told(planned(stuck), 'es')).toContain('0 de 1 pod nuevo listo')
    expect(told(planned(stuck), 'es')).toContain('; los 3 viejos de la 41 siguen atendiendo.')
    expect(told(planned(stuck), 'en')).toContain('0 of 1 new pod ready')
    expect(told(planned(stuck), 'en')).toContain('; the 3 old ones of 41 still serve.')
  })

  test('an outage is an outage only when the old ones are gone as well', () => {
    expect(told(planned(stuck), 'es')).not.toContain('ningún pod')
    expect(told(planned({ readyByHash: {} }), 'es')).toContain('ahora no atiende ningún pod')
  })
})

test('/status tells them apart by revision while both are there', () => {
  const pods = ['a', 'b', 'c'].map((name) => ({ ...podView({ metadata: { name } }), podHash: 'old', ready: true }))
  const broken = { ...podView({ metadata: { name: 'd' } }), podHash: 'new', ready: false }
  const revisions = [
    { revision: 7, podHash: 'new' },
    { revision: 6, podHash: 'old' },
  ]
  expect(splitByRevision(revisions, [...pods, broken])).toBe('rev. 7: 0/1 pods · rev. 6: 3/3 pods')
  expect(splitByRevision(revisions, pods)).toBeUndefined()
  expect(splitByRevision(revisions, [...pods, { ...broken, deleting: true }])).toBeUndefined()
})

test('what came back a minute ago is told as that old', () => {
  const back = [
    revision(6, '2.7.3', daysAgo(9)),
    revision(7, '2.7.0', daysAgo(16), { earlierNumbers: [4], touchedAt: minutesAgo(2) }),
  ]
  expect(told(planned({}, back), 'es')).toMatch(/Ahora 7 \(.*hace 2 min/)
})
