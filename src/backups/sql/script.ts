import { BadBackup, shown } from '../fault.ts'
import type { Contents, TableContents } from '../types.ts'
import { checkStatement } from './allowed.ts'
import { createLexer, type Statement } from './lexer.ts'
import { sumObjects } from './objects.ts'
import { createRowReader, type RowReader } from './rows.ts'
import { look, nothingSeen, type Seen } from './seen.ts'
import { addOffsets, closeTable, type OpenTable, openTable } from './tables.ts'

/** What a script of pg_dump or pg_restore holds. */
export type Script = Pick<Contents, 'largeObjects' | 'utcOffsets'> & {
  readonly tables: readonly TableContents[]
  readonly seen: Seen
  readonly statements: number
  /** Whether pg_dump's last words are the last. */
  readonly complete: boolean
}

const lastWords = '-- PostgreSQL database dump complete'
/** How pg_dump closes a script to commands for psql since 2025 (CVE-2025-8714). */
const restriction = /^\\(un)?restrict [A-Za-z0-9]+\r?\n$/
const longestLine = 32 * 1024 * 1024

/**
 * Reads a script as it flows by: every statement is judged, every table's rows are counted and hashed, nothing is kept.
 * @throws BadBackup `hostile_statement`, `untrusted_language`, `truncated`, `too_large`, `form_unsupported`
 */
export async function readScript(chunks: AsyncIterable<Buffer>): Promise<Script> {
  const reader = createScriptReader()
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    rest = reader.push(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]))
    if (rest.length > longestLine) throw new BadBackup('too_large', 'a line of more than 32 MB outside of data')
  }
  return reader.end(rest)
}

function createScriptReader() {
  const lexer = createLexer()
  const seen = nothingSeen()
  const objects = sumObjects()
  const offsets = new Set<string>()
  const tables: TableContents[] = []
  let statements = 0
  let complete = false
  let open: { readonly table: OpenTable; readonly rows: RowReader } | undefined

  const judge = (statement: Statement) => {
    statements += 1
    complete = false
    if (open !== undefined) throw new BadBackup('hostile_statement', 'a statement between COPY and its data')
    if (statement[0]?.kind === 'word' && statement[0].text === 'copy') {
      const table = openTable(statement)
      open = { table, rows: createRowReader(table) }
      return
    }
    checkStatement(statement)
    look(statement, seen)
  }
  const takeLine = (line: string) => {
    if (lexer.idle()) {
      if (line.startsWith(lastWords)) complete = true
      if (restriction.test(line) || objects.take(line)) return
    }
    lexer.push(line).forEach(judge)
  }
  return {
    /** @returns the beginning of what is not yet whole */
    push(bytes: Buffer): Buffer {
      let rest = bytes
      for (;;) {
        if (open !== undefined) {
          addOffsets(offsets, rest)
          const taken = open.rows.push(rest)
          rest = taken.rest
          if (!taken.done) return rest
          tables.push(closeTable(open.table))
          open = undefined
        } else {
          const end = rest.indexOf(10)
          if (end === -1) return rest
          takeLine(rest.toString('latin1', 0, end + 1))
          rest = rest.subarray(end + 1)
        }
      }
    },
    end(rest: Buffer): Script {
      if (open !== undefined) throw new BadBackup('truncated', `the data of ${shown(open.table.name)} have no end`)
      if (rest.length > 0) takeLine(`${rest.toString('latin1')}\n`)
      if (!lexer.idle() || open !== undefined) throw new BadBackup('truncated', 'it ends within a statement')
      return { tables, seen, statements, complete, utcOffsets: [...offsets].sort(), largeObjects: objects.end() }
    },
  }
}
