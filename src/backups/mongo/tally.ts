import { createMultiset, type MultisetSum } from '../../services/mongodb/multiset.ts'
import { BadBackup, shown } from '../fault.ts'
import { checkDocument, hasId, oddText } from './bson.ts'
import { type Crc64, startCrc64, updateCrc64 } from './crc64.ts'
import type { Span } from './frames.ts'

/** What went by of one namespace. */
export type Tally = {
  /** @throws BadBackup `damaged` */
  add(span: Span, position: number): void
  readonly crc: Crc64
  sum(): MultisetSum
  /** Of its ObjectIds, in seconds since 1970. */
  newestId(): number
  /** Documents with text that is not UTF-8. */
  oddTexts(): number
}

/**
 * Judges and sums the documents of a namespace.
 * @param options `ids`: whether each must have an `_id`, as all that a server stored; an oplog's have none
 */
export function startTally(namespace: string, options: { readonly ids: boolean }): Tally {
  const multiset = createMultiset()
  const crc = startCrc64()
  let newest = 0
  let odd = 0
  let documents = 0
  return {
    crc,
    add({ bytes, view, start, end }, position) {
      documents += 1
      const found = checked(bytes, view, start, end, namespace, documents, position)
      if (options.ids && (found & hasId) === 0)
        throw new BadBackup('damaged', `document ${documents} of ${shown(namespace)} has no _id`)
      if ((found & oddText) !== 0) odd += 1
      newest = Math.max(newest, secondsOfId(view, start, end))
      updateCrc64(crc, view, start, end)
      multiset.add(bytes.subarray(start, end))
    },
    sum: () => multiset.sum(),
    newestId: () => newest,
    oddTexts: () => odd,
  }
}

function checked(
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
  namespace: string,
  count: number,
  position: number,
): number {
  try {
    return checkDocument(bytes, view, start, end)
  } catch (error) {
    if (!(error instanceof BadBackup)) throw error
    throw new BadBackup(error.reason, `${error.message}: document ${count} of ${shown(namespace)}, at byte ${position}`)
  }
}

const objectId = 0x07
/** `_id` with its end. */
const idName = 0x0064695f

/** The time in an ObjectId that is the first field, where a server puts it; else 0. */
function secondsOfId(view: DataView, start: number, end: number): number {
  if (end - start < 22 || view.getUint8(start + 4) !== objectId) return 0
  return view.getInt32(start + 5, true) === idName ? view.getUint32(start + 9) : 0
}
