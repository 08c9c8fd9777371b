import type { RollbackPlan } from '../../../src/operations/rollback/types.ts'
import type { Card } from '../../../src/texts/blocks.ts'
import { auditCard } from '../../../src/texts/cards/audit.ts'
import { helpCard } from '../../../src/texts/cards/help.ts'
import { incidentCard, incidentOverCard } from '../../../src/texts/cards/incident.ts'
import { locksCard } from '../../../src/texts/cards/locks.ts'
import { noticeCard } from '../../../src/texts/cards/notice.ts'
import { endedElsewhereCard, outcomeCard } from '../../../src/texts/cards/outcome.ts'
import { pageBackCard, pagingFailedCard } from '../../../src/texts/cards/paging.ts'
import { askedCard, decidedCard, planCard } from '../../../src/texts/cards/plan.ts'
import { policyCard } from '../../../src/texts/cards/policy.ts'
import { progressCard } from '../../../src/texts/cards/progress.ts'
import { runCard, runsCard } from '../../../src/texts/cards/runs.ts'
import { statusCard } from '../../../src/texts/cards/status.ts'
import { statusDetailCard } from '../../../src/texts/cards/status-detail.ts'
import { threadEvidenceCard, threadLogCard } from '../../../src/texts/cards/thread.ts'
import type { Look } from '../../../src/texts/language.ts'
import { evidenceModal, loadingModal, planModal } from '../../../src/texts/modals/evidence.ts'
import { rollbackModal } from '../../../src/texts/modals/rollback.ts'
import type { Notice } from '../../../src/texts/notices.ts'
import { automaticCards } from './automatic-cards.ts'
import { colorCards, colorModals } from './color-cards.ts'
import {
  confirmedRun,
  endedRun,
  exampleComponent,
  exampleIncident,
  examplePlan,
  exampleRevision,
  exampleRun,
  exampleSteps,
  exampleView,
  failedOutcome,
  movedOutcome,
  now,
  verified,
  waitingProgress,
} from './examples.ts'

/** Text that comes from outside and stands in every place where such text can stand. */
export type Outside = {
  /** A name: of an app, a pod, a person. */
  readonly name: string
  /** A longer text: an error, a reason. */
  readonly text: string
}

export const friendly: Outside = { name: 'porttrack-app', text: 'todo da 500 desde la última release' }

const at = now.toISOString()
const actor = (outside: Outside) => ({ kind: 'person' as const, name: outside.name })

function planOf(outside: Outside): RollbackPlan {
  const plain = outside === friendly
  const base = examplePlan()
  if (plain) return base
  const { name, text } = outside
  return examplePlan({
    app: name,
    environment: name,
    workload: { ...base.workload, namespace: name, name },
    from: exampleRevision(42, { images: [name, text], changeCause: text }),
    to: exampleRevision(41, { images: [text], changeCause: text, failedBefore: text }),
    problems: base.problems.map((problem) => ({ ...problem, pod: name, reason: name, message: text, node: name })),
    changes: Array.from({ length: 60 }, () => ({ path: `env ${name}`, before: text, after: text })),
    warnings: [
      'paused',
      'hpa',
      'config_changed',
      'secret_changed',
      'config_missing',
      'irreversible_migration',
      'gitops',
      'failed_before',
      'last_applied_stale',
      'older_than',
      'skips_revisions',
      'target_failing_too',
      'node_trouble',
      'not_checked',
      'no_such_code',
    ].map((code) => ({
      code,
      data: {
        name,
        by: name,
        kind: name,
        says: text,
        tool: name,
        seenIn: name,
        reason: text,
        images: [text],
        revisions: [41],
        what: [name],
        message: text,
        changedAt: at,
      },
    })),
    serves: { services: [name], hosts: [name, text] },
  })
}

