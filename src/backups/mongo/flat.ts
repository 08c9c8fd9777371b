import { isUtf8 } from 'node:buffer'
import { BadBackup } from '../fault.ts'
import { checkDocument } from './bson.ts'
import type { Span } from './frames.ts'

/** A value of one of mongodump's own small documents. */
export type FlatValue = string | number | boolean | { readonly low: number; readonly high: number }

/**
 * Reads a document of mongodump's own: texts, numbers and truths, each name once, nothing nested.
 * @throws BadBackup `damaged`
 */
export function readFlat({ bytes, view, start, end }: Span, what: string): ReadonlyMap<string, FlatValue> {
  const wrong = (why: string): never => {
    throw new BadBackup('damaged', `${what}: ${why}`)
  }
  checkDocument(bytes, view, start, end)
  const found = new Map<string, FlatValue>()
  let at = start + 4
  while (at < end - 1) {
    const type = view.getUint8(at)
    const nameEnd = bytes.indexOf(0, at + 1)
    const name = bytes.toString('utf8', at + 1, nameEnd)
    if (found.has(name)) wrong('a field twice')
    at = nameEnd + 1
    if (type === 0x02) {
      const length = view.getInt32(at, true)
      const text = bytes.subarray(at + 4, at + 3 + length)
      if (!isUtf8(text)) wrong('a text that is not UTF-8')
      found.set(name, text.toString('utf8'))
      at += 4 + length
    } else if (type === 0x10) {
      found.set(name, view.getInt32(at, true))
      at += 4
    } else if (type === 0x12) {
      found.set(name, { low: view.getInt32(at, true), high: view.getInt32(at + 4, true) })
      at += 8
    } else if (type === 0x08) {
      found.set(name, view.getUint8(at) === 1)
      at += 1
    } else return wrong(`a value of the type ${type}`)
  }
  return found
}

/** @throws BadBackup `damaged` where it is missing or of another type */
export function textIn(from: ReadonlyMap<string, FlatValue>, name: string, what: string): string {
  const value = from.get(name)
  if (typeof value === 'string') return value
  throw new BadBackup('damaged', `${what}: no text called ${name}`)
}
