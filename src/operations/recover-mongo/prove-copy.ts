import { withMongo } from '../../services/mongodb/client.ts'
import { type Proof, prove } from '../../services/mongodb/prove.ts'
import type { Refused } from '../restoring/verdict.ts'
import type { Report, Run } from '../types.ts'
import { at } from './beside.ts'
import { placeOf } from './place.ts'
import type { Beside, Judged, RecoverMongoParams, RecoverMongoPlan } from './types.ts'

type Run_ = Run<RecoverMongoParams, RecoverMongoPlan>
type Good = Extract<Judged, { kind: 'good' }>

export type Proved = Refused | { readonly kind: 'proved'; readonly proof: Proof }

const answerMs = 10 * 60_000
const reportMs = 1_000

/** The copy against its backup: every document, every option, every index. */
export async function proveCopy(
  run: Run_,
  { contents }: Good,
  beside: Beside,
  signal: AbortSignal,
  report: Report,
): Promise<Proved> {
  const { url } = await placeOf(run.services, run.plan.database)
  let told = 0
  const proof = await withMongo(url, { answerMs, signal }, (connected) =>
    prove({
      connected: at(connected, beside),
      beside: (name) => `${beside.prefix}${name}`,
      prefix: beside.prefix,
      expected: contents.collections,
      views: contents.views.map(({ name }) => name),
      onDocuments: (done, of) => {
        if (Date.now() - told < reportMs) return
        told = Date.now()
        void report({ documents: done, of }).catch(() => undefined)
      },
    }),
  )
  const failed = proof.checks.filter(({ verdict }) => verdict === 'fail')
  if (failed.length > 0) return { kind: 'refused', reason: 'not_equal', detail: { checks: failed } }
  return { kind: 'proved', proof }
}
