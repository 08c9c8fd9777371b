import { BadBackup } from '../fault.ts'

/** Of any document: its length and its end. */
export const shortestDocument = 5

/**
 * How many bytes a value takes, by bsonspec.org.
 * @param at its first byte @param last that of the end of its document
 * @throws BadBackup `damaged`
 */
export function sizeOf(view: DataView, type: number, at: number, last: number): number {
  switch (type) {
    case 0x01: // double
    case 0x09: // date
    case 0x11: // timestamp
    case 0x12: // int64
      return 8
    case 0x02: // string
    case 0x0d: // code
    case 0x0e: // symbol
      return 4 + length(view, at, last, 1)
    case 0x03: // document
    case 0x04: // array
      return length(view, at, last, shortestDocument)
    case 0x05: // binary
      return 5 + length(view, at, last, 0)
    case 0x06: // undefined
    case 0x0a: // null
    case 0x7f: // the largest key
    case 0xff: // the smallest key
      return 0
    case 0x07: // ObjectId
      return 12
    case 0x08: // boolean
      return 1
    case 0x0b: // regular expression
      return twoTexts(view, at, last)
    case 0x0c: // pointer into another collection
      return 16 + length(view, at, last, 1)
    case 0x0f: // code with scope
      return length(view, at, last, 14)
    case 0x10: // int32
      return 4
    case 0x13: // decimal
      return 16
    default:
      return wrong(`a value of the unknown type ${type}`)
  }
}

/** A length written at `at`. @throws BadBackup `damaged` where it cannot be */
export function length(view: DataView, at: number, last: number, least: number): number {
  if (at + 4 > last) return wrong('a length cut off')
  const value = view.getInt32(at, true)
  return value < least || value > last - at ? wrong('a length that cannot be') : value
}

function twoTexts(view: DataView, start: number, last: number): number {
  let at = start
  for (let found = 0; found < 2; at += 1) {
    if (at >= last) return wrong('a regular expression without end')
    if (view.getUint8(at) === 0) found += 1
  }
  return at - start
}

/** @throws BadBackup `damaged` always */
export function wrong(what: string): never {
  throw new BadBackup('damaged', what)
}
