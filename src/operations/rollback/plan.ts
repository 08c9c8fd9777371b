import { diffTemplates } from '../../services/kubernetes/workload/template-diff.ts'
import { sameTemplate } from '../../services/kubernetes/workload/template-equality.ts'
import { undoPatch } from '../../services/kubernetes/workload/undo-patch.ts'
import type { Decision } from '../types.ts'
import { type Choice, chooseTarget, healthyEnoughSeconds } from './choose.ts'
import { expectedSeconds } from './estimate.ts'
import { type History, historyOf, type KnownRevision } from './history.ts'
import { readinessOf } from './readiness.ts'
import type { RevisionInfo, RollbackFacts, RollbackParams, RollbackPlan } from './types.ts'
import { warningsOf } from './warnings.ts'

/** What to do, from what was asked and what was read. Pure: the same input gives the same decision. */
export function decideRollback(params: RollbackParams, facts: RollbackFacts): Decision<RollbackPlan> {
  const history = historyOf(facts)
  const choice = chooseTarget(params, {
    history,
    problems: facts.problems,
    now: facts.readAt,
    rolledOutAt: facts.rolledOutAt,
  })
  if (choice.kind === 'none') return refuse(choice, params, facts, history)
  if (choice.kind === 'current' || sameTemplate(choice.target.revision.template, facts.template)) {
    const revision = choice.kind === 'current' ? history.current : choice.target.info
    return { kind: 'nothing_to_do', reason: 'already_there', detail: { ...common(facts), revision } }
  }
  if (facts.paused && params.emergency !== true)
    return {
      kind: 'refuse',
      reason: 'paused',
      detail: { ...common(facts), pausedBy: facts.pausedBy, to: choice.target.info },
    }
  if (!facts.mayPatch)
    return { kind: 'refuse', reason: 'forbidden', detail: { ...common(facts), ...missingRight(facts) } }
  return { kind: 'proceed', plan: planFor(params, facts, history, choice.target) }
}

function planFor(params: RollbackParams, facts: RollbackFacts, history: History, target: KnownRevision): RollbackPlan {
  const { type, maxUnavailable, maxSurge } = facts.strategy
  const { services, hosts, autoscaler } = facts.surroundings
  const follows = facts.workload.kind === 'daemonset' || autoscaler !== undefined
  return {
    app: facts.app,
    environment: facts.environment,
    workload: facts.workload,
    uid: facts.uid,
    from: history.current,
    to: target.info,
    emergency: params.emergency === true,
    readiness: readinessOf(facts),
    problems: facts.problems,
    changes: diffTemplates(facts.template, target.revision.template),
    warnings: warningsOf({ facts, from: history.current, target, between: between(history, target) }),
    serves: { services, hosts },
    strategy: { type, maxUnavailable, maxSurge },
    alternatives: alternativesTo(history, target),
    expectedSeconds: expectedSeconds(facts, target.revision),
    replicas: follows ? undefined : facts.counts.desired,
    paused: facts.paused,
    targetHash: target.revision.podHash,
    patch: undoPatch({ ...facts, address: facts.workload }, target.revision, params.emergency === true),
  }
}

/** What to try should this one fail: never failed, and not known to have served only for moments. */
function alternativesTo(history: History, target: KnownRevision): readonly RevisionInfo[] {
  const others = history.others.map(({ info }) => info).filter((info) => info.source !== target.info.source)
  return others
    .filter(
      (info) =>
        info.failedBefore === undefined && (info.healthySeconds ?? healthyEnoughSeconds) >= healthyEnoughSeconds,
    )
    .slice(0, 5)
}

function between(history: History, target: KnownRevision): readonly KnownRevision[] {
  return history.others.filter(
    ({ info }) => info.revision > target.info.revision && info.revision < history.current.revision,
  )
}

function refuse(
  choice: Extract<Choice, { kind: 'none' }>,
  params: RollbackParams,
  facts: RollbackFacts,
  history: History,
): Decision<RollbackPlan> {
  const detail = {
    ...common(facts),
    asked: params.toRevision ?? params.toSource,
    current: history.current,
    available: history.others.map(({ info }) => info),
    ...(choice.reason === 'just_rolled_back' ? { wentBackFrom: history.wentBackFrom, at: facts.rolledOutAt } : {}),
  }
  return { kind: 'refuse', reason: choice.reason, detail }
}

function missingRight({ workload }: RollbackFacts) {
  return { status: 403, verb: 'patch', resource: `${workload.kind}s` }
}

function common(facts: RollbackFacts) {
  return { app: facts.app, environment: facts.environment, workload: facts.workload }
}
