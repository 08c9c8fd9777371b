import { type Client, identifier } from './client.ts'
import type { Pair } from './loss-pair.ts'
import type { Table } from './tables.ts'

/** 1,024 keys that follow each other: what is written together mostly lies together. */
const shift = 10
/** Where the differing ranges hold more rows than that, changes lie everywhere: smaller parts leave more out. */
const mostRows = 200_000
const fetched = 5_000

/** SQL: the number of the range that a row's key lies in. Undefined: the table has no key of one whole number. */
export function rangeOf(live: Table, next: Table): string | undefined {
  const [column, ...more] = live.key
  if (column === undefined || more.length > 0 || next.key.length !== 1 || next.key[0] !== column) return undefined
  const whole = ['smallint', 'integer', 'bigint'].some((type) =>
    [live, next].every((table) => table.exact?.includes(`${column} ${type}`) === true),
  )
  return whole ? `(t.${identifier(column)}::bigint >> ${shift})` : undefined
}

export type Ranges =
  | { readonly kind: 'differing'; readonly rows: number; readonly ranges: readonly string[] }
  /** Both sides were read, and changes lie in too many ranges to read these row by row. */
  | { readonly kind: 'everywhere' }

/** Number of rows and sum of their hashes, range by range, both sides at once and in order: memory stays flat. */
export async function differingRanges(live: Client, next: Client, pair: Pair, range: string): Promise<Ranges> {
  const [before, after] = [sumsOf(live, pair.from, pair.hash, range), sumsOf(next, pair.nextFrom, pair.hash, range)]
  const ranges: string[] = []
  let [rows, differing] = [0, 0]
  let [a, b] = await Promise.all([before.next(), after.next()])
  while (a.done !== true || b.done !== true) {
    const [here, there] = [a.done === true ? undefined : a.value, b.done === true ? undefined : b.value]
    const order = here === undefined ? 1 : there === undefined ? -1 : Number(here.range - there.range)
    const [one, other] = [order <= 0 ? here : undefined, order >= 0 ? there : undefined]
    rows += one?.rows ?? 0
    if (one?.rows !== other?.rows || one?.sum !== other?.sum) {
      differing += Math.max(one?.rows ?? 0, other?.rows ?? 0)
      ranges.push(String(one?.range ?? other?.range))
    }
    ;[a, b] = await Promise.all([one === undefined ? a : before.next(), other === undefined ? b : after.next()])
  }
  return differing > mostRows ? { kind: 'everywhere' } : { kind: 'differing', rows, ranges }
}

/** Only the rows of these ranges. */
export const withinRanges = (from: string, range: string, ranges: readonly string[]): string =>
  `${from} join unnest('{${ranges.join(',')}}'::bigint[]) p(part) on p.part = ${range}`

type Sum = { readonly range: bigint; readonly rows: number; readonly sum: string }

async function* sumsOf(client: Client, from: string, hash: string, range: string): AsyncGenerator<Sum> {
  await client.query(
    `declare rescue_ranges no scroll cursor for
       select ${range}, count(*)::int, sum(${hash})::text from ${from} group by 1 order by 1`,
  )
  for (;;) {
    const { rows } = await client.query<[string, number, string]>({
      text: `fetch ${fetched} from rescue_ranges`,
      rowMode: 'array',
    })
    for (const [number, count, sum] of rows) yield { range: BigInt(number), rows: count, sum }
    if (rows.length < fetched) break
  }
  await client.query('close rescue_ranges')
}