const withRun = (outside: Outside) => {
  const { name, text } = outside
  const plan = planOf(outside)
  const more =
    outside === friendly
      ? {}
      : { params: { app: name, reason: text }, actor: actor(outside), subject: { kind: 'app', name }, plan }
  return {
    asked: exampleRun({ ...more, state: 'planning', plan: undefined, planHash: undefined }),
    waiting: exampleRun(more),
    running: confirmedRun({
      ...more,
      ...(outside === friendly ? {} : { confirmedBy: actor(outside), stopRequestedBy: actor(outside) }),
    }),
    ended: (outcome: Parameters<typeof endedRun>[0]) =>
      endedRun(outside === friendly ? outcome : { ...outcome, detail: spoiled(outcome.detail, outside) }, more),
  }
}

/** Every string of an outcome's detail replaced. */
function spoiled(value: Readonly<Record<string, unknown>>, outside: Outside): Record<string, unknown> {
  const walk = (inner: unknown): unknown => {
    if (typeof inner === 'string')
      return inner.length > 12 && !/^\d{4}-/.test(inner) ? outside.text : /^\d{4}-/.test(inner) ? inner : outside.name
    if (Array.isArray(inner)) return inner.map(walk)
    if (typeof inner === 'object' && inner !== null)
      return Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, walk(each)]))
    return inner
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each)]))
}

