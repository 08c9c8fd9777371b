import { type Client, literal } from '../client.ts'

/** How far a sequence of the backup had counted; decimal, since bigint does not fit a number. */
export type Floor = { readonly schema: string; readonly name: string; readonly value: string; readonly called: boolean }

/** A sequence that must have counted at least so far: a number that was given once is never given again. */
export type Counter = {
  readonly oid: number
  readonly value: string
  readonly down: boolean
  readonly name: string | undefined
}

/**
 * Sequences of columns: those of `serial` stay what they are and change their table; those of identities come with the new table,
 * and take the old one's name and count.
 */
export async function readCounters(
  client: Client,
  oids: readonly number[],
  next: readonly number[],
  floors: readonly Floor[],
): Promise<Counter[]> {
  const { rows } = await client.query<{
    of: number
    column: string
    oid: number
    schema: string
    name: string
    kind: string
    down: boolean
  }>(
    `select d.refobjid::int8::float8 as of, a.attname as column, s.oid::int8::float8 as oid, n.nspname as schema, s.relname as name,
       d.deptype as kind, q.seqincrement < 0 as down
     from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S' join pg_namespace n on n.oid = s.relnamespace
     join pg_sequence q on q.seqrelid = s.oid join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where d.classid = 'pg_class'::regclass and d.refobjid = any($1::oid[]) and d.deptype in ('a', 'i')`,
    [[...oids, ...next]],
  )
  const counters: Counter[] = []
  for (const own of rows.filter(({ of }) => oids.includes(of))) {
    const twin = rows.find((each) => each.of === next[oids.indexOf(own.of)] && each.column === own.column)
    const floor = floors.find(({ schema, name }) => schema === own.schema && name === own.name)
    const values = [await givenBy(client, own.oid), floor?.called === true ? floor.value : undefined]
    if (twin !== undefined) values.push(await givenBy(client, twin.oid))
    const given = values.flatMap((value) => (value === undefined ? [] : [BigInt(value)]))
    const value = given.reduce<bigint | undefined>(
      (best, each) => (best === undefined || (own.down ? each < best : each > best) ? each : best),
      undefined,
    )
    const target = own.kind === 'i' ? twin : own
    if (value === undefined || target === undefined) continue
    counters.push({
      oid: target.oid,
      value: String(value),
      down: own.down,
      name: target.name === own.name ? undefined : own.name,
    })
  }
  return counters
}

/** What was given last; undefined: nothing yet. */
async function givenBy(client: Client, oid: number): Promise<string | undefined> {
  const { rows: named } = await client.query<{ name: string }>('select $1::oid::regclass::text as name', [oid])
  const { rows } = await client.query<{ value: string; called: boolean }>(
    `select last_value::text as value, is_called as called from ${named[0]?.name ?? ''}`,
  )
  return rows[0]?.called === true ? rows[0].value : undefined
}

export async function raiseCounters(client: Client, counters: readonly Counter[]): Promise<void> {
  for (const { oid, value, name } of counters) {
    await client.query('select setval($1::oid::regclass, $2::bigint, true)', [oid, value])
    if (name === undefined) continue
    const { rows } = await client.query<{ statement: string }>(
      `select format('alter sequence %s rename to %I', $1::oid::regclass, ${literal(name)}) as statement`,
      [oid],
    )
    await client.query(rows[0]?.statement ?? '')
  }
}
