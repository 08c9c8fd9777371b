import { dropBeside } from '../../services/mongodb/beside.ts'
import { withMongo } from '../../services/mongodb/client.ts'
import { mongoError } from '../../services/mongodb/errors.ts'
import { type Merged, mergeLate } from '../../services/mongodb/late.ts'
import { ownName, prefixOf } from '../../services/mongodb/names.ts'
import { listAll } from '../../services/mongodb/server.ts'
import { setViews } from '../../services/mongodb/views.ts'
import { DatabaseError } from '../../services/postgres/errors.ts'
import type { Run } from '../types.ts'
import { placeOf } from './place.ts'
import type { Kept, RecoverMongoParams, RecoverMongoPlan } from './types.ts'

type Run_ = Run<RecoverMongoParams, RecoverMongoPlan>

export type ViewsSet = { readonly kind: 'set' } | { readonly kind: 'refused'; readonly why: string }

/** Views follow names, so they show the new documents already; only those that the backup has otherwise are made anew. */
export async function setViewsOf({ services, plan }: Run_): Promise<ViewsSet> {
  const { url } = await placeOf(services, plan.database)
  try {
    await withMongo(url, {}, (connected) => setViews(connected, plan.prepared?.views ?? []))
    return { kind: 'set' }
  } catch (error) {
    const known = mongoError(error)
    if (!(known instanceof DatabaseError) || known.reason === 'database_away') throw error
    return { kind: 'refused', why: known.message }
  }
}

/**
 * Brings what was written between two renames into the collections in use, and takes away what the preparation left. What was
 * replaced stays beside; this is the note of it. Safe to repeat.
 */
export async function keepOld(run: Run_): Promise<{ readonly kept: Kept; readonly late: readonly Merged[] }> {
  const { plan, id } = run
  const dropAfter = new Date(Date.now() + plan.keepHours * 3_600_000).toISOString()
  const late = await bringLate(run)
  const { url } = await placeOf(run.services, plan.database)
  // Only views can stand there now: every collection of the copy is in use.
  await withMongo(url, {}, (connected) => dropBeside(connected, prefixOf('r', id)))
  const { renames = [], views = [] } = plan.prepared ?? {}
  return { kept: { run: id, dropAfter, renames, views }, late }
}

/** Found by name, so also after a crash. The collections beside stay: nothing that was written is dropped. */
export async function bringLate({ services, plan, id }: Run_): Promise<readonly Merged[]> {
  const { url } = await placeOf(services, plan.database)
  return withMongo(url, {}, async (connected) => {
    const all = (await listAll(connected)).map(({ name }) => name)
    const there = new Set(all)
    const merged: Merged[] = []
    for (const beside of all.filter((name) => name.startsWith(prefixOf('late', id)))) {
      const called = ownName(beside)?.name ?? ''
      const name = there.has(called) ? called : called.replace(/~\d+$/, '')
      if (there.has(name)) merged.push(await mergeLate(connected, beside, name))
    }
    return merged
  })
}
