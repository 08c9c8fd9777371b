import { createHash } from 'node:crypto'
import { type Client, identifier, qualified } from './client.ts'
import { copyOut } from './copy.ts'
import type { Table } from './tables.ts'

/** A table of the backup, as its own bytes tell; the copy was held against it already. */
export type InBackup = {
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}

export type Beginning =
  /** Byte by byte what the backup holds, and then `added` rows more. */
  | { readonly kind: 'same'; readonly rows: number; readonly added: number; readonly examples: readonly string[] }
  | { readonly kind: 'other' }

const newline = 0x0a
const keptBytes = 4_096

/**
 * Whether a table still holds the backup's rows, in their order, and only others behind them, as most large tables do: one reading
 * in which no row is looked at. The session's output should be fixed as the backup's was.
 * @throws the client's error
 */
export async function sameBeginning(
  client: Client,
  table: Table,
  backup: InBackup,
  shownExamples: number,
): Promise<Beginning> {
  const same =
    table.columns.length === backup.columns.length && backup.columns.every((one) => table.columns.includes(one))
  if (!same) return { kind: 'other' }
  const hash = createHash('sha256')
  let [at, added] = [0, 0]
  const rest: Buffer[] = []
  let kept = 0
  const columns = backup.columns.length === 0 ? '' : ` (${backup.columns.map(identifier).join(', ')})`
  await copyOut(client, `copy ${qualified(table.schema, table.name)}${columns} to stdout`, (chunk) => {
    const own = chunk.subarray(0, Math.max(0, backup.bytes - at))
    const more = chunk.subarray(own.length)
    hash.update(own)
    at += chunk.length
    for (let end = more.indexOf(newline); end >= 0; end = more.indexOf(newline, end + 1)) added++
    if (kept < keptBytes && more.length > 0) rest.push(Buffer.from(more.subarray(0, keptBytes)))
    kept += more.length
  })
  if (at < backup.bytes || hash.digest('hex') !== backup.sha256) return { kind: 'other' }
  const lines = Buffer.concat(rest).toString('utf8').split('\n').slice(0, -1).slice(0, shownExamples)
  return { kind: 'same', rows: backup.rows + added, added, examples: keysIn(lines, table, backup) }
}

/** The values of the primary key in lines of COPY; empty: it has none. */
function keysIn(lines: readonly string[], { key }: Table, { columns }: InBackup): string[] {
  if (key.length === 0) return []
  return lines.map((line) => {
    const values = line.split('\t')
    return key
      .map((column) => values[columns.indexOf(column)] ?? '')
      .join(', ')
      .slice(0, 80)
  })
}
