import { BadBackup } from '../fault.ts'
import type { Toc } from './toc.ts'

/** Follows the data blocks of a custom archive while its bytes go by, without keeping any. */
export type BlockWalk = {
  push(chunk: Buffer): void
  /** @throws BadBackup `truncated` where the file ends too early */
  end(): void
}

type Expect = 'kind' | 'id' | 'length' | 'bytes' | 'blob'

/**
 * The layout of pg_backup_custom.c: after the table of contents, blocks of a kind, the entry's number and chunks with their
 * lengths. Everything must fit: the first block begins where the table of contents ends, every entry with data has one
 * block at the offset written down, the last one ends where the file ends.
 * @throws BadBackup `damaged` from `push`
 */
export function walkBlocks(toc: Toc): BlockWalk {
  const waiting = new Map(
    toc.entries.flatMap((entry) => (entry.data.kind === 'here' ? [[entry.id, entry.data] as const] : [])),
  )
  const size = toc.head.intSize
  let position = 0
  let skip = toc.end
  let expect: Expect = 'kind'
  let blobs = false
  let blockAt = toc.end
  let pending: number[] = []
  const fail = (what: string): never => {
    throw new BadBackup('damaged', `${what} at byte ${position}`)
  }

  /** A sign byte and the value; undefined while its bytes are not all there. */
  const number = (byte: number): number | undefined => {
    pending.push(byte)
    if (pending.length <= size) return undefined
    const value = pending.slice(1).reduce((sum, part, index) => sum + part * 2 ** (8 * index), 0)
    const negative = pending[0] !== 0
    pending = []
    return negative ? fail('a negative length') : value
  }
  const startBlock = (id: number) => {
    const place = waiting.get(id)
    if (place === undefined) return fail(`a block of data for entry ${id}, which has none or had it already`)
    if (place.offset !== undefined && place.offset !== blockAt)
      return fail(`the data of entry ${id} should be at byte ${place.offset}, not ${blockAt}`)
    waiting.delete(id)
    expect = blobs ? 'blob' : 'length'
  }
  const take = (byte: number) => {
    if (expect === 'kind') {
      if (byte !== 1 && byte !== 3) return fail(`a block of the unknown kind ${byte}`)
      blockAt = position
      blobs = byte === 3
      expect = 'id'
      return
    }
    const value = number(byte)
    if (value === undefined) return
    if (expect === 'id') return startBlock(value)
    if (expect === 'blob') {
      expect = value === 0 ? 'kind' : 'length'
      return
    }
    if (value > 0) skip = value
    else expect = blobs ? 'blob' : 'kind'
  }
  return {
    push(chunk) {
      let at = 0
      while (at < chunk.length) {
        if (skip > 0) {
          const some = Math.min(skip, chunk.length - at)
          skip -= some
          at += some
          position += some
          continue
        }
        take(chunk[at] ?? 0)
        at += 1
        position += 1
      }
    },
    end() {
      if (skip > 0 || expect !== 'kind')
        throw new BadBackup('truncated', `the file ends within data, at byte ${position}`)
      if (waiting.size > 0)
        throw new BadBackup('truncated', `${waiting.size} entries have no data although they should`)
    },
  }
}
