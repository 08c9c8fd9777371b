import { type Client, identifier, qualified } from '../client.ts'
import type { Key } from './look.ts'

type Side = { readonly client: Client; readonly table: string; readonly columns: readonly string[] }
type Row = { readonly key: string; readonly n: string }

const fetched = 2_000

/**
 * How many rows would refer to nothing when a table alone is replaced: rows of others that refer to it, or its own that refer to
 * others. Both sides are read in order, side by side: memory stays flat.
 * @param live,next clients inside a transaction; `schema` of the table in each
 */
export async function countBroken(
  key: Key,
  live: { readonly client: Client },
  next: { readonly client: Client; readonly schema: string },
): Promise<number> {
  const own = { client: next.client, table: qualified(next.schema, key.table), columns: key.columns }
  const other = { client: live.client, table: qualified(key.other.schema, key.other.name), columns: key.otherColumns }
  const [referring, referred] = key.way === 'in' ? [other, own] : [own, other]
  return countMissing(keysOf(referring, 'rescue_a', true), keysOf(referred, 'rescue_b', false))
}

/** A key of several columns of which one is empty refers to nothing, and is in order (MATCH SIMPLE). */
async function* keysOf(side: Side, cursor: string, counted: boolean): AsyncGenerator<Row> {
  const texts = side.columns.map((column) => `${identifier(column)}::text`)
  const filled = side.columns.map((column) => `${identifier(column)} is not null`).join(' and ')
  await side.client.query(
    `declare ${cursor} no scroll cursor for select key collate "C" as key, ${counted ? 'count(*)' : '0'}::text as n
     from (select array[${texts.join(', ')}]::text as key from ${side.table} where ${filled}) k group by 1 order by 1`,
  )
  for (;;) {
    const { rows } = await side.client.query<Row>(`fetch ${fetched} from ${cursor}`)
    yield* rows
    if (rows.length < fetched) break
  }
  await side.client.query(`close ${cursor}`)
}

async function countMissing(referring: AsyncGenerator<Row>, referred: AsyncGenerator<Row>): Promise<number> {
  let missing = 0
  let there: Row | undefined = await pull(referred)
  for await (const { key, n } of referring) {
    while (there !== undefined && before(there.key, key)) there = await pull(referred)
    if (there?.key !== key) missing += Number(n)
  }
  await referred.return(undefined)
  return missing
}

const before = (one: string, other: string): boolean => Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0

async function pull(rows: AsyncGenerator<Row>): Promise<Row | undefined> {
  const found = await rows.next()
  return found.done === true ? undefined : found.value
}
