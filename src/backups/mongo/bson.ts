import { isUtf8 } from 'node:buffer'
import { length, shortestDocument, sizeOf, wrong } from './bson-sizes.ts'

/** What mongorestore takes, and what a server stores. */
export const longestDocument = 16 * 1024 * 1024
/** BSONDepth of the server: nothing deeper can have been stored. */
const deepest = 200

/** Of `checkDocument`, added. */
export const hasId = 1
export const oddText = 2

/**
 * Walks through a document's every byte: lengths fit, types exist, texts end, nothing is nested too deep, and one `_id` at
 * most stands at the top. Keeps nothing.
 * @param bytes and `view` are of the same memory
 * @returns `hasId`, and `oddText` where a text is not UTF-8, which old drivers could store
 * @throws BadBackup `damaged`
 */
export function checkDocument(bytes: Buffer, view: DataView, start: number, end: number): number {
  return walk(bytes, view, start, end, 1)
}

function walk(bytes: Buffer, view: DataView, start: number, end: number, depth: number): number {
  const last = end - 1
  if (depth > deepest) wrong('nested too deep')
  if (view.getInt32(start, true) !== end - start) wrong('a length that cannot be')
  if (view.getUint8(last) !== 0) wrong('a document without end')
  let flags = 0
  let at = start + 4
  while (at < last) {
    const type = view.getUint8(at)
    const name = at + 1
    at = name
    let seen = 0
    // The document ends in a zero, so a name ends there at the latest.
    for (let byte = view.getUint8(at); byte !== 0; byte = view.getUint8(at)) {
      seen |= byte
      at += 1
    }
    if (seen > 0x7f && !isUtf8(bytes.subarray(name, at))) flags |= oddText
    if (depth === 1 && at - name === 3 && isId(view, name)) {
      if ((flags & hasId) !== 0) wrong('a second _id')
      if (type === 4 || type === 6 || type === 11) wrong('an _id of a kind that no server takes')
      flags |= hasId
    }
    at += 1
    const size = sizeOf(view, type, at, last)
    if (at + size > last) wrong('a value longer than its document')
    flags |= inside(bytes, view, type, at, at + size, depth)
    at += size
  }
  return flags
}

/** Looks into a value that has parts. */
function inside(bytes: Buffer, view: DataView, type: number, start: number, end: number, depth: number): number {
  switch (type) {
    case 0x02:
    case 0x0d:
    case 0x0e:
      return text(bytes, view, start + 4, end)
    case 0x03:
    case 0x04:
      return walk(bytes, view, start, end, depth + 1)
    case 0x05:
      return binary(view, start, end)
    case 0x08:
      return view.getUint8(start) > 1 ? wrong('a truth that is neither') : 0
    case 0x0b:
      return isUtf8(bytes.subarray(start, end)) ? 0 : oddText
    case 0x0c:
      return text(bytes, view, start + 4, end - 12)
    case 0x0f: {
      const scope = start + 8 + length(view, start + 4, end, 1)
      if (scope + shortestDocument > end) return wrong('code whose scope cannot be')
      return text(bytes, view, start + 8, scope) | walk(bytes, view, scope, end, depth + 1)
    }
    default:
      return 0
  }
}

function text(bytes: Buffer, view: DataView, start: number, end: number): number {
  if (view.getUint8(end - 1) !== 0) return wrong('a text without end')
  let at = start
  let seen = 0
  for (; at + 4 <= end; at += 4) seen |= view.getInt32(at, true)
  for (; at < end; at += 1) seen |= view.getUint8(at)
  return (seen & 0x80808080) === 0 || isUtf8(bytes.subarray(start, end - 1)) ? 0 : oddText
}

/** The old subtype repeats its length. */
function binary(view: DataView, start: number, end: number): number {
  if (view.getUint8(start + 4) !== 2) return 0
  if (end - start < 9 || view.getInt32(start + 5, true) !== end - start - 9)
    return wrong('binary data whose lengths differ')
  return 0
}

function isId(view: DataView, at: number): boolean {
  return view.getUint8(at) === 0x5f && view.getUint8(at + 1) === 0x69 && view.getUint8(at + 2) === 0x64
}
