import { type Client, qualified, withClient } from './client.ts'
import { fixOutput } from './content.ts'
import { codeOf } from './errors.ts'
import { type InBackup, sameBeginning } from './loss-beginning.ts'
import { compareTable, pairOf, shownExamples, type TableLoss } from './loss-rows.ts'
import { oldestOpen, type Seen, untouched } from './loss-seen.ts'
import { listTables, nameOf, type Table } from './tables.ts'

export type LossPreview = {
  readonly at: string
  /** Only tables that differ, those that lose most first. */
  readonly tables: readonly TableLoss[]
  /** Tables that the backup does not have at all, with their rows. */
  readonly onlyLiveTables: readonly { readonly table: string; readonly rows: number }[]
  readonly onlyBackupTables: readonly string[]
  /** Columns that the backup does not have. */
  readonly columns: readonly { readonly table: string; readonly columns: readonly string[] }[]
  /** Could not be compared: never counted as equal. */
  readonly unknown: readonly { readonly table: string; readonly why: string }[]
  readonly compared: number
  /** Rows that would be gone or go back, in all. */
  readonly lostRows: number
  /** For the next comparison of the same two databases. */
  readonly seen: Seen
}

export type Sides = {
  readonly url: string
  /** What would be replaced, and what would take its place. */
  readonly live: string
  readonly next: string
  readonly signal?: AbortSignal
  /** What `next` was restored from, when it was held against it: tables that only grew since are known by one reading. */
  readonly backup?: { readonly tables: readonly InBackup[]; readonly timeZone: string }
  /** An earlier comparison of the same two: only what was written since is compared again. */
  readonly before?: LossPreview
  /** Only these tables of one schema; absent: all. `nextSchema` is where they are in `next`. */
  readonly only?: { readonly schema: string; readonly nextSchema: string; readonly names: readonly string[] }
  onTable?(done: number, of: number): void
}

const statementMs = 10 * 60_000
const shownTables = 40

/**
 * Compares two databases of one server, in one snapshot each. A table that still begins as the backup does has only grown; any
 * other is compared by sums of hashes of small parts, and only where these differ are rows read, in order, side by side: memory
 * stays flat.
 * @throws DatabaseError when one of them cannot be read at all
 */
export async function previewLoss(sides: Sides): Promise<LossPreview> {
  const opening = { statementMs, ...(sides.signal === undefined ? {} : { signal: sides.signal }) }
  return withClient(sides.url, { ...opening, database: sides.live }, (live) =>
    withClient(sides.url, { ...opening, database: sides.next }, async (next) => {
      for (const client of [live, next]) {
        await fixOutput(client, sides.backup?.timeZone ?? 'UTC')
        await client.query(`set statement_timeout = ${statementMs}; set work_mem = '64MB'; set enable_sort = off`)
        await client.query('begin isolation level repeatable read read only')
      }
      return compare(sides, live, next)
    }),
  )
}

type Found = { readonly rows: number; readonly loss: TableLoss | undefined }

async function compare(sides: Sides, live: Client, next: Client): Promise<LossPreview> {
  const transaction = await oldestOpen(live)
  const { only } = sides
  const before = await tablesIn(live, only, only?.schema)
  const after = await tablesIn(next, only, only?.nextSchema)
  const nameThere = (table: Table) => nameOf({ ...table, schema: only?.schema ?? table.schema })
  const inNext = new Map(after.map((table) => [nameThere(table), table]))
  const inLive = new Set(before.map(nameOf))
  const found = new Map<string, Found>()
  const unknown: { table: string; why: string }[] = []
  const onlyLiveTables: { table: string; rows: number }[] = []
  const columns: { table: string; columns: readonly string[] }[] = []
  const comparing = comparer(sides, live, next)
  for (const [index, table] of before.entries()) {
    sides.onTable?.(index, before.length)
    const name = nameOf(table)
    const other = inNext.get(name)
    try {
      if (other === undefined) {
        onlyLiveTables.push({ table: name, rows: await countRows(live, table) })
        continue
      }
      const gone = table.columns.filter((column) => !other.columns.includes(column))
      if (gone.length > 0) columns.push({ table: name, columns: gone })
      found.set(name, await comparing(table, other))
    } catch (error) {
      if (!/^[0-9A-Z]{5}$/.test(codeOf(error)) || codeOf(error).startsWith('57P')) throw error
      unknown.push({ table: name, why: error instanceof Error ? error.message.slice(0, 200) : '' })
      await renew(live)
      await renew(next)
    }
  }
  const tables = [...found.values()].flatMap(({ loss }) => loss ?? []).toSorted((a, b) => lost(b) - lost(a))
  const shown = new Set(tables.slice(0, shownTables))
  const gone = onlyLiveTables.reduce((sum, table) => sum + table.rows, 0)
  return {
    at: new Date().toISOString(),
    tables: [...shown],
    onlyLiveTables,
    onlyBackupTables: after.map(nameThere).filter((name) => !inLive.has(name)),
    columns,
    unknown,
    compared: before.length - unknown.length,
    lostRows: tables.reduce((sum, table) => sum + lost(table), gone),
    // What is not told cannot be taken from here the next time.
    seen: {
      transaction,
      rows: Object.fromEntries(
        [...found].flatMap(([name, { rows, loss }]) => (loss === undefined || shown.has(loss) ? [[name, rows]] : [])),
      ),
    },
  }
}

async function tablesIn(client: Client, only: Sides['only'], schema: string | undefined): Promise<Table[]> {
  const all = await listTables(client)
  return only === undefined ? all : all.filter((table) => table.schema === schema && only.names.includes(table.name))
}

const lost = (table: TableLoss): number => table.onlyLive + table.changed

/** The cheapest comparison that is exact: what was known before, the backup's own bytes, or the rows. */
function comparer({ backup, before }: Sides, live: Client, next: Client) {
  const inBackup = new Map(backup?.tables.map((table) => [nameOf(table), table]))
  const known = new Map(before?.tables.map((table) => [table.table, table]))
  const sameColumns = (name: string) => !before?.columns.some(({ table }) => table === name)
  return async (table: Table, other: Table): Promise<Found> => {
    const name = nameOf(table)
    const rows = before?.seen.rows[name]
    const same = table.columns.every((column) => other.columns.includes(column)) && sameColumns(name)
    if (
      before !== undefined &&
      rows !== undefined &&
      same &&
      (await untouched(live, table, rows, before.seen.transaction))
    )
      return { rows, loss: known.get(name) }
    const pair = pairOf(table, other)
    // One reading of both sides tells as much of these, and more where rows were changed.
    const original = pair.range === undefined ? inBackup.get(name) : undefined
    const beginning = original === undefined ? undefined : await sameBeginning(live, table, original, shownExamples)
    if (beginning?.kind !== 'same') return compareTable(live, next, pair)
    const { added, examples } = beginning
    return {
      rows: beginning.rows,
      loss: added === 0 ? undefined : { table: name, onlyLive: added, changed: 0, onlyBackup: 0, examples },
    }
  }
}

/** A failed statement ends a transaction: the next table is read in a new snapshot. */
async function renew(client: Client): Promise<void> {
  await client.query('rollback')
  await client.query('begin isolation level repeatable read read only')
}

async function countRows(client: Client, table: Table): Promise<number> {
  const { rows } = await client.query<{ n: string }>(
    `select count(*) as n from only ${qualified(table.schema, table.name)}`,
  )
  return Number(rows[0]?.n ?? 0)
}