/** Every card, with outside text in every place. */
export function allCards(look: Look, outside: Outside = friendly): Readonly<Record<string, Card>> {
  const { name, text } = outside
  const spoil = outside !== friendly
  const runs = withRun(outside)
  const incident = exampleIncident(spoil ? { subject: { kind: 'app', name } } : {})
  const steps = exampleSteps(
    3,
    'running',
    spoil
      ? { ...waitingProgress, problems: [{ pod: name, reason: name, message: text }], checks: [{ name, status: text }] }
      : waitingProgress,
  )
  const failedSteps = exampleSteps(3, 'failed', waitingProgress)
  const view = (run: (typeof runs)['asked'], more = {}) =>
    exampleView(run, {
      ...(spoil ? { evidence: [name, text] } : {}),
      ...(run.incidentId === undefined ? {} : { incident }),
      ...more,
    })
  const dangerous = examplePlan({
    warnings: [
      { code: 'irreversible_migration', data: { revision: 42, says: '0042_drop_column' } },
      { code: 'gitops', data: { tool: 'argocd', name: 'porttrack', seenIn: 'argocd.argoproj.io/instance' } },
    ],
  })
  const trouble = exampleComponent(spoil ? name : 'porttrack-app', {
    state: 'degraded',
    reason: spoil ? name : 'CrashLoopBackOff',
    detail: spoil ? text : 'porttrack-app-7c9f-x2k: exit 1, DATABASE_URL is not set',
    ready: 1,
    images: spoil ? [text] : ['registry.porttrack.example/porttrack/app:2.8.0'],
    run: { id: 'R-0042', operation: 'rollback', by: spoil ? name : 'marta', state: 'running' },
    pods: Array.from({ length: 14 }, (_, index) => ({
      name: spoil ? name : `porttrack-app-7c9f-${index}`,
      ready: index > 1,
      phase: spoil ? name : 'Running',
      reason: index > 1 ? undefined : spoil ? text : 'CrashLoopBackOff: DATABASE_URL is not set',
      restarts: index < 2 ? 4 : 0,
      node: spoil ? name : 'node-a',
      startedAt: at,
    })),
    health: [{ name: spoil ? name : 'web', ok: false, detail: spoil ? text : '503', ms: 12 }],
  })
  const status = {
    asOf: at,
    tookMs: 412,
    components: [
      trouble,
      exampleComponent('porttrack-worker'),
      exampleComponent('porttrack-cache', { state: 'progressing', reason: 'updating', ready: 2 }),
      exampleComponent('porttrack', {
        kind: 'database',
        where: 'postgres',
        ready: undefined,
        desired: undefined,
        revision: undefined,
        images: [],
        detail: '4 ms',
      }),
      exampleComponent('prometheus', {
        kind: 'monitor',
        where: 'deployment/porttrack-prometheus',
        state: 'down',
        reason: 'unreachable',
        detail: spoil ? text : 'ECONNREFUSED',
        ready: undefined,
        desired: undefined,
        revision: undefined,
        images: [],
      }),
      exampleComponent('grafana', {
        kind: 'monitor',
        where: 'deployment/porttrack-grafana',
        ready: undefined,
        desired: undefined,
        revision: undefined,
        images: [],
        detail: '9 ms',
      }),
    ],
  }
  const incidentView = {
    incident,
    runs: [runs.ended(failedOutcome), runs.running],
    owners: spoil ? [name] : ['ana', 'luis'],
    commander: spoil ? name : 'U0ANA',
    commanderName: spoil ? name : 'ana',
    paging: {
      state: 'confirmed' as const,
      people: spoil ? [name] : ['Luis Ortega'],
      url: 'https://porttrack.pagerduty.com/incidents/P1',
    },
    environment: spoil ? name : 'production',
  }
  const refused = (reason: string, detail: Record<string, unknown>) =>
    runs.ended({ kind: 'refused', reason, detail: { app: 'porttrack-app', ...detail } })
  return {
    ...automaticCards(look, outside),
    ...colorCards(look, outside),
    asked: askedCard(view(runs.asked), look),
    plan: planCard(view(runs.waiting), look),
    'plan, dangerous': planCard(exampleView(exampleRun({ plan: dangerous })), look),
    decided: decidedCard(view(runs.running), look),
    'decided, channel coming': decidedCard(view(runs.running, { incident: { ...incident, channel: undefined } }), look),
    'progress as a plan': progressCard(view(runs.running, { steps, inIncident: true }), 'plan', look),
    'progress as sections': progressCard(view(runs.running, { steps, inIncident: true }), 'sections', look),
    verified: outcomeCard(view(runs.ended(verified), { steps: exampleSteps(6), inIncident: true }), 'plan', look),
    'verified, elsewhere': endedElsewhereCard(view(runs.ended(verified)), look),
    failed: outcomeCard(
      view(runs.ended(failedOutcome), { steps: failedSteps, inIncident: true, paging: incidentView.paging }),
      'sections',
      look,
    ),
    'world moved': outcomeCard(view(runs.ended(movedOutcome)), 'plan', look),
    'unknown revision': outcomeCard(
      view(refused('unknown_revision', { asked: 99, available: [exampleRevision(41), exampleRevision(40)] })),
      'plan',
      look,
    ),
    paused: outcomeCard(
      view(refused('paused', { pausedBy: { manager: 'kubectl-rollout', at }, workload: planOf(friendly).workload })),
      'plan',
      look,
    ),
    forbidden: outcomeCard(
      view(
        refused('forbidden', {
          verb: 'patch',
          resource: 'deployments',
          message: 'deployments.apps "porttrack-app" is forbidden',
        }),
      ),
      'plan',
      look,
    ),
    'nothing to do': outcomeCard(
      view(
        runs.ended({
          kind: 'nothing_to_do',
          reason: 'already_there',
          detail: { app: 'porttrack-app', revision: exampleRevision(41) },
        }),
      ),
      'plan',
      look,
    ),
    expired: outcomeCard(
      view(runs.ended({ kind: 'not_approved', reason: 'expired', detail: { by: 'rescue' } })),
      'plan',
      look,
    ),
    cancelled: outcomeCard(
      view(runs.ended({ kind: 'not_approved', reason: 'cancelled', detail: { by: spoil ? name : 'marta' } })),
      'plan',
      look,
    ),
    unexpected: outcomeCard(
      view(runs.ended({ kind: 'failed', reason: 'unexpected', detail: { error: 'TypeError' } })),
      'plan',
      look,
    ),
    incident: incidentCard(incidentView, look),
    'incident, over': incidentOverCard(
      { ...incidentView, incident: exampleIncident({ state: 'resolved', resolvedAt: now }) },
      look,
    ),
    'paging failed': pagingFailedCard(
      {
        why: spoil ? text : 'no responde; se sigue intentando',
        accepted: false,
        phones: [
          { name: spoil ? name : 'luis', phone: '+57 300 000 0002' },
          { name: 'ana', phone: '+34 600 000 001' },
        ],
      },
      look,
    ),
    'paging back': pageBackCard(look),
    'thread log': threadLogCard(view(runs.running), failedSteps.slice(0, 4), look),
    'thread evidence': threadEvidenceCard(view(runs.running), look),
    status: statusCard(status, look),
    'status, all well': statusCard(
      { ...status, components: status.components.filter((component) => component.state === 'healthy') },
      look,
    ),
    'status of one': statusDetailCard(trouble, status, look),
    runs: runsCard([runs.running, runs.ended(verified), runs.ended(failedOutcome)], look),
    'runs, none': runsCard([], look),
    run: runCard(view(runs.running, { steps }), 'plan', look),
    audit: auditCard(
      {
        run: undefined,
        entries: ['request', 'plan', 'decision', 'outcome', 'denied'].map((kind, index) => ({
          seq: 128 - index,
          at: now,
          kind,
          runId: 'R-0042',
          actor: spoil ? actor(outside) : { kind: 'person', name: 'ana', slack: 'U0ANA' },
          data: { reason: spoil ? text : 'rolled_back' },
          hash: 'abc',
        })),
      },
      look,
    ),
    'audit, intact': auditCard({ entries: [], run: undefined, verified: { ok: true, entries: 128 } }, look),
    'audit, broken': auditCard(
      { entries: [], run: undefined, verified: { ok: false, entries: 0, seq: 17, what: spoil ? name : 'changed' } },
      look,
    ),
    locks: locksCard(
      {
        holds: [
          {
            target: spoil ? text : 'main/porttrack/deployment/porttrack-app',
            runId: 'R-0042',
            actor: actor(outside),
            since: now,
          },
        ],
      },
      look,
    ),
    'locks, none': locksCard({ holds: [] }, look),
    policy: policyCard(
      {
        rules: [
          {
            operation: 'rollback',
            environment: undefined,
            target: undefined,
            approvals: 1,
            by: 'operator',
            reason: false,
            from: 'default',
            loosened: false,
          },
          {
            operation: 'rollback',
            environment: spoil ? name : 'production',
            target: spoil ? text : undefined,
            approvals: 2,
            by: 'approver',
            reason: true,
            from: 'catalog',
            loosened: true,
          },
        ],
        people: [
          { name: 'ana', slack: 'U0ANA', role: 'approver' },
          { name: spoil ? name : 'marta', slack: undefined, role: 'operator' },
        ],
        automatic: Array.from({ length: 30 }, () => ({ app: name, mode: 'act' as const })),
        expireMinutes: 15,
      },
      look,
    ),
    'help: rollback': helpCard('/rollback', look),
    'help: status': helpCard('/status', look),
    'help: rescue': helpCard('/rescue', look),
    ...Object.fromEntries(
      allNotices(outside).map((notice, index) => [`notice ${index}: ${notice.kind}`, noticeCard(notice, look)]),
    ),
  }
}

