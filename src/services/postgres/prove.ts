import { type Client, qualified, withClient } from './client.ts'
import { fixOutput, hashTable } from './content.ts'
import { codeOf } from './errors.ts'
import { amcheck, type Check, type Expected, indexes, largeObjects, sequences } from './prove-checks.ts'
import { listTables, nameOf } from './tables.ts'

export type Proof = {
  readonly checks: readonly Check[]
  readonly tables: number
  readonly rows: number
  readonly bytes: number
  readonly seconds: number
}

export type Proving = {
  readonly url: string
  readonly shadow: string
  readonly expected: Expected
  readonly timeZone: string
  readonly signal: AbortSignal
  onProgress(percent: number): void
}

/** Holds a restored database against its backup: contents byte by byte, and whatever a restore can leave half done. */
export async function prove(proving: Proving): Promise<Proof> {
  const started = performance.now()
  const { expected } = proving
  const opening = { database: proving.shadow, signal: proving.signal }
  return withClient(proving.url, opening, async (client) => {
    const checks = [
      await withClient(proving.url, opening, (second) => contents([client, second], proving)),
      await noOthers(client, expected),
      await indexes(client),
      await sequences(client, expected),
      await largeObjects(client, expected),
      await amcheck(client),
    ].filter((check) => check !== undefined)
    await client.query('analyze')
    return {
      checks,
      tables: expected.tables.length,
      rows: expected.tables.reduce((sum, table) => sum + table.rows, 0),
      bytes: expected.tables.reduce((sum, table) => sum + table.bytes, 0),
      seconds: (performance.now() - started) / 1000,
    }
  })
}

/** Several tables at a time, the largest first. */
async function contents(clients: readonly Client[], proving: Proving): Promise<Check> {
  const { expected, onProgress, timeZone } = proving
  const total = expected.tables.reduce((sum, table) => sum + table.bytes, 1)
  const left = expected.tables.toSorted((one, other) => other.bytes - one.bytes)
  const differing: string[] = []
  let done = 0
  const hold = async (client: Client) => {
    await fixOutput(client, timeZone)
    for (let table = left.shift(); table !== undefined; table = left.shift()) {
      if (!(await sameContent(client, table, expected.utcOffsets))) differing.push(nameOf(table))
      done += table.bytes
      onProgress(Math.floor((100 * done) / total))
    }
  }
  await Promise.all(clients.map(hold))
  if (differing.length > 0) return { name: 'contents', verdict: 'fail', detail: differing.slice(0, 10).join(', ') }
  return { name: 'contents', verdict: 'pass', detail: `${expected.tables.length}` }
}

/** Timestamps are written in the dumping session's zone: where the live one's differs, the offsets of the backup are tried. */
async function sameContent(
  client: Client,
  table: Expected['tables'][number],
  offsets: readonly string[],
): Promise<boolean> {
  const same = async () => {
    const found = await hashTable(client, table).catch((error: unknown) => {
      if (codeOf(error) === '42P01' || codeOf(error) === '42703') return undefined
      throw error
    })
    return found?.sha256 === table.sha256 && found.bytes === table.bytes
  }
  if (await same()) return true
  for (const offset of offsets.slice(0, 3)) {
    await client.query(`select set_config('TimeZone', $1, false)`, [`<${offset}>${flipped(offset)}`])
    if (await same()) return true
  }
  return false
}

/** POSIX zones count west of Greenwich as positive. */
const flipped = (offset: string): string => (offset.startsWith('-') ? offset.slice(1) : `-${offset.replace('+', '')}`)

/** A table that the backup does not have can only come from a statement that no dump contains. */
async function noOthers(client: Client, expected: Expected): Promise<Check> {
  const known = new Set(expected.tables.map(nameOf))
  const others = (await listTables(client)).map(nameOf).filter((name) => !known.has(name))
  // pg_dump writes no data for the tables of extensions' configuration and for foreign ones; both are listed elsewhere.
  if (others.length === 0) return { name: 'tables', verdict: 'pass', detail: String(known.size) }
  const counts = await Promise.all(others.map(async (name) => ((await isEmpty(client, name)) ? undefined : name)))
  const filled = counts.filter((name) => name !== undefined)
  return { name: 'tables', verdict: filled.length === 0 ? 'pass' : 'fail', detail: filled.slice(0, 10).join(', ') }
}

async function isEmpty(client: Client, name: string): Promise<boolean> {
  const [schema = '', ...rest] = name.split('.')
  const { rows } = await client.query(`select 1 from only ${qualified(schema, rest.join('.'))} limit 1`)
  return rows.length === 0
}
