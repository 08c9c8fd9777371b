import { type Client, qualified } from './client.ts'
import type { Table } from './tables.ts'

/**
 * What a comparison saw, so that the next one reads only what was written since: transactions that were not over yet, and how many
 * rows each table had.
 */
export type Seen = { readonly transaction: string; readonly rows: Readonly<Record<string, number>> }

/** The oldest transaction whose rows this snapshot may not see; as a 32-bit number, as rows carry it. */
export async function oldestOpen(client: Client): Promise<string> {
  const { rows } = await client.query<{ xid: string }>(
    'select (txid_snapshot_xmin(txid_current_snapshot()) % 4294967296)::text as xid',
  )
  return rows[0]?.xid ?? '3'
}

/** Neither a row that came or changed since, nor one fewer: exact, since every version of a row carries its transaction. */
export async function untouched(client: Client, table: Table, rows: number, since: string): Promise<boolean> {
  const { rows: found } = await client.query<{ n: string; later: string }>(
    `select count(*) as n, count(*) filter (where age(t.xmin) <= age('${Number(since)}'::xid)) as later
     from only ${qualified(table.schema, table.name)} t`,
  )
  return Number(found[0]?.n) === rows && found[0]?.later === '0'
}
