import type { Operation } from '../types.ts'
import { readRecoverFacts } from './facts.ts'
import { recoverParams } from './params.ts'
import { restorable } from './place.ts'
import { decideRecovery, fingerprint } from './plan.ts'
import { prepareRecovery } from './prepare.ts'
import { prepareStepsOf } from './prepare-steps.ts'
import { discardCopies, stepsOf } from './steps.ts'
import type { BackTo, RecoverFacts, RecoverParams, RecoverPlan } from './types.ts'
import { recover, stepNames } from './workflow.ts'

export const recoverPostgres: Operation<RecoverParams, RecoverFacts, RecoverPlan> = {
  name: 'recover-postgres',
  // A copy to look at replaces nothing.
  risk: (params) => (params.copy === true ? 'reversible' : 'destructive'),
  params: recoverParams,
  target: (params) => `database/${params.database}`,
  subject: (params) => ({ kind: 'database', name: params.database }),
  subjects: restorable,
  readFacts: readRecoverFacts,
  decide: decideRecovery,
  fingerprint,
  steps: stepNames,
  prepare: (run) => prepareRecovery(run, prepareStepsOf(run)),
  discard: discardCopies,
  execute: (run) => recover(run, stepsOf(run)),
  undo: (_params, plan, outcome) => {
    const kept = keptIn(outcome.detail)
    if (outcome.detail['swapped'] !== true || kept === undefined) return undefined
    const schema = plan.prepared?.tables?.schema
    const alone = plan.scope === undefined || schema === undefined ? {} : { scope: plan.scope }
    const backTo = schema === undefined ? kept : { ...kept, schema }
    return { operation: 'recover-postgres', params: { database: plan.database, ...alone, backTo } }
  },
  view: (_params, plan) => ({ facts: { ...plan }, warnings: [], changes: [] }),
}

function keptIn(detail: Readonly<Record<string, unknown>>): BackTo | undefined {
  const kept = detail['kept']
  if (typeof kept !== 'object' || kept === null || !('name' in kept) || !('oid' in kept)) return undefined
  const { name, oid } = kept
  const run = /_old_(\d+)$/.exec(String(name))?.[1]
  return typeof oid === 'number' && run !== undefined ? { run: `R-${run}`, name: String(name), oid } : undefined
}
