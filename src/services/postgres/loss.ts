import { type Client, qualified, withClient } from './client.ts'
import { fixOutput } from './content.ts'
import { codeOf } from './errors.ts'
import { compareTable, pairOf, type TableLoss } from './loss-rows.ts'
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
}

export type Sides = {
  readonly url: string
  /** What would be replaced, and what would take its place. */
  readonly live: string
  readonly next: string
  readonly signal?: AbortSignal
  onTable?(done: number, of: number): void
}

const statementMs = 10 * 60_000
const shownTables = 40

/**
 * Compares two databases of one server row by row, in one snapshot each. Whole tables are compared by sums of hashes; only
 * where these differ are rows read, in order, side by side: memory stays flat.
 * @throws DatabaseError when one of them cannot be read at all
 */
export async function previewLoss(sides: Sides): Promise<LossPreview> {
  const opening = { statementMs, ...(sides.signal === undefined ? {} : { signal: sides.signal }) }
  return withClient(sides.url, { ...opening, database: sides.live }, (live) =>
    withClient(sides.url, { ...opening, database: sides.next }, async (next) => {
      for (const client of [live, next]) {
        await fixOutput(client, 'UTC')
        await client.query(`set statement_timeout = ${statementMs}`)
        await client.query('begin isolation level repeatable read read only')
      }
      return compare(sides, live, next)
    }),
  )
}

async function compare(sides: Sides, live: Client, next: Client): Promise<LossPreview> {
  const [before, after] = [await listTables(live), await listTables(next)]
  const inNext = new Map(after.map((table) => [nameOf(table), table]))
  const inLive = new Set(before.map(nameOf))
  const tables: TableLoss[] = []
  const unknown: { table: string; why: string }[] = []
  const onlyLiveTables: { table: string; rows: number }[] = []
  const columns: { table: string; columns: readonly string[] }[] = []
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
      const loss = await compareTable(live, next, pairOf(table, other))
      if (loss !== undefined) tables.push(loss)
    } catch (error) {
      if (!/^[0-9A-Z]{5}$/.test(codeOf(error)) || codeOf(error).startsWith('57P')) throw error
      unknown.push({ table: name, why: error instanceof Error ? error.message.slice(0, 200) : '' })
      await renew(live)
      await renew(next)
    }
  }
  const lost = (table: TableLoss) => table.onlyLive + table.changed
  const gone = onlyLiveTables.reduce((sum, table) => sum + table.rows, 0)
  return {
    at: new Date().toISOString(),
    tables: tables.toSorted((a, b) => lost(b) - lost(a)).slice(0, shownTables),
    onlyLiveTables,
    onlyBackupTables: after.map(nameOf).filter((name) => !inLive.has(name)),
    columns,
    unknown,
    compared: before.length - unknown.length,
    lostRows: tables.reduce((sum, table) => sum + lost(table), gone),
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