export function allNotices({ name, text }: Outside): readonly Notice[] {
  const by = { kind: 'person' as const, name }
  const run = 'R-0042' as const
  return [
    { kind: 'denied', ability: 'start', needed: 'operator', who: [name, 'luis'] },
    { kind: 'denied', ability: 'confirm', needed: 'approver', who: ['ana'], own: true },
    { kind: 'denied', ability: 'look', who: [] },
    { kind: 'denied', ability: 'stop', needed: 'operator', who: ['ana'] },
    { kind: 'bad_input', field: 'revision', value: text, allowed: [], hint: 'number', command: '/rollback' },
    { kind: 'bad_input', field: name, value: text, allowed: [name, text], problem: text },
    { kind: 'bad_input', field: 'reason', value: text, allowed: ['1000'], hint: 'length' },
    {
      kind: 'bad_input',
      field: 'app',
      value: '',
      allowed: ['porttrack-app', 'porttrack-worker'],
      command: '/rollback',
    },
    { kind: 'unknown_app', value: text, allowed: ['porttrack-app', name], nearest: name },
    { kind: 'unknown_name', value: text, allowed: [name] },
    { kind: 'held', subject: name, run, by, since: at },
    { kind: 'started', run },
    { kind: 'started', run, channel: 'C0OPS' },
    { kind: 'again', run },
    { kind: 'waiting_already', run, by },
    { kind: 'reason_needed' },
    { kind: 'store_away' },
    { kind: 'unknown_run', run: text },
    { kind: 'too_late', run, state: 'running', by },
    { kind: 'expired', run },
    { kind: 'stale_plan', run },
    { kind: 'confirmed', run },
    { kind: 'cancelled', run },
    { kind: 'not_finished', run },
    { kind: 'nothing_to_undo', run },
    { kind: 'stopping', run, again: false },
    { kind: 'stopping', run, again: true },
    { kind: 'undone_already', run, by: 'R-0043' },
    { kind: 'old_click' },
    { kind: 'unexpected', id: name },
    { kind: 'cluster_away', app: name, message: text },
    { kind: 'forbidden', app: name, message: text },
    { kind: 'not_member', channel: 'C0OPS' },
    { kind: 'no_such_incident', incident: text },
    { kind: 'incident_resolved', incident: 'INC-20261124-01' },
    { kind: 'incident_busy', incident: 'INC-20261124-01', run },
  ]
}

