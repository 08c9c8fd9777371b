import { type Opening, withClient } from './client.ts'
import { codeOf, DatabaseError } from './errors.ts'

export type Question = {
  readonly name: string
  readonly query: string
  /** What the first value must be; absent: anything but nothing, false, 0 and an empty text. */
  readonly expect?: string | undefined
}

/** `late`: the server ended it, so nothing is known. */
export type Answer = { readonly name: string; readonly ok: boolean; readonly value: string; readonly late?: true }

const questionMs = 15_000
const queryCanceled = '57014'

/**
 * Asks a database the catalog's own questions, in a transaction that cannot write. A question that fails is an answer.
 * @param answers filled as they come, for who cannot wait for the last one
 */
export async function ask(
  url: string,
  database: string,
  questions: readonly Question[],
  opening: Pick<Opening, 'statementMs' | 'signal'> = {},
  answers: Answer[] = [],
): Promise<Answer[]> {
  if (questions.length === 0) return answers
  return withClient(url, { statementMs: questionMs, ...opening, database }, async (client) => {
    for (const { name, query, expect } of questions) {
      await client.query('begin transaction read only')
      try {
        const { rows } = await client.query<unknown[]>({ text: query, rowMode: 'array' })
        const value = shown(rows[0]?.[0])
        answers.push({ name, value, ok: expect === undefined ? !/^(|false|0)$/.test(value) : value === expect })
      } catch (error) {
        if (error instanceof DatabaseError) throw error
        const value = error instanceof Error ? error.message.slice(0, 200) : ''
        answers.push({ name, ok: false, value, ...(codeOf(error) === queryCanceled ? { late: true } : {}) })
      }
      await client.query('rollback')
    }
    return answers
  })
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).slice(0, 200)
}

/**
 * The newest moment in a database: the largest value of the columns that people call created, updated or the like. Undefined
 * where there is none.
 */
export async function newestMoment(url: string, database: string): Promise<string | undefined> {
  return withClient(url, { database, statementMs: questionMs }, async (client) => {
    const { rows } = await client.query<{ of: string; column: string }>(
      `select c.oid::regclass::text as of, quote_ident(a.attname) as column from pg_class c
       join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
       where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
         and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype) and not a.attisdropped
         and a.attname ~ '(creat|updat|insert|modif|_at$|^at$|time)' order by c.reltuples desc limit 12`,
    )
    const newest: number[] = []
    for (const { of, column } of rows) {
      const found = await client
        .query<{ at: Date | null }>(`select max(${column})::timestamptz as at from ${of} where ${column} <= now()`)
        .catch(() => undefined)
      const at = found?.rows[0]?.at
      if (at instanceof Date && !Number.isNaN(at.getTime())) newest.push(at.getTime())
    }
    return newest.length === 0 ? undefined : new Date(Math.max(...newest)).toISOString()
  })
}
