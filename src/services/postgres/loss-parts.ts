import type { Client } from './client.ts'
import type { Pair } from './loss-pair.ts'

/** Parts of both sides that differ, as PostgreSQL's get_bit counts them. */
type Differing = { readonly bitmap: Buffer; readonly rows: number }

const [fewest, most] = [2 ** 8, 2 ** 18]
/** Where one row in a hundred has changed, most parts of this size are still equal and need not be read row by row. */
const bytesOfPart = 1_500
const fetched = 5_000

/** How many parts a table is compared in: a power of two. @param bytes of the table with its indexes */
export function partsFor(bytes: number): number {
  return Math.min(most, Math.max(fewest, 2 ** Math.ceil(Math.log2(Math.max(1, bytes / bytesOfPart)))))
}

/** SQL: the number of the part that a row belongs to, by its key alone. */
const partOf = (pair: Pair): string => `(${pair.keyHash} & ${pair.parts - 1})::int`

/** Only the rows of these parts. */
export const withinParts = (from: string, pair: Pair, bitmap: Buffer): string =>
  `${from} where get_bit('\\x${bitmap.toString('hex')}'::bytea, ${partOf(pair)}) = 1`

/** Of the whole table: most are equal, and need no parts. */
export async function sumOf(client: Client, from: string, hash: string): Promise<Omit<Sum, 'part'>> {
  const { rows } = await client.query<{ rows: number; sum: string }>(
    `select count(*)::float8 as rows, coalesce(sum(${hash}), 0)::text as sum from ${from}`,
  )
  return rows[0] ?? { rows: 0, sum: '0' }
}

/** Number of rows and sum of their hashes, part by part, both sides at once and in order: memory stays flat. */
export async function differingParts(live: Client, next: Client, pair: Pair): Promise<Differing> {
  const bitmap = Buffer.alloc(Math.ceil(pair.parts / 8))
  let rows = 0
  const mark = (part: number) => {
    bitmap[part >> 3] = (bitmap[part >> 3] ?? 0) | (1 << (part & 7))
  }
  const [before, after] = [sumsOf(live, pair), sumsOf(next, { ...pair, from: pair.nextFrom })]
  let [a, b] = await Promise.all([before.next(), after.next()])
  while (a.done !== true || b.done !== true) {
    const inLive = a.done === true ? undefined : a.value
    const inNext = b.done === true ? undefined : b.value
    const part = Math.min(inLive?.part ?? most, inNext?.part ?? most)
    const here = inLive?.part === part ? inLive : undefined
    const there = inNext?.part === part ? inNext : undefined
    if (here?.rows !== there?.rows || here?.sum !== there?.sum) mark(part)
    rows += here?.rows ?? 0
    ;[a, b] = await Promise.all([here === undefined ? a : before.next(), there === undefined ? b : after.next()])
  }
  return { bitmap, rows }
}

type Sum = { readonly part: number; readonly rows: number; readonly sum: string }

async function* sumsOf(client: Client, pair: Pair): AsyncGenerator<Sum> {
  await client.query(
    `declare rescue_parts no scroll cursor for
       select ${partOf(pair)}, count(*)::int, sum(${pair.hash})::text from ${pair.from} group by 1 order by 1`,
  )
  for (;;) {
    const { rows } = await client.query<[number, number, string]>({
      text: `fetch ${fetched} from rescue_parts`,
      rowMode: 'array',
    })
    for (const [part, count, sum] of rows) yield { part, rows: count, sum }
    if (rows.length < fetched) break
  }
  await client.query('close rescue_parts')
}
