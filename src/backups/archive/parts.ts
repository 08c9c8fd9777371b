import type { OpenedPoint } from '../deps.ts'
import { openRegular } from '../files.ts'
import { readToc, type TocEntry } from './toc.ts'

type Table = { readonly schema: string; readonly name: string }

/** What comes after the rows, and belongs to a table: the rest is needed for whatever a table may be made of. */
const afterData =
  /^(INDEX|INDEX ATTACH|CONSTRAINT|FK CONSTRAINT|CHECK CONSTRAINT|TRIGGER|EVENT TRIGGER|RULE|POLICY|ROW SECURITY|STATISTICS|PUBLICATION.*|SUBSCRIPTION.*|MATERIALIZED VIEW DATA|DEFAULT ACL)$/
const largeObjects = /^(BLOB|BLOBS|BLOB METADATA|LARGE OBJECTS)$/

/**
 * The list for `pg_restore --use-list`: only numbers, so that no name needs quoting.
 * @param how `beside`: everything that tables can be made of, but rows, indexes and keys of these tables alone, and no foreign key.
 * `alone`: just what belongs to these tables, to be made in a database that has the rest
 * @throws BadBackup, NotJudged as `readToc`
 */
export async function listParts(
  opened: OpenedPoint,
  tables: readonly Table[],
  how: 'beside' | 'alone',
): Promise<string> {
  const entries = await entriesOf(opened)
  const wanted = how === 'beside' ? entries.filter((entry) => isBeside(entry, tables)) : ownOf(entries, tables)
  return wanted.map(({ id }) => `${id};\n`).join('')
}

async function entriesOf(opened: OpenedPoint): Promise<readonly TocEntry[]> {
  const file = await openRegular(opened.kind === 'pg-directory' ? `${opened.path}/toc.dat` : opened.path)
  const entries: TocEntry[] = []
  await readToc(file, 'UTC', (entry) => entries.push(entry)).finally(() => file.close())
  return entries
}

function isBeside(entry: TocEntry, tables: readonly Table[]): boolean {
  if (entry.desc === 'TABLE DATA') return isOne(entry, tables)
  if (largeObjects.test(entry.desc)) return false
  if (!afterData.test(entry.desc)) return true
  return ['INDEX', 'CONSTRAINT'].includes(entry.desc) && speaksOf(entry, tables)
}

/** Those of the tables, of the sequences that they own, and their grants and comments. */
function ownOf(entries: readonly TocEntry[], tables: readonly Table[]): readonly TocEntry[] {
  const owned = entries.filter(
    (entry) =>
      entry.desc === 'SEQUENCE OWNED BY' &&
      spelled(tables).some((name) => entry.definition.includes(` OWNED BY ${name}.`)),
  )
  const isOwned = ({ schema, tag }: TocEntry) => owned.some((each) => each.schema === schema && each.tag === tag)
  return entries.filter((entry) => {
    switch (entry.desc) {
      case 'TABLE':
      case 'TABLE DATA':
      case 'ROW SECURITY':
        return isOne(entry, tables)
      case 'SEQUENCE':
      case 'SEQUENCE SET':
      case 'SEQUENCE OWNED BY':
        return isOwned(entry) || (entry.desc === 'SEQUENCE SET' && isIdentity(entry, entries, tables))
      case 'ACL':
      case 'COMMENT':
        return (
          isAbout(entry, tables) ||
          owned.some(({ schema, tag }) => schema === entry.schema && entry.tag === `SEQUENCE ${tag}`)
        )
      case 'DEFAULT':
      case 'INDEX':
      case 'CONSTRAINT':
      case 'FK CONSTRAINT':
      case 'CHECK CONSTRAINT':
      case 'TRIGGER':
      case 'POLICY':
        return speaksOf(entry, tables)
      default:
        return false
    }
  })
}

const isOne = ({ schema, tag }: TocEntry, tables: readonly Table[]): boolean =>
  tables.some((table) => table.schema === schema && table.name === tag)

/** `TABLE bookings`, `COLUMN bookings.note`. */
const isAbout = ({ schema, tag }: TocEntry, tables: readonly Table[]): boolean =>
  tables.some(
    (table) => table.schema === schema && (tag === `TABLE ${table.name}` || tag.startsWith(`COLUMN ${table.name}.`)),
  )

/** pg_dump writes the sequence of an identity as a part of the column's ALTER TABLE, under the sequence's name. */
function isIdentity(entry: TocEntry, entries: readonly TocEntry[], tables: readonly Table[]): boolean {
  return entries.some(
    (each) =>
      each.desc === 'SEQUENCE' &&
      each.schema === entry.schema &&
      each.tag === entry.tag &&
      begins(each, tables, 'ALTER TABLE '),
  )
}

/** The table that a statement is about stands at its beginning, or behind ON. */
function speaksOf(entry: TocEntry, tables: readonly Table[]): boolean {
  if (begins(entry, tables, 'ALTER TABLE ONLY ') || begins(entry, tables, 'ALTER TABLE ')) return true
  if (!/^CREATE /.test(entry.definition)) return false
  return spelled(tables).some((name) => new RegExp(` ON (ONLY )?${escaped(name)}[ \\n;]`).test(entry.definition))
}

const begins = ({ definition }: TocEntry, tables: readonly Table[], how: string): boolean =>
  spelled(tables).some((name) => definition.startsWith(`${how}${name} `) || definition.startsWith(`${how}${name}\n`))

/** As pg_dump may write a name: quoted only where it must be. */
function spelled(tables: readonly Table[]): string[] {
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
  const plain = (name: string) => (/^[a-z_][a-z0-9_]*$/.test(name) ? [name, quoted(name)] : [quoted(name)])
  return tables.flatMap(({ schema, name }) =>
    plain(schema).flatMap((first) => plain(name).map((last) => `${first}.${last}`)),
  )
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
