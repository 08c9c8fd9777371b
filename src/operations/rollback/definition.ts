import { createHash } from 'node:crypto'
import { collectEvidence } from '../../services/kubernetes/pods/evidence.ts'
import { canonical } from '../../services/kubernetes/workload/template-equality.ts'
import { readWorkload } from '../../services/kubernetes/workload/workload.ts'
import type { Operation } from '../types.ts'
import { readRollbackFacts } from './facts.ts'
import { type Pace, standardPace } from './pace.ts'
import { rollbackParams, wasOf } from './params.ts'
import { decideRollback } from './plan.ts'
import { stepsOf } from './steps.ts'
import type { RollbackFacts, RollbackParams, RollbackPlan } from './types.ts'
import { rollBack, stepNames } from './workflow.ts'
import { appOf, targetOf, workloadRef } from './workload-ref.ts'

export type RollbackOperation = Operation<RollbackParams, RollbackFacts, RollbackPlan>

export const rollback: RollbackOperation = makeRollback(standardPace)

/** @param pace how often and how long the steps look */
export function makeRollback(pace: Pace): RollbackOperation {
  return {
    name: 'rollback',
    risk: (params) => (params.emergency === true ? 'break-glass' : 'reversible'),
    params: rollbackParams,
    target: (params, catalog) => targetOf(workloadRef(appOf(catalog, params.app))),
    subject: (params) => ({ kind: 'app', name: params.app }),
    readFacts: readRollbackFacts,
    decide: decideRollback,
    fingerprint,
    captureEvidence: async (_params, plan, services, withinMs) => {
      const limit = withinMs === undefined ? {} : { timeoutMs: withinMs }
      const client = services.cluster(plan.workload.cluster)
      return collectEvidence(client, await readWorkload(client, plan.workload, limit), withinMs)
    },
    steps: stepNames,
    execute: (run) => rollBack(run, stepsOf(run, pace)),
    undo: (_params, plan, outcome) => {
      if (outcome.detail['restored'] !== true || plan.from.source === '') return undefined
      return { operation: 'rollback', params: { app: plan.app, toSource: plan.from.source, was: wasOf(plan.from) } }
    },
    view: (_params, plan) => {
      const { patch: _patch, warnings, changes, ...facts } = plan
      return { facts, warnings, changes }
    },
  }
}

/** The patch itself is bound by its digest: it may hold values that must not be written into the audit. */
function fingerprint(plan: RollbackPlan): unknown {
  const { app, workload, uid, emergency, paused, replicas } = plan
  return {
    app,
    workload,
    uid,
    emergency,
    paused,
    replicas,
    from: { revision: plan.from.revision, source: plan.from.source },
    to: { revision: plan.to.revision, source: plan.to.source },
    changes: plan.changes.map((change) => change.path),
    patch: createHash('sha256').update(canonical(plan.patch)).digest('hex'),
  }
}
