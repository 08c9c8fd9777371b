import { BadBackup, shown } from '../fault.ts'
import { checkStatement } from '../sql/allowed.ts'
import { createLexer, type Statement } from '../sql/lexer.ts'
import { latin, look, type Seen } from '../sql/seen.ts'
import { openTable } from '../sql/tables.ts'
import type { TocEntry } from './toc.ts'

/** pg_restore writes these only when it makes the database itself, which no restore here lets it do. */
function isOfTheDatabase(entry: TocEntry): boolean {
  if (entry.desc === 'DATABASE' || entry.desc === 'DATABASE PROPERTIES') return true
  return ['ACL', 'COMMENT', 'SECURITY LABEL'].includes(entry.desc) && entry.tag.startsWith('DATABASE ')
}

const largeObjects = new Set(['BLOBS', 'LARGE OBJECTS'])

/**
 * Judges an entry by itself, as pg_restore sends it to a server, and notes what it needs.
 * @throws BadBackup `hostile_statement`, `untrusted_language`, `form_unsupported`
 */
export function checkEntry(entry: TocEntry, seen: Seen): void {
  if (isOfTheDatabase(entry)) return
  for (const statement of statementsOf(entry, entry.definition)) {
    checkStatement(statement)
    look(statement, seen)
  }
  checkData(entry)
  if (entry.owner !== '') seen.roles.add(entry.owner)
  if (entry.tablespace !== '') seen.tablespaces.add(entry.tablespace)
}

function checkData(entry: TocEntry): void {
  if (entry.data.kind === 'none' || largeObjects.has(entry.desc)) return
  if (entry.desc !== 'TABLE DATA')
    throw new BadBackup('hostile_statement', `data of its own under ${entry.desc} ${shown(entry.tag, 40)}`)
  if (entry.copy.trim() === '')
    throw new BadBackup('form_unsupported', 'made with --inserts: its rows cannot be compared; dump with COPY')
  const [statement, more] = statementsOf(entry, entry.copy)
  if (statement?.[0]?.text !== 'copy' || more !== undefined)
    throw new BadBackup('hostile_statement', `more than COPY before the data of ${shown(entry.tag, 40)}`)
  const table = openTable(statement)
  if (table.name !== normal(entry.tag) || (table.schema !== '' && table.schema !== normal(entry.schema)))
    throw new BadBackup(
      'form_unsupported',
      `the data of ${shown(entry.tag, 40)} go into ${shown(table.name, 40)}: made with --load-via-partition-root?`,
    )
}

function statementsOf(entry: TocEntry, text: string): Statement[] {
  const lexer = createLexer()
  const statements = lexer.push(`${Buffer.from(text).toString('latin1')}\n`)
  if (!lexer.idle())
    throw new BadBackup('hostile_statement', `a statement without end under ${entry.desc} ${shown(entry.tag, 40)}`)
  return statements
}

/** As names come out of the lexer, also where they are not UTF-8. */
export function normal(name: string): string {
  return latin(Buffer.from(name).toString('latin1'))
}
