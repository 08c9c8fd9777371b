/** Not an error of the archive: the buffer ends before the value does. */
export const short = Symbol('more bytes are needed')

/** Reads pg_dump's own encoding of numbers and texts (ReadInt, ReadStr of pg_backup_archiver.c) from a buffer. */
export type Cursor = {
  at: number
  readonly bytes: Buffer
  readonly intSize: number
  readonly offSize: number
}

export function byte(cursor: Cursor): number {
  const value = cursor.bytes[cursor.at]
  if (value === undefined) throw short
  cursor.at += 1
  return value
}

/** A sign byte, then the value in little-endian order. */
export function int(cursor: Cursor): number {
  const negative = byte(cursor) !== 0
  const value = unsigned(cursor, cursor.intSize)
  return negative ? -value : value
}

/** A length, or -1 for none, then the bytes. @throws RangeError where the length cannot be true */
export function text(cursor: Cursor, longest = 16 * 1024 * 1024): string | undefined {
  const length = int(cursor)
  if (length < 0) return undefined
  if (length > longest) throw new RangeError(`a text of ${length} bytes`)
  if (cursor.at + length > cursor.bytes.length) throw short
  const value = cursor.bytes.toString('utf8', cursor.at, cursor.at + length)
  cursor.at += length
  return value
}

/** Where an entry's data are: 1 not written down, 2 at `offset`, 3 no data. */
export function offset(cursor: Cursor): { readonly state: number; readonly offset: number } {
  const state = byte(cursor)
  return { state, offset: unsigned(cursor, cursor.offSize) }
}

function unsigned(cursor: Cursor, size: number): number {
  let value = 0
  for (let index = 0; index < size; index += 1) value += byte(cursor) * 2 ** (8 * index)
  return value
}
