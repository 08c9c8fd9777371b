import type { RevisionInfo, RollbackPlan } from '../../../src/operations/rollback/types.ts'
import { stepNames } from '../../../src/operations/rollback/workflow.ts'
import type { IncidentRow, OutcomeRow, RunRow, StepRow, StepState } from '../../../src/store/types.ts'
import type { ComponentView, RunView } from '../../../src/texts/views.ts'

export const now = new Date('2026-11-24T03:12:00Z')
export const steps: readonly string[] = stepNames
const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1000)

export function exampleRevision(revision: number, more: Partial<RevisionInfo> = {}): RevisionInfo {
  return {
    revision,
    current: false,
    images: [`registry.porttrack.example/porttrack/app:2.${revision - 34}.0`],
    changeCause: undefined,
    createdAt: before(9 * 86_400).toISOString(),
    healthySeconds: 9 * 86_400,
    healthyKnownBy: 'observed',
    failedBefore: undefined,
    source: `porttrack-app-${revision}`,
    ...more,
  }
}

export function examplePlan(more: Partial<RollbackPlan> = {}): RollbackPlan {
  return {
    app: 'porttrack-app',
    environment: 'production',
    workload: { cluster: 'main', namespace: 'porttrack', kind: 'deployment', name: 'porttrack-app' },
    uid: 'uid-1',
    from: exampleRevision(42, {
      current: true,
      createdAt: before(360).toISOString(),
      healthySeconds: undefined,
      healthyKnownBy: 'unknown',
    }),
    to: exampleRevision(41),
    emergency: false,
    readiness: { desired: 3, ready: 1, updated: 3, available: 1 },
    problems: ['x2k', 'p9q'].map((name) => ({
      pod: `porttrack-app-7c9f-${name}`,
      revision: 42,
      reason: 'CrashLoopBackOff',
      message: 'DATABASE_URL is not set',
      restarts: 4,
      exitCode: 1,
      node: 'node-a',
      state: 'failing' as const,
      container: undefined,
    })),
    changes: [
      {
        path: 'image (app)',
        before: 'registry.porttrack.example/porttrack/app:2.8.0',
        after: 'registry.porttrack.example/porttrack/app:2.7.0',
      },
      { path: 'env DATABASE_URL', before: undefined, after: 'secretKeyRef porttrack/url' },
    ],
    warnings: [
      {
        code: 'config_changed',
        data: {
          name: 'porttrack-config',
          changedAt: before(2 * 86_400).toISOString(),
          by: 'kubectl-edit',
          afterRevision: 41,
        },
      },
    ],
    serves: { services: ['porttrack-app'], hosts: ['porttrack.example'] },
    strategy: { type: 'RollingUpdate', maxUnavailable: '25%', maxSurge: '25%' },
    alternatives: [exampleRevision(40)],
    expectedSeconds: 40,
    replicas: 3,
    paused: false,
    targetHash: '5d7',
    patch: [],
    ...more,
  }
}

export function exampleRun(more: Partial<RunRow> = {}): RunRow {
  return {
    id: 'R-0042',
    operation: 'rollback',
    risk: 'reversible',
    target: 'main/porttrack/deployment/porttrack-app',
    subject: { kind: 'app', name: 'porttrack-app' },
    params: { app: 'porttrack-app', reason: 'todo da 500 desde la última release' },
    actor: { kind: 'person', name: 'marta', slack: 'U0MARTA' },
    origin: { surface: 'slack', channel: 'C0OPS', language: 'es' },
    state: 'waiting',
    plan: examplePlan(),
    planHash: '0123456789abcdef',
    planExpiresAt: new Date(now.getTime() + 840_000),
    outcome: undefined,
    undoOf: undefined,
    undoneBy: undefined,
    incidentId: undefined,
    stopRequestedBy: undefined,
    confirmedBy: undefined,
    createdAt: before(60),
    confirmedAt: undefined,
    startedAt: undefined,
    endedAt: undefined,
    ...more,
  }
}

export const confirmedRun = (more: Partial<RunRow> = {}): RunRow =>
  exampleRun({
    state: 'running',
    confirmedBy: { kind: 'person', name: 'ana', slack: 'U0ANA' },
    confirmedAt: before(18),
    startedAt: before(17),
    incidentId: 'INC-20261124-01',
    ...more,
  })

