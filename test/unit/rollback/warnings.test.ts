import { describe, expect, test } from 'vitest'
import { decideRollback } from '../../../src/operations/rollback/plan.ts'
import type { RollbackFacts, RollbackParams } from '../../../src/operations/rollback/types.ts'
import type { ConfigState } from '../../../src/services/kubernetes/workload/surroundings.ts'
import { badRelease, daysAgo, facts, healthyNow, minutesAgo, revision, templateOf } from './world.ts'

function warnings(more: Partial<RollbackFacts>, params: Partial<RollbackParams> = {}, revisions = badRelease) {
  const decision = decideRollback({ app: 'porttrack-app', ...params }, facts(revisions, more))
  return decision.kind === 'proceed' ? decision.plan.warnings : []
}
const codes = (...given: Parameters<typeof warnings>) => warnings(...given).map((warning) => warning.code)
const around = facts(badRelease).surroundings
const config = (kind: ConfigState['kind'], name: string, changedAt: string | undefined): ConfigState => ({
  kind,
  name,
  optional: false,
  exists: changedAt !== undefined,
  changedAt,
  changedBy: 'kubectl-edit',
})

test('an ordinary bad release has nothing to warn of', () => {
  expect(warnings({})).toEqual([])
})

describe('before acting, people are told', () => {
  test('that what runs now is healthy', () => {
    expect(warnings(healthyNow)).toEqual([{ code: 'ready_already', data: { ready: 3, desired: 3 } }])
  })

  const reading = (tag: string, ...names: string[]) => ({
    ...templateOf(tag),
    spec: {
      containers: [
        {
          name: 'app',
          image: `app:${tag}`,
          envFrom: names.map((name) =>
            name.endsWith('secrets') ? { secretRef: { name } } : { configMapRef: { name } },
          ),
        },
      ],
    },
  })
  const withConfigs = (before: string[], now: string[]) => [
    revision(41, '2.7.3', daysAgo(9), { template: reading('2.7.3', ...before) }),
    revision(42, '2.8.0', minutesAgo(6), { template: reading('2.8.0', ...now) }),
  ]

  test('that a ConfigMap or Secret changed after the old version began, and only then', () => {
    const configs = [
      config('ConfigMap', 'porttrack-config', daysAgo(2)),
      config('Secret', 'porttrack-secrets', daysAgo(1)),
      config('ConfigMap', 'old', daysAgo(20)),
    ]
    const names = ['porttrack-config', 'porttrack-secrets', 'old']
    expect(warnings({ surroundings: { ...around, configs } }, {}, withConfigs(names, names))).toEqual([
      {
        code: 'config_changed',
        data: { name: 'porttrack-config', changedAt: daysAgo(2), by: 'kubectl-edit', afterRevision: 41 },
      },
      {
        code: 'secret_changed',
        data: { name: 'porttrack-secrets', changedAt: daysAgo(1), by: 'kubectl-edit', afterRevision: 41 },
      },
    ])
  })

  test('that something which the old version needs is gone; what only the new one needs does not matter', () => {
    const configs = [config('Secret', 'porttrack-secrets', undefined), config('ConfigMap', 'new', undefined)]
    const world = { surroundings: { ...around, configs } }
    expect(warnings(world, {}, withConfigs(['porttrack-secrets'], ['new']))).toEqual([
      { code: 'config_missing', data: { kind: 'Secret', name: 'porttrack-secrets' } },
    ])
  })

  test('first of all that a release which is left changed the database for good', () => {
    const mark = { annotations: { 'rescue.porttrack.io/irreversible-migration': 'drops ships.owner' } }
    const marked = [...badRelease.slice(0, 2), revision(42, '2.8.0', minutesAgo(6), mark)]
    expect(warnings({ gitOps: { tool: 'argocd', name: 'pt', seenIn: 'x' } }, {}, marked)[0]).toEqual({
      code: 'irreversible_migration',
      data: { revision: 42, says: 'drops ships.owner' },
    })
  })

  test('also when the marked release is one of those that are skipped, and not when it is older', () => {
    const mark = { annotations: { 'rescue.porttrack.io/irreversible-migration': 'true' } }
    const skipped = [badRelease[0], revision(41, '2.7.3', daysAgo(9), mark), badRelease[2]].flatMap(
      (each) => each ?? [],
    )
    expect(codes({}, { toRevision: 40 }, skipped)).toContain('irreversible_migration')
    const older = [revision(40, '2.7.2', daysAgo(30), mark), ...badRelease.slice(1)]
    expect(codes({}, {}, older)).not.toContain('irreversible_migration')
  })

  test('that a repository owns it, and that an autoscaler does', () => {
    const autoscaler = { name: 'hpa', min: 2, max: 9, desired: 3 }
    expect(
      codes({ gitOps: { tool: 'flux', name: 'pt', seenIn: 'x' }, surroundings: { ...around, autoscaler } }),
    ).toEqual(['gitops', 'hpa'])
  })

  test('that the file last applied would bring the bad release back', () => {
    const applied = (image: string) => ({
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
        spec: { template: { spec: { containers: [{ image }] } } },
      }),
    })
    expect(warnings({ annotations: applied('app:2.8.0') })).toEqual([
      { code: 'last_applied_stale', data: { images: ['app:2.8.0'] } },
    ])
    expect(warnings({ annotations: applied('app:2.7.3') })).toEqual([])
    expect(warnings({ annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{broken' } })).toEqual([])
  })

  test('that the old version fails as well, or that nodes are to blame', () => {
    const [problem] = facts(badRelease).problems
    if (problem === undefined) throw new Error('the scenario has a problem')
    expect(codes({ problems: [problem, { ...problem, revision: 41 }] })).toContain('target_failing_too')
    expect(codes({ problems: [{ ...problem, state: 'node', reason: 'Unschedulable' }] })).toEqual(['node_trouble'])
    expect(codes({ problems: [problem, { ...problem, state: 'node' }] })).not.toContain('node_trouble')
  })

  test('that nothing will show whether it works, when it is scaled to zero', () => {
    expect(codes({ problems: [], counts: { desired: 0, ready: 0, updated: 0, available: 0, old: 0 } })).toEqual([
      'scaled_to_zero',
    ])
  })

  test('that it is very old, and what could not be read', () => {
    expect(codes({ healthChecks: 0, surroundings: { ...around, unread: ['secrets'] } }, { toRevision: 40 })).toEqual([
      'skips_revisions',
      'older_than',
      'not_checked',
      'no_health_checks',
    ])
  })
})
