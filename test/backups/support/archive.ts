/** A second reader and writer of pg_dump's archives, for making wrong ones: whatever is changed, all else stays as pg_dump wrote it. */
export type RawEntry = {
  id: number
  hasData: number
  tag: string
  desc: string
  section: number
  definition: string
  drop: string
  copy: string
  owner: string
  readonly rest: Readonly<Record<'tableOid' | 'oid' | 'schema' | 'tablespace' | 'method' | 'oids', string | undefined>>
  readonly dependencies: readonly string[]
  /** Custom archives: state and offset; others: a file name. */
  place: { state: number; offset: bigint } | string | undefined
}

export type RawArchive = { head: Buffer; count: number; entries: RawEntry[]; data: Buffer }

/** Format 1.14 only: what pg_dump 12 to 15 write. */
export function decode(bytes: Buffer): RawArchive {
  if (bytes[6] !== 14) throw new Error(`format 1.${bytes[6]}`)
  const layout = bytes[10]
  let at = 11
  const int = (): number => {
    const value = bytes.readUInt32LE(at + 1) * (bytes[at] === 0 ? 1 : -1)
    at += 5
    return value
  }
  const text = (): string | undefined => {
    const length = int()
    if (length < 0) return undefined
    at += length
    return bytes.toString('latin1', at - length, at)
  }
  for (let index = 0; index < 8; index += 1) int()
  for (let index = 0; index < 3; index += 1) text()
  const head = bytes.subarray(0, at)
  const count = int()
  const entries = Array.from({ length: count }, (): RawEntry => {
    const [id, hasData] = [int(), int()]
    const [tableOid, oid, tag, desc] = [text(), text(), text() ?? '', text() ?? '']
    const section = int()
    const [definition, drop, copy] = [text() ?? '', text() ?? '', text() ?? '']
    const [schema, tablespace, method, owner, oids] = [text(), text(), text(), text() ?? '', text()]
    const dependencies: string[] = []
    for (let one = text(); one !== undefined; one = text()) dependencies.push(one)
    const rest = { tableOid, oid, schema, tablespace, method, oids }
    const base = { id, hasData, tag, desc, section, definition, drop, copy, owner, rest, dependencies }
    if (layout !== 1) return { ...base, place: text() }
    const place = { state: bytes[at] ?? 0, offset: bytes.readBigUInt64LE(at + 1) }
    at += 9
    return { ...base, place }
  })
  return { head, count, entries, data: bytes.subarray(at) }
}

/**
 * Writes an archive. Offsets are left unwritten, as pg_dump does into a pipe, unless `keepOffsets`: then they are as they
 * were, right only when no text changed its length.
 */
export function encode(archive: RawArchive, { keepOffsets = false } = {}): Buffer {
  const parts: Buffer[] = [archive.head]
  const int = (value: number) => {
    const part = Buffer.alloc(5)
    part[0] = value < 0 ? 1 : 0
    part.writeUInt32LE(Math.abs(value), 1)
    parts.push(part)
  }
  const text = (value: string | undefined) => {
    int(value === undefined ? -1 : value.length)
    if (value !== undefined) parts.push(Buffer.from(value, 'latin1'))
  }
  int(archive.count)
  for (const entry of archive.entries) {
    const { rest } = entry
    int(entry.id)
    int(entry.hasData)
    for (const value of [rest.tableOid, rest.oid, entry.tag, entry.desc]) text(value)
    int(entry.section)
    for (const value of [entry.definition, entry.drop, entry.copy]) text(value)
    for (const value of [rest.schema, rest.tablespace, rest.method, entry.owner, rest.oids]) text(value)
    for (const dependency of entry.dependencies) text(dependency)
    int(-1)
    if (typeof entry.place !== 'object') text(entry.place)
    else {
      const part = Buffer.alloc(9)
      part[0] = entry.place.state === 2 && !keepOffsets ? 1 : entry.place.state
      part.writeBigUInt64LE(keepOffsets ? entry.place.offset : 0n, 1)
      parts.push(part)
    }
  }
  return Buffer.concat([...parts, archive.data])
}

/** An archive with one entry changed. */
export function edited(bytes: Buffer, desc: string, change: (entry: RawEntry) => void): Buffer {
  const archive = decode(bytes)
  const entry = archive.entries.find((one) => one.desc === desc)
  if (entry === undefined) throw new Error(`no entry of the kind ${desc}`)
  change(entry)
  return encode(archive)
}
