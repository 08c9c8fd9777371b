import { type Client, qualified } from './client.ts'
import { codeOf } from './errors.ts'
import { nameOf } from './tables.ts'

/** What the backup holds, as its own bytes tell. */
export type Expected = {
  readonly tables: readonly {
    readonly schema: string
    readonly name: string
    readonly columns: readonly string[]
    readonly rows: number
    readonly bytes: number
    readonly sha256: string
  }[]
  readonly sequences: readonly {
    readonly schema: string
    readonly name: string
    readonly value: string
    readonly called: boolean
  }[]
  readonly largeObjects: { readonly count: number }
  /** UTC offsets of the timestamps in the backup, such as `+02`. */
  readonly utcOffsets: readonly string[]
}

export type Check = {
  /** contents, tables, indexes, sequences, large_objects, amcheck, ... */
  readonly name: string
  /** "Could not verify" is never green. */
  readonly verdict: 'pass' | 'fail' | 'unknown'
  readonly detail: string
}

/** `NOT VALID` constraints survive a good restore: they are no failure; an invalid index is. */
export async function indexes(client: Client): Promise<Check> {
  const { rows } = await client.query<{ name: string; ok: boolean }>(
    `select c.oid::regclass::text as name, i.indisvalid and i.indisready as ok from pg_index i
     join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'i' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'`,
  )
  const bad = rows.filter(({ ok }) => !ok).map(({ name }) => name)
  return bad.length === 0
    ? { name: 'indexes', verdict: 'pass', detail: String(rows.length) }
    : { name: 'indexes', verdict: 'fail', detail: bad.slice(0, 10).join(', ') }
}

export async function sequences(client: Client, { sequences: wanted }: Expected): Promise<Check> {
  const wrong: string[] = []
  for (const sequence of wanted) {
    const { rows } = await client
      .query<{ value: string; called: boolean }>(
        `select last_value::text as value, is_called as called from ${qualified(sequence.schema, sequence.name)}`,
      )
      .catch(() => ({ rows: [] }))
    const found = rows[0]
    if (found?.value !== sequence.value || found.called !== sequence.called) wrong.push(nameOf(sequence))
  }
  return wrong.length === 0
    ? { name: 'sequences', verdict: 'pass', detail: String(wanted.length) }
    : { name: 'sequences', verdict: 'fail', detail: wrong.slice(0, 10).join(', ') }
}

export async function largeObjects(client: Client, expected: Expected): Promise<Check | undefined> {
  const { rows } = await client.query<{ n: string }>('select count(*) as n from pg_largeobject_metadata')
  const found = Number(rows[0]?.n ?? 0)
  if (found === 0 && expected.largeObjects.count === 0) return undefined
  return found === expected.largeObjects.count
    ? { name: 'large_objects', verdict: 'pass', detail: String(found) }
    : { name: 'large_objects', verdict: 'fail', detail: `${found} of ${expected.largeObjects.count}` }
}

/** B-trees against their tables, where the extension is there and the account may use it; otherwise nothing is said. */
export async function amcheck(client: Client): Promise<Check | undefined> {
  const { rows } = await client.query<{ fn: string | null }>(
    `select p.oid::regprocedure::text as fn from pg_extension e join pg_proc p on p.pronamespace = e.extnamespace
     where e.extname = 'amcheck' and p.proname = 'bt_index_check' and p.pronargs = 2 and has_function_privilege(p.oid, 'execute')`,
  )
  if (rows.length === 0) return undefined
  const checked = await client
    .query<{ n: string }>(
      `select count(bt_index_check(c.oid, true)) as n from pg_index i join pg_class c on c.oid = i.indexrelid
       join pg_am m on m.oid = c.relam and m.amname = 'btree' where c.relkind = 'i' and c.relpersistence = 'p'`,
    )
    .then(
      () => ({ name: 'amcheck', verdict: 'pass', detail: '' }) as const,
      (error: unknown) => ({
        name: 'amcheck',
        verdict: codeOf(error) === '42501' ? ('unknown' as const) : ('fail' as const),
        detail: error instanceof Error ? error.message.slice(0, 200) : '',
      }),
    )
  return checked
}
