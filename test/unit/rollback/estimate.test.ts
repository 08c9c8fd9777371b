import { expect, test } from 'vitest'
import { expectedSeconds } from '../../../src/operations/rollback/estimate.ts'
import type { RollbackFacts } from '../../../src/operations/rollback/types.ts'
import { badRelease, facts } from './world.ts'

const target = {
  podHash: 'old',
  template: {
    spec: {
      containers: [{ readinessProbe: { initialDelaySeconds: 10 } }, { startupProbe: { initialDelaySeconds: 3 } }],
    },
  },
}
const seconds = (more: Partial<RollbackFacts>) => expectedSeconds(facts(badRelease, more), target)
const strategy = facts(badRelease).strategy

test('pods are replaced in rounds, each as long as a pod needs to be available', () => {
  expect(seconds({})).toBe(3 * 14)
  expect(seconds({ minReadySeconds: 30 })).toBe(3 * 44)
  expect(seconds({ strategy: { ...strategy, maxSurge: '2' } })).toBe(2 * 14)
  expect(seconds({ strategy: { ...strategy, maxSurge: '34%', maxUnavailable: '50%' } })).toBe(14)
  expect(seconds({ strategy: { ...strategy, type: 'Recreate' } })).toBe(14)
})

test('pods of the old version that still serve need no round', () => {
  expect(seconds({ readyByHash: { old: 2 } })).toBe(14)
  expect(seconds({ readyByHash: { old: 3 } })).toBe(2)
})

test('a StatefulSet goes one by one', () => {
  const workload = { ...facts(badRelease).workload, kind: 'statefulset' as const }
  expect(seconds({ workload, strategy: { ...strategy, maxSurge: undefined, maxUnavailable: undefined } })).toBe(3 * 14)
})
