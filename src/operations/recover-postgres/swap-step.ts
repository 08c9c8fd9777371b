import { withClient } from '../../services/postgres/client.ts'
import { DatabaseError } from '../../services/postgres/errors.ts'
import { closeAgain } from '../../services/postgres/kept.ts'
import { pausePool, resumePool } from '../../services/postgres/pool.ts'
import { keptName } from '../../services/postgres/shadow.ts'
import { dress, readSurroundings } from '../../services/postgres/surroundings.ts'
import { lookAtSwap, type SwapPlan, type Swapped, swap } from '../../services/postgres/swap.ts'
import { patiently } from '../restoring/patiently.ts'
import type { Fence, Run } from '../types.ts'
import { placeOf } from './place.ts'
import type { RecoverParams, RecoverPlan } from './types.ts'

type Run_ = Run<RecoverParams, RecoverPlan>

/** The same in every attempt: names follow from the run's id, databases are those that people approved. */
export async function swapPlanOf(run: Run_): Promise<SwapPlan> {
  const { plan } = run
  const { url, name, maintenance } = await placeOf(run.services, plan.database)
  const next = plan.prepared?.shadow
  if (next === undefined) throw new Error('nothing was prepared')
  return { url, maintenance, live: name, kept: keptName(name, run.id), liveOid: plan.liveOid, next }
}

/** The one act that replaces what is in use: two renames in one transaction, behind the ledger. */
export function swapFence(run: Run_): Fence<Exchanged> {
  const { plan } = run
  return {
    intent: { database: plan.name, liveOid: plan.liveOid ?? null, nextOid: plan.prepared?.shadow.oid ?? null },
    act: () => exchange(run),
    look: async () => {
      const target = await swapPlanOf(run)
      const seen = await patiently(() => lookAtSwap(target))
      // Whoever was held back before the crash goes on.
      await withPool(run, resumePool)
      if (seen === 'swapped') return { kind: 'done', result: { kind: 'swapped', ms: 0, ended: 0 } }
      if (seen === 'not_swapped') return { kind: 'not_done' }
      return { kind: 'unknown', why: `neither the old nor the new database is called ${target.live}` }
    },
  }
}

/** Not let in at all: whoever cannot connect has exchanged nothing. */
export type Exchanged = Swapped | { readonly kind: 'database_denied'; readonly message: string }

/** Tried again while the server is away, and looked at before: the answer to a commit may have been lost. */
function exchange(run: Run_): Promise<Exchanged> {
  let again = false
  return patiently(async () => {
    const target = await swapPlanOf(run)
    if (again && (await lookAtSwap(target)) === 'swapped') return { kind: 'swapped', ms: 0, ended: 0 }
    again = true
    const denied = await dressAgain(target).catch((error: unknown) => {
      if (error instanceof DatabaseError && error.reason === 'database_denied') return error
      throw error
    })
    if (denied !== undefined) return { kind: 'database_denied', message: denied.message }
    return withPoolPaused(run, () => swap(target))
  })
}

/** Grants and settings as they are at this moment: somebody may have changed them while people were reading. */
async function dressAgain(target: SwapPlan): Promise<void> {
  await withClient(target.url, { database: target.maintenance, statementMs: 15_000 }, async (client) => {
    const like = await readSurroundings(client, target.live)
    if (like !== undefined) await dress(client, target.next.name, like)
  })
}

async function withPoolPaused<T>(run: Run_, body: () => Promise<T>): Promise<T> {
  await withPool(run, pausePool)
  try {
    return await body()
  } finally {
    await withPool(run, resumePool)
  }
}

async function withPool(run: Run_, act: (url: string, database: string) => Promise<void>): Promise<void> {
  const { entry, name } = await placeOf(run.services, run.plan.database)
  const pool = entry.restore.pgbouncer
  if (pool !== undefined) await act(await run.services.secret(pool.url), pool.database ?? name)
}

/** The database that an undo had opened is closed again, with the note that it had. */
export async function closeWayBack(run: Run_): Promise<void> {
  const { plan } = run
  const { backTo } = plan
  if (backTo === undefined) return
  const { url, maintenance } = await placeOf(run.services, plan.database)
  await patiently(() =>
    withClient(url, { database: maintenance, statementMs: 15_000 }, (client) => closeAgain(client, backTo)),
  )
}
