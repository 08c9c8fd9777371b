import { lookAtSwap, type SwapPlan, type Swapped, swapCollections } from '../../services/mongodb/swap.ts'
import type { Fence, Run } from '../types.ts'
import { placeOf } from './place.ts'
import type { RecoverMongoParams, RecoverMongoPlan } from './types.ts'

type Run_ = Run<RecoverMongoParams, RecoverMongoPlan>

/** A server that was killed in the middle is given this long to come back before nobody can tell. */
const patienceMs = 90_000

/**
 * The one act that replaces what is in use. The whole list of renames is in the ledger before the first of them: a crash in the
 * middle is found by UUIDs, and the rest is done. Going back then would take away what was written since into those in use.
 */
export function swapFence(run: Run_): Fence<Swapped> {
  const { services, plan, id } = run
  const renames = plan.prepared?.renames ?? []
  let gaveUp = false
  const target = async (): Promise<SwapPlan> => {
    const { url } = await placeOf(services, plan.database)
    return { url, run: id, renames, patienceMs }
  }
  return {
    intent: { database: plan.name, renames },
    act: async () => {
      try {
        return await swapCollections(await target())
      } catch (error) {
        gaveUp = true
        throw error
      }
    },
    look: async () => {
      const stage = await lookAtSwap(await target())
      if (stage === 'after') return { kind: 'done', result: { kind: 'swapped', ms: 0, late: [] } }
      // Between two renames the act itself goes on where it was cut off; only if it could not, people must look.
      if (stage === 'between' && gaveUp)
        return { kind: 'unknown', why: `some collections of ${plan.name} are exchanged, and some are not` }
      return { kind: 'not_done' }
    },
  }
}