/** Every modal, with outside text in every place. */
export function allModals(look: Look, outside: Outside = friendly) {
  const { name, text } = outside
  const spoil = outside !== friendly
  const others = Array.from({ length: 6 }, (_, index) =>
    exampleRevision(
      41 - index,
      spoil
        ? { images: [text], changeCause: text }
        : {
            changeCause: index === 1 ? 'hotfix login' : undefined,
            failedBefore: index === 2 ? 'rolled_back' : undefined,
          },
    ),
  )
  const base = {
    apps: [spoil ? name : 'porttrack-app', 'porttrack-worker'],
    app: spoil ? name : 'porttrack-app',
    reason: spoil ? text : undefined,
    metadata: spoil ? text : '{}',
  }
  const there = {
    kind: 'there' as const,
    current: exampleRevision(42),
    readiness: { ready: 1, desired: 3 },
    others,
    chosen: 41,
  }
  const run = withRun(outside).waiting
  return {
    'rollback, no app': rollbackModal({ ...base, app: undefined, revisions: { kind: 'no_app' } }, look),
    'rollback, loading': rollbackModal({ ...base, revisions: { kind: 'loading' } }, look),
    'rollback, there': rollbackModal({ ...base, revisions: there }, look),
    'rollback, many': rollbackModal(
      {
        ...base,
        revisions: {
          ...there,
          chosen: undefined,
          others: Array.from({ length: 150 }, (_, index) => exampleRevision(200 - index)),
        },
      },
      look,
    ),
    'rollback, none': rollbackModal({ ...base, revisions: { ...there, others: [] } }, look),
    evidence: evidenceModal(
      run,
      [
        {
          name: spoil ? name : 'porttrack-app-7c9f-x2k: app (previous)',
          content: spoil ? text : 'Error: DATABASE_URL is not set\n    at start (server.js:12)',
        },
        { name: 'long', content: `${'a line of a log\n'.repeat(600)}` },
      ],
      look,
    ),
    'evidence, none': evidenceModal(run, [], look),
    plan: planModal(run, look),
    loading: loadingModal(look),
    ...colorModals(look, outside),
  }
}
