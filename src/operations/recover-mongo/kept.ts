import { z } from 'zod'
import { ownName } from '../../services/mongodb/names.ts'
import type { Db } from '../../store/db.ts'
import { getRun } from '../../store/runs.ts'
import type { RunId } from '../../store/types.ts'
import type { Kept } from './types.ts'

const view = z.object({ viewOn: z.string(), pipeline: z.string(), collation: z.string().optional() })

/** As it comes back from the store: JSON has no undefined. */
const keptSchema = z.object({
  run: z.string(),
  dropAfter: z.string(),
  renames: z.array(z.object({ uuid: z.string(), from: z.string(), to: z.string() })),
  views: z.array(z.object({ name: z.string(), before: view.optional(), after: view.optional() })),
})

/** What a run of this database put beside when it exchanged, as its outcome tells it; undefined where it did not. */
export async function keptBy(db: Db, run: string, database: string): Promise<Kept | undefined> {
  const row = await getRun(db, run as RunId)
  if (row === undefined || row.operation !== 'recover-mongo' || row.subject.name !== database) return undefined
  return readKept(row.outcome?.detail['kept'])
}

/** Whether an exchange put anything of what was in use aside. */
export const hasReplaced = ({ renames, views }: Kept): boolean =>
  renames.some(({ to }) => ownName(to) !== undefined) || views.some(({ before }) => before !== undefined)

/** Undefined for what is no such thing. */
export function readKept(value: unknown): Kept | undefined {
  const found = keptSchema.safeParse(value)
  if (!found.success) return undefined
  const definition = (one: z.infer<typeof view> | undefined) =>
    one === undefined ? undefined : { viewOn: one.viewOn, pipeline: one.pipeline, collation: one.collation }
  return {
    ...found.data,
    views: found.data.views.map(({ name, before, after }) => ({
      name,
      before: definition(before),
      after: definition(after),
    })),
  }
}
