import type { Client } from '../../services/postgres/client.ts'
import type { Db } from '../../store/db.ts'
import { getRun } from '../../store/runs.ts'
import type { RunId } from '../../store/types.ts'
import { stagePurpose } from './tables/scope.ts'

type Left = { readonly name: string; readonly run: string }

/** Copies that no run needs any more: only those of runs that this store knows and that have ended. @param live its name on the server */
export async function leftBehind(db: Db, client: Client, database: string, live: string): Promise<readonly Left[]> {
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database where datname ~ '_r_[0-9]{4,9}_[0-9a-f]{4}$'`,
  )
  const found: Left[] = []
  for (const { name } of rows) {
    const match = /^(.*)_r_(\d{4,9})_[0-9a-f]{4}$/.exec(name)
    const [, prefix = '', number = ''] = match ?? []
    if (prefix === '' || !live.startsWith(prefix)) continue
    const run = await getRun(db, `R-${number}`)
    if (run?.state === 'ended' && run.subject.name === database) found.push({ name, run: run.id })
  }
  return found
}

/** Tables that waited in the live database for a run that has ended without them; by the note on their schema. */
export async function stagesLeft(db: Db, client: Client, database: string): Promise<readonly Left[]> {
  const { rows } = await client.query<{ name: string; note: string | null }>(
    `select nspname as name, obj_description(oid, 'pg_namespace') as note from pg_namespace where nspname like 'rescue\\_new\\_%'`,
  )
  const found: Left[] = []
  for (const { name, note } of rows) {
    const run = await getRun(db, name.replace('rescue_new_', 'R-') as RunId)
    const ours = run?.state === 'ended' && run.subject.name === database && note === stagePurpose(run.id)
    if (ours) found.push({ name, run: run.id })
  }
  return found
}
