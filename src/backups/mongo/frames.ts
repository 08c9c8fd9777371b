import { BadBackup } from '../fault.ts'
import { longestDocument } from './bson.ts'
import { shortestDocument } from './bson-sizes.ts'

/** Where a piece of the backup lies for the length of a call: nothing of it may be kept. */
export type Span = { readonly bytes: Buffer; readonly view: DataView; readonly start: number; readonly end: number }

export type FrameVisitor = {
  /** A document by its own length; its inside is not looked at yet. @param position of its first byte in the backup */
  document(span: Span, position: number): void
  /** `ff ff ff ff`; where there are none in a form, it throws. */
  terminator(position: number): void
}

export type Frames = {
  push(chunk: Buffer): void
  /** How many bytes went by. @throws BadBackup `truncated` where the last document is not whole */
  end(): number
}

const terminator = -1

/**
 * Cuts a stream of BSON documents. At most one document is held, and only as many of its bytes as have come.
 * @throws BadBackup `damaged` or `too_large` from `push`
 */
export function cutFrames(visitor: FrameVisitor): Frames {
  let held: Buffer[] = []
  let heldBytes = 0
  let needed = 4
  let position = 0

  const cut = (bytes: Buffer) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let start = 0
    needed = 4
    while (start + 4 <= bytes.length) {
      const length = view.getInt32(start, true)
      if (length === terminator) {
        visitor.terminator(position + start)
        start += 4
        continue
      }
      checkLength(length, position + start)
      needed = length
      if (start + length > bytes.length) break
      visitor.document({ bytes, view, start, end: start + length }, position + start)
      start += length
      needed = 4
    }
    position += start
    const rest = bytes.subarray(start)
    held = rest.length === 0 ? [] : [rest]
    heldBytes = rest.length
  }
  return {
    push(chunk) {
      held.push(chunk)
      heldBytes += chunk.length
      if (heldBytes < needed) return
      const [only, more] = held
      cut(only !== undefined && more === undefined ? only : Buffer.concat(held, heldBytes))
    },
    end() {
      if (heldBytes > 0) throw new BadBackup('truncated', `it ends within a document that begins at byte ${position}`)
      return position
    },
  }
}

function checkLength(length: number, position: number): void {
  if (length > longestDocument)
    throw new BadBackup('too_large', `a document of ${length} bytes at byte ${position}: mongorestore takes 16 MB`)
  if (length < shortestDocument) throw new BadBackup('damaged', `no document and no end of a block at byte ${position}`)
}
