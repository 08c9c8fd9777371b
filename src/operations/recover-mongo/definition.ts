import type { Operation } from '../types.ts'
import { dropCopy } from './beside.ts'
import { readRecoverMongoFacts } from './facts.ts'
import { hasReplaced, readKept } from './kept.ts'
import { recoverMongoParams } from './params.ts'
import { restorableMongo } from './place.ts'
import { decideRecoverMongo, fingerprint } from './plan.ts'
import { prepareRecoverMongo } from './prepare.ts'
import { prepareStepsOf } from './prepare-steps.ts'
import { stepsOf } from './steps.ts'
import type { RecoverMongoFacts, RecoverMongoParams, RecoverMongoPlan } from './types.ts'
import { recoverDatabase, stepNames } from './workflow.ts'

export const recoverMongo: Operation<RecoverMongoParams, RecoverMongoFacts, RecoverMongoPlan> = {
  name: 'recover-mongo',
  // A copy to look at replaces nothing.
  risk: (params) => (params.copy === true ? 'reversible' : 'destructive'),
  params: recoverMongoParams,
  target: (params) => `database/${params.database}`,
  subject: (params) => ({ kind: 'database', name: params.database }),
  subjects: restorableMongo,
  readFacts: readRecoverMongoFacts,
  decide: decideRecoverMongo,
  fingerprint,
  steps: stepNames,
  prepare: (run) => prepareRecoverMongo(run, prepareStepsOf(run)),
  // A way back has made nothing that could be taken away.
  discard: async (run) => {
    if (run.plan.kind !== 'undo') await dropCopy(run)
  },
  execute: (run) => recoverDatabase(run, stepsOf(run)),
  undo: (_params, plan, outcome) => {
    const kept = outcome.detail['kept']
    const found = outcome.detail['swapped'] === true ? readKept(kept) : undefined
    // Where nothing was replaced, the way back would be an empty database.
    if (found === undefined || !hasReplaced(found)) return undefined
    return { operation: 'recover-mongo', params: { database: plan.database, backTo: { run: found.run } } }
  },
  view: (_params, plan) => ({ facts: { ...plan }, warnings: [], changes: [] }),
}
