import { createHash, type Hash } from 'node:crypto'
import { BadBackup } from '../fault.ts'
import type { TableContents } from '../types.ts'
import { nameOf, quote } from './allowed.ts'
import type { Statement } from './lexer.ts'
import { latin } from './seen.ts'

/** A table's data while they go by. */
export type OpenTable = Pick<TableContents, 'schema' | 'name' | 'columns'> & {
  readonly hash: Hash
  rows: number
  bytes: number
}

/**
 * `COPY schema.table (columns) FROM stdin` and nothing else: no program, no file, no options.
 * @throws BadBackup `hostile_statement`
 */
export function openTable(statement: Statement): OpenTable {
  const names: string[] = []
  let at = 1
  for (;;) {
    names.push(identifier(statement, at))
    if (statement[at + 1]?.text !== '.') break
    at += 2
  }
  at += 1
  const columns: string[] = []
  if (statement[at]?.text === '(') {
    do {
      columns.push(identifier(statement, at + 1))
      at += 2
    } while (statement[at]?.text === ',')
    if (statement[at]?.text !== ')') return refuse(statement)
    at += 1
  }
  const [from, stdin, more] = statement.slice(at)
  if (from?.text !== 'from' || stdin?.kind !== 'word' || stdin.text !== 'stdin' || more !== undefined)
    return refuse(statement)
  if (names.length > 2) return refuse(statement)
  const schema = names.length === 2 ? (names[0] ?? '') : ''
  return { schema, name: names.at(-1) ?? '', columns, hash: createHash('sha256'), rows: 0, bytes: 0 }
}

export function closeTable(table: OpenTable): TableContents {
  const { hash, ...rest } = table
  return { ...rest, sha256: hash.digest('hex') }
}

export function addRows(table: OpenTable, data: Buffer): void {
  table.hash.update(data)
  table.bytes += data.length
  for (let at = data.indexOf(10); at !== -1; at = data.indexOf(10, at + 1)) table.rows += 1
}

const zoned = /(?:^|\t)\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?([+-]\d\d(?::\d\d)?)(?=[\t\n])/gm
const sample = 4096
const mostOffsets = 16

/** Offsets of the timestamps at the beginning of some data: enough to know the zone that they were written in. */
export function addOffsets(offsets: Set<string>, data: Buffer): void {
  for (const found of data.toString('latin1', 0, sample).matchAll(zoned))
    if (offsets.size < mostOffsets) offsets.add(found[1] ?? '')
}

function identifier(statement: Statement, at: number): string {
  const token = statement[at]
  if (token?.kind !== 'word' && token?.kind !== 'name') return refuse(statement)
  return latin(nameOf(token))
}

function refuse(statement: Statement): never {
  throw new BadBackup('hostile_statement', `pg_dump never writes: ${quote(statement)}`)
}
