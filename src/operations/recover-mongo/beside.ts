import { dropBeside } from '../../services/mongodb/beside.ts'
import { type Connected, withMongo } from '../../services/mongodb/client.ts'
import { copyDatabase, prefixOf } from '../../services/mongodb/names.ts'
import type { Run } from '../types.ts'
import { placeOf } from './place.ts'
import type { Beside, RecoverMongoParams, RecoverMongoPlan } from './types.ts'

type Run_ = Run<RecoverMongoParams, RecoverMongoPlan>

/** The same in every attempt: it follows from the run's id. */
export function besideOfRun({ id, plan }: Run_): Beside {
  return plan.kind === 'copy'
    ? { database: copyDatabase(plan.name, id), prefix: '' }
    : { database: plan.name, prefix: prefixOf('r', id) }
}

/** A connection to where the copy is. */
export const at = ({ client }: Connected, beside: Beside): Connected => ({ client, db: client.db(beside.database) })

/** Drops what this run has made beside what is in use. Safe to repeat. */
export async function dropCopy(run: Run_): Promise<void> {
  const { url } = await placeOf(run.services, run.plan.database)
  const beside = besideOfRun(run)
  await withMongo(url, {}, (connected) => dropBeside(at(connected, beside), beside.prefix))
}
