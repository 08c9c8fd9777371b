import { type Client, identifier, qualified } from './client.ts'
import { nameOf, type Table } from './tables.ts'

/** What one table of the live database has that the backup has not. */
export type TableLoss = {
  readonly table: string
  /** Rows that are only in the live database: they would be gone. */
  readonly onlyLive: number
  /** Rows that both have, with other values in the live one: they would go back to the backup's. */
  readonly changed: number
  /** Rows that are only in the backup: they would come back. */
  readonly onlyBackup: number
  /** Keys of rows that would be gone or go back. */
  readonly examples: readonly string[]
}

const shownExamples = 5
const fetched = 2_000

/** One table on both sides. */
export type Pair = {
  readonly name: string
  readonly from: string
  /** SQL: text that names a row, and the hash of what it holds. */
  readonly key: string
  readonly hash: string
  readonly keyed: boolean
}

/** Rows are compared in the columns that both have, so that a column added since then is not a change of every row. */
export function pairOf(live: Table, next: Table): Pair {
  const common = live.columns.filter((column) => next.columns.includes(column))
  const row = `row(${common.map((column) => `t.${identifier(column)}`).join(', ')})::text`
  const keyed = live.key.length > 0 && live.key.every((column) => common.includes(column))
  const parts = live.key.map((column) => `t.${identifier(column)}::text`)
  return {
    name: nameOf(live),
    from: `only ${qualified(live.schema, live.name)} t`,
    key: keyed ? `concat_ws(', ', ${parts.join(', ')})` : `md5(${row})`,
    hash: `hashtextextended(${row}, 0)`,
    keyed,
  }
}

/** Undefined when both sides are equal. */
export async function compareTable(live: Client, next: Client, pair: Pair): Promise<TableLoss | undefined> {
  const [before, after] = await Promise.all([sumsOf(live, pair), sumsOf(next, pair)])
  const differing = [...new Set([...before.keys(), ...after.keys()])].filter((at) => before.get(at) !== after.get(at))
  if (differing.length === 0) return undefined
  return mergeRows(rowsOf(live, pair, differing), rowsOf(next, pair, differing), pair)
}

/** 256 parts of a table, each with its number of rows and the sum of their hashes. */
async function sumsOf(client: Client, pair: Pair): Promise<Map<number, string>> {
  const { rows } = await client.query<{ part: number; sum: string }>(
    `select ${partOf(pair)} as part, count(*) || '/' || sum(${pair.hash}) as sum from ${pair.from} group by 1`,
  )
  return new Map(rows.map(({ part, sum }) => [part, sum]))
}

const partOf = (pair: Pair): string => `(hashtextextended(${pair.key}, 1) & 255)::int`

type Row = { readonly key: string; readonly hash: string }

async function* rowsOf(client: Client, pair: Pair, parts: readonly number[]): AsyncGenerator<Row> {
  await client.query(
    `declare rescue_rows no scroll cursor for select key, hash from
       (select ${pair.key} as key, ${pair.hash}::text as hash from ${pair.from}
        where ${partOf(pair)} = any(array[${parts.join(',')}])) r order by key collate "C", hash collate "C"`,
  )
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${fetched} from rescue_rows`)
    yield* rows
    if (rows.length < fetched) break
  }
  await client.query('close rescue_rows')
}

/** Two ordered streams side by side, as in a merge join. */
async function mergeRows(live: AsyncGenerator<Row>, next: AsyncGenerator<Row>, pair: Pair): Promise<TableLoss> {
  let [onlyLive, changed, onlyBackup] = [0, 0, 0]
  const examples: string[] = []
  const example = (key: string) => {
    if (pair.keyed && examples.length < shownExamples) examples.push(key.slice(0, 80))
  }
  const pull = async (rows: AsyncGenerator<Row>) => (await rows.next()).value as Row | undefined
  let [a, b] = [await pull(live), await pull(next)]
  while (a !== undefined || b !== undefined) {
    const order = a === undefined ? 1 : b === undefined ? -1 : Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))
    if (order === 0 && a !== undefined && b !== undefined) {
      if (a.hash !== b.hash) {
        changed++
        example(a.key)
      }
      ;[a, b] = [await pull(live), await pull(next)]
    } else if (order < 0 && a !== undefined) {
      onlyLive++
      example(a.key)
      a = await pull(live)
    } else {
      onlyBackup++
      b = await pull(next)
    }
  }
  return { table: pair.name, onlyLive, changed, onlyBackup, examples }
}