export const endedRun = (outcome: OutcomeRow, more: Partial<RunRow> = {}): RunRow =>
  confirmedRun({ state: 'ended', endedAt: now, confirmedAt: before(38), outcome, ...more })

/** The first `done` steps are over, the next is under way. */
export function exampleSteps(
  done: number,
  last: StepState = 'running',
  progress: Record<string, unknown> = {},
): readonly StepRow[] {
  return steps.map((name, position) => ({
    runId: 'R-0042',
    position,
    name,
    state: position < done ? 'done' : position === done ? last : 'pending',
    progress: position === done ? progress : {},
    startedAt: position <= done ? before(17 - position * 2) : undefined,
    endedAt: position < done ? before(15 - position * 2) : undefined,
  }))
}

export const waitingProgress = {
  desired: 3,
  ready: 3,
  updated: 3,
  available: 2,
  oldReady: 1,
  waitingFor: 'unavailable',
  problems: [
    {
      pod: 'porttrack-app-5d7-x2k',
      reason: 'Pulling',
      message: 'Pulling image "app:2.7.0"',
      restarts: 0,
      state: 'starting',
    },
  ],
}

export const exampleIncident = (more: Partial<IncidentRow> = {}): IncidentRow => ({
  id: 'INC-20261124-01',
  key: 'rescue-inc-20261124-01',
  subject: { kind: 'app', name: 'porttrack-app' },
  language: 'es',
  channel: 'C0INC',
  channelName: 'inc-20261124-01-porttrack-app',
  severity: 'SEV2',
  state: 'open',
  openedAt: before(600),
  resolvedAt: undefined,
  ...more,
})

export function exampleView(run: RunRow = exampleRun(), more: Partial<RunView> = {}): RunView {
  return {
    run,
    steps: [],
    evidence: ['porttrack-app-7c9f-x2k: app (previous)', 'porttrack-app-7c9f-x2k: app', 'events', 'deployment'],
    incident: run.incidentId === undefined ? undefined : exampleIncident(),
    rule: { approvals: 1, by: 'operator' },
    inIncident: false,
    ...more,
  }
}

export const verified: OutcomeRow = {
  kind: 'verified',
  reason: 'rolled_back',
  detail: {
    app: 'porttrack-app',
    from: exampleRevision(42),
    to: exampleRevision(41),
    restored: true,
    counts: { desired: 3, ready: 3, updated: 3, available: 3, old: 0 },
    health: [{ name: 'web', ok: true, status: 200, ms: 34 }],
    revision: 43,
  },
}

export const failedOutcome: OutcomeRow = {
  kind: 'failed',
  reason: 'rollout_failed',
  detail: {
    app: 'porttrack-app',
    from: exampleRevision(42),
    to: exampleRevision(41),
    restored: true,
    counts: { desired: 3, ready: 2, updated: 1, available: 2, old: 2 },
    oldReady: 2,
    problems: [
      {
        pod: 'porttrack-app-5d7-x2k',
        reason: 'ImagePullBackOff',
        message: 'Back-off pulling image "app:2.7.0": not found',
        restarts: 0,
      },
    ],
    alternatives: [exampleRevision(40)],
    why: 'ImagePullBackOff',
    message: 'Back-off pulling image',
  },
}

export const movedOutcome: OutcomeRow = {
  kind: 'refused',
  reason: 'world_moved',
  detail: {
    app: 'porttrack-app',
    from: exampleRevision(42),
    to: exampleRevision(41),
    restored: false,
    moved: [{ field: 'replicas', before: '3', after: '5', by: 'kubectl', at: before(30).toISOString(), changes: [] }],
  },
}

export function exampleComponent(name: string, more: Partial<ComponentView> = {}): ComponentView {
  return {
    kind: 'app',
    name,
    where: `porttrack · deployment/${name}`,
    state: 'healthy',
    reason: undefined,
    detail: undefined,
    ready: 3,
    desired: 3,
    revision: 42,
    images: ['registry.porttrack.example/porttrack/app:2.8.0'],
    pods: [],
    health: [],
    run: undefined,
    ...more,
  }
}
