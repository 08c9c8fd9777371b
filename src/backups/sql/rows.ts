import { addRows, type OpenTable } from './tables.ts'

const newLine = 10
const end = Buffer.from('\\.\n')
const endAfterRow = Buffer.from('\n\\.\n')

/** Reads the rows of one COPY up to the line `\.` that ends them. */
export type RowReader = {
  /**
   * @returns what it did not take: with `done`, the script that follows; without, a few bytes that may be the beginning of the
   * end, to be given again in front of the next ones
   */
  push(bytes: Buffer): { readonly done: boolean; readonly rest: Buffer }
}

/** Rows are never kept, however long: only what could be part of the end is held back. */
export function createRowReader(table: OpenTable): RowReader {
  let lineStart = true
  return {
    push(bytes) {
      if (lineStart && bytes.length < end.length) return { done: false, rest: bytes }
      if (lineStart && bytes.subarray(0, end.length).equals(end))
        return { done: true, rest: bytes.subarray(end.length) }
      const found = bytes.indexOf(endAfterRow)
      if (found !== -1) {
        addRows(table, bytes.subarray(0, found + 1))
        return { done: true, rest: bytes.subarray(found + endAfterRow.length) }
      }
      const certain = bytes.subarray(0, Math.max(0, bytes.length - end.length))
      if (certain.length > 0) {
        addRows(table, certain)
        lineStart = certain.at(-1) === newLine
      }
      return { done: false, rest: bytes.subarray(certain.length) }
    },
  }
}
