import { createHash } from 'node:crypto'
import { type Client, identifier, qualified } from './client.ts'
import { copyOut } from './copy.ts'

export type Content = { readonly bytes: number; readonly sha256: string }

/**
 * The bytes that `COPY table (columns) TO STDOUT` sends, hashed as they come: memory stays flat however large the table is.
 * The session should be fixed by `fixOutput` before, so that the same rows are the same bytes.
 * @throws the client's error
 */
export async function hashTable(
  client: Client,
  table: { readonly schema: string; readonly name: string; readonly columns: readonly string[] },
): Promise<Content> {
  const columns = table.columns.length === 0 ? '' : ` (${table.columns.map(identifier).join(', ')})`
  const hash = createHash('sha256')
  let bytes = 0
  await copyOut(client, `copy ${qualified(table.schema, table.name)}${columns} to stdout`, (chunk) => {
    hash.update(chunk)
    bytes += chunk.length
  })
  return { bytes, sha256: hash.digest('hex') }
}

/** Output as pg_dump fixes it. @param timeZone in which the dump wrote its timestamps; pg_dump leaves it to the session */
export async function fixOutput(client: Client, timeZone: string): Promise<void> {
  await client.query(
    `set datestyle = 'ISO, MDY'; set intervalstyle = postgres; set extra_float_digits = 3; set bytea_output = hex;
     set synchronize_seqscans = off; set statement_timeout = 0; set lock_timeout = 0; set row_security = off`,
  )
  await client.query(`select set_config('TimeZone', $1, false)`, [timeZone])
}
