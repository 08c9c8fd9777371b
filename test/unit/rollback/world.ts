import type { RollbackFacts } from '../../../src/operations/rollback/types.ts'
import type { Revision } from '../../../src/services/kubernetes/workload/revisions.ts'

/** 03:30 on the night of the bad release; everything else happens before. */
export const now = '2026-11-24T03:30:00Z'

export const minutesAgo = (minutes: number): string => new Date(Date.parse(now) - minutes * 60_000).toISOString()
export const daysAgo = (days: number): string => minutesAgo(days * 1440)

export const templateOf = (tag: string): Readonly<Record<string, unknown>> => ({
  metadata: { labels: { app: 'porttrack-app' } },
  spec: { containers: [{ name: 'app', image: `app:${tag}` }] },
})

/** A revision as the cluster would tell it; `at` is when its ReplicaSet was created. */
export function revision(number: number, tag: string, at: string, more: Partial<Revision> = {}): Revision {
  return {
    revision: number,
    source: `porttrack-app-${tag}`,
    podHash: tag,
    template: templateOf(tag),
    annotations: {},
    changeCause: `release ${tag}`,
    images: [`app:${tag}`],
    createdAt: at,
    current: false,
    earlierNumbers: [],
    touchedAt: at,
    ...more,
  }
}

/** Facts with the newest revision current, as after a plain release; give what matters to the scenario. */
export function facts(revisions: readonly Revision[], more: Partial<RollbackFacts> = {}): RollbackFacts {
  const sorted = [...revisions].sort((a, b) => b.revision - a.revision)
  const marked = sorted.map((each, index) => ({ ...each, current: index === 0 }))
  return {
    app: 'porttrack-app',
    environment: 'production',
    workload: { cluster: 'main', namespace: 'porttrack', kind: 'deployment', name: 'porttrack-app' },
    readAt: now,
    uid: 'u1',
    template: marked[0]?.template ?? templateOf('none'),
    annotations: {},
    paused: false,
    pausedBy: undefined,
    strategy: { type: 'RollingUpdate', maxUnavailable: '0', maxSurge: '1', partition: 0, podManagement: undefined },
    minReadySeconds: 0,
    counts: { desired: 3, ready: 1, updated: 2, available: 1, old: 1 },
    revisions: marked,
    rolledOutAt: marked[0]?.touchedAt,
    observations: [],
    problems: [
      {
        pod: 'porttrack-app-bad-1',
        revision: marked[0]?.revision,
        reason: 'CrashLoopBackOff',
        message: 'DATABASE_URL is not set',
        restarts: 4,
        exitCode: 1,
        node: 'node-1',
        state: 'failing',
        container: undefined,
      },
    ],
    readyByHash: {},
    surroundings: { autoscaler: undefined, budget: undefined, services: [], hosts: [], configs: [], unread: [] },
    gitOps: undefined,
    healthChecks: 1,
    mayPatch: true,
    ...more,
  }
}

export const healthyNow: Partial<RollbackFacts> = {
  problems: [],
  counts: { desired: 3, ready: 3, updated: 3, available: 3, old: 0 },
}

/** 40 healthy for weeks, 41 for nine days, 42 since six minutes and bad. */
export const badRelease = [
  revision(40, '2.7.2', daysAgo(30)),
  revision(41, '2.7.3', daysAgo(9)),
  revision(42, '2.8.0', minutesAgo(6)),
]

/** 42 was bad; somebody went back to 41, which is now 43. */
export const afterUndo = [
  revision(40, '2.7.2', daysAgo(30)),
  revision(42, '2.8.0', minutesAgo(20)),
  revision(43, '2.7.3', daysAgo(9), { earlierNumbers: [41], touchedAt: minutesAgo(5) }),
]
