import { hash } from 'node:crypto'

/** Documents of one side by the hash of their `_id`, in memory that does not grow: 16 bytes each. */
export type IdTable = {
  /** @param id bytes of `_id` @param document its whole BSON */
  put(id: Uint8Array, document: Uint8Array): void
  /** Compared once each: `absent`, or whether the other side's document is the same. */
  meet(id: Uint8Array, document: Uint8Array): 'absent' | 'same' | 'other'
  /** Put, and never met. */
  unmet(): number
}

const slotWords = 4
const load = 0.7
/** So many documents take 32 MB; more are compared in several passes. */
export const tableHolds = Math.floor(2 ** 21 * load)

/** @param expected at most `tableHolds`; a few more than were counted find room as well */
export function createIdTable(expected: number): IdTable {
  const slots = 2 ** Math.max(10, Math.ceil(Math.log2(Math.max(1, expected) / load)))
  const words = new Uint32Array(slots * slotWords)
  let [held, met] = [0, 0]
  /** Where the id is, or the empty slot where it would be. */
  const find = (first: number, second: number): { readonly at: number; readonly there: boolean } => {
    for (let slot = first % slots; ; slot = (slot + 1) % slots) {
      const at = slot * slotWords
      const [a, b] = [words[at], words[at + 1]]
      if (a === 0 && b === 0) return { at, there: false }
      if (a === first && b === second) return { at, there: true }
    }
  }
  return {
    put(id, document) {
      if (held > slots * 0.95) throw new Error('more documents than were counted: somebody writes into the collection')
      const [first, second] = idWords(id)
      const { at } = find(first, second)
      words[at] = first
      words[at + 1] = second
      const digest = digestOf(document)
      words[at + 2] = wordOf(digest, 0)
      words[at + 3] = wordOf(digest, 4)
      held++
    },
    meet(id, document) {
      const [first, second] = idWords(id)
      const { at, there } = find(first, second)
      if (!there) return 'absent'
      met++
      const digest = digestOf(document)
      const same = words[at + 2] === wordOf(digest, 0) && words[at + 3] === wordOf(digest, 4)
      return same ? 'same' : 'other'
    },
    unmet: () => held - met,
  }
}

/** Of the many passes over a large collection, the one that this document belongs to. */
export const passOf = (id: Uint8Array, passes: number): number => (passes === 1 ? 0 : wordOf(digestOf(id), 8) % passes)

/** Never both 0: that is an empty slot. */
function idWords(id: Uint8Array): [number, number] {
  const digest = digestOf(id)
  return [wordOf(digest, 0), wordOf(digest, 4) || 1]
}

/** A string of bytes is what `hash` gives in a third of the time that a buffer takes. */
const digestOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'binary')

/** Four bytes of it, the lowest first. */
function wordOf(digest: string, at: number): number {
  const byte = (index: number) => digest.charCodeAt(at + index)
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0
}
