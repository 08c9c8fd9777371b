import type { FileHandle } from 'node:fs/promises'
import { BadBackup, shown } from '../fault.ts'
import { type Cursor, int, offset, short, text } from './cursor.ts'
import { type Head, readHead } from './head.ts'

/** One entry of an archive's table of contents. */
export type TocEntry = {
  readonly id: number
  readonly tag: string
  /** What it is, in pg_dump's words: TABLE, TABLE DATA, INDEX, ... */
  readonly desc: string
  readonly definition: string
  readonly copy: string
  readonly schema: string
  readonly tablespace: string
  readonly owner: string
  readonly data: DataPlace
}

/** Where the entry's data are: in a custom archive at an offset (undefined: not written down), in a folder in a file. */
export type DataPlace =
  | { readonly kind: 'none' }
  | { readonly kind: 'here'; readonly offset: number | undefined }
  | { readonly kind: 'file'; readonly name: string }

/** Without its statements, which may be many megabytes. */
export type SlimEntry = Omit<TocEntry, 'definition' | 'copy'>

export type Toc = { readonly head: Head; readonly entries: readonly SlimEntry[]; readonly end: number }

const step = 256 * 1024
const longestToc = 256 * 1024 * 1024

/**
 * Reads head and table of contents, ReadToc of pg_backup_archiver.c; nothing in it is believed: lengths, kinds and file
 * names are checked.
 * @param visit is shown each entry with its statements, which are not kept
 * @throws BadBackup `truncated`, `damaged`; NotJudged `tool_older`
 */
export async function readToc(
  file: FileHandle,
  timeZone: string,
  visit: (entry: TocEntry) => void = () => undefined,
): Promise<Toc> {
  let bytes = await more(file, Buffer.alloc(0))
  const head = readHead(bytes, timeZone)
  const entries: SlimEntry[] = []
  let base = 0
  let at = head.length
  while (entries.length < head.entries) {
    const cursor: Cursor = { at, bytes, intSize: head.intSize, offSize: head.offSize }
    const entry = attempt(cursor, head, entries.length)
    if (entry !== undefined) {
      visit(entry)
      const { definition, copy, ...slim } = entry
      entries.push(slim)
      at = cursor.at
      continue
    }
    const rest = bytes.subarray(at)
    base += at
    at = 0
    bytes = await more(file, rest, base + rest.length)
    if (bytes.length === rest.length)
      throw new BadBackup(
        'truncated',
        `the file ends in entry ${entries.length + 1} of ${head.entries} of its table of contents`,
      )
    if (base > longestToc) throw new BadBackup('too_large', 'a table of contents of more than 256 MB')
  }
  return { head, entries, end: base + at }
}

async function more(file: FileHandle, before: Buffer, position = 0): Promise<Buffer> {
  const next = Buffer.alloc(Math.max(step, before.length))
  const { bytesRead } = await file.read(next, 0, next.length, position)
  return Buffer.concat([before, next.subarray(0, bytesRead)])
}

function attempt(cursor: Cursor, head: Head, index: number): TocEntry | undefined {
  try {
    return entry(cursor, head)
  } catch (error) {
    if (error === short) return undefined
    if (error instanceof RangeError)
      throw new BadBackup('damaged', `entry ${index + 1} of its table of contents cannot be true: ${error.message}`)
    throw error
  }
}

function entry(cursor: Cursor, head: Head): TocEntry {
  const id = int(cursor)
  const hasData = int(cursor)
  text(cursor, 32)
  text(cursor, 32)
  const tag = text(cursor) ?? ''
  const desc = text(cursor, 64) ?? ''
  const section = int(cursor)
  if (id <= 0 || (hasData !== 0 && hasData !== 1) || section < 1 || section > 4 || !/^[A-Z][A-Z ]+$/.test(desc))
    throw new RangeError(`number ${id}, kind "${shown(desc, 30)}", section ${section}`)
  const definition = text(cursor) ?? ''
  text(cursor)
  const copy = text(cursor) ?? ''
  const schema = text(cursor, 1024) ?? ''
  const tablespace = text(cursor, 1024) ?? ''
  if (head.format >= 114) text(cursor, 1024)
  if (head.format >= 116) int(cursor)
  const owner = text(cursor, 1024) ?? ''
  text(cursor, 16)
  for (let dependency = text(cursor, 32); dependency !== undefined; dependency = text(cursor, 32)) {
    if (!/^\d+$/.test(dependency)) throw new RangeError('a dependency that is no number')
  }
  return { id, tag, desc, definition, copy, schema, tablespace, owner, data: dataPlace(cursor, head, hasData === 1) }
}

function dataPlace(cursor: Cursor, head: Head, hasData: boolean): DataPlace {
  if (head.layout === 'custom') {
    const found = offset(cursor)
    if (found.state < 1 || found.state > 3) throw new RangeError(`data in state ${found.state}`)
    if (!hasData || found.state === 3) return { kind: 'none' }
    return { kind: 'here', offset: found.state === 2 ? found.offset : undefined }
  }
  const name = text(cursor, 256) ?? ''
  if (name === '') return { kind: 'none' }
  if (!/^(\d+\.dat|blobs(_\d+)?\.toc)$/.test(name)) throw new RangeError(`data in a file called "${shown(name, 40)}"`)
  return { kind: 'file', name }
}
