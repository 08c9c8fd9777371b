import type { Sql } from './db.ts'
import type { RunId } from './types.ts'

/** A restore that ended with its proof: one that replaced the database, or a copy to look at. */
export type ProvenRestore = {
  readonly run: RunId
  readonly database: string
  readonly endedAt: Date
  /** When the data were dumped. */
  readonly dataAt: Date | undefined
}

type Record = { id: RunId; database: string; ended_at: Date; data_at: string | null }

/**
 * The last proved restore of each database.
 * @param query `replaced`: only those after which the database in use was another one
 */
export async function lastRestores(
  db: Sql,
  query: { readonly database?: string; readonly replaced?: boolean } = {},
): Promise<readonly ProvenRestore[]> {
  const { rows } = await db.query<Record>(
    `select distinct on (subject ->> 'name') id, subject ->> 'name' as database, ended_at, outcome -> 'detail' ->> 'dataAt' as data_at
     from runs
     where subject ->> 'kind' = 'database' and state = 'ended' and outcome ->> 'kind' = 'verified'
       and outcome ->> 'reason' = any($1) and ($2::text is null or subject ->> 'name' = $2)
     order by subject ->> 'name', number desc`,
    [query.replaced === true ? ['restored'] : ['restored', 'copied'], query.database ?? null],
  )
  return rows.map((row) => {
    const dataAt = row.data_at === null ? Number.NaN : Date.parse(row.data_at)
    return {
      run: row.id,
      database: row.database,
      endedAt: row.ended_at,
      dataAt: Number.isNaN(dataAt) ? undefined : new Date(dataAt),
    }
  })
}
