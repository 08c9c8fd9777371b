import { hash } from 'node:crypto'

/** What some documents are together, whatever their order: equal sums mean equal documents. */
export type MultisetSum = {
  readonly documents: number
  /** Of their BSON. */
  readonly bytes: number
  /** The SHA-256 of each document's BSON as a little-endian number, added modulo 2^256; hex. */
  readonly sha256: string
}

export type Multiset = {
  /** A document's BSON, whole; not kept. */
  add(document: Uint8Array): void
  sum(): MultisetSum
}

const bytesOfSum = 32

/** Sums documents as they go by: of an archive, of a collection read with `raw: true`. */
export function createMultiset(): Multiset {
  const total = new Uint8Array(bytesOfSum)
  let documents = 0
  let bytes = 0
  return {
    add(document) {
      // A string is what `hash` gives in a third of the time that a buffer takes.
      addDigest(total, hash('sha256', document, 'binary'))
      documents += 1
      bytes += document.length
    },
    sum: () => ({ documents, bytes, sha256: Buffer.from(total).toString('hex') }),
  }
}

/** The sum of all documents from the sums of parts of them. */
export function addSums(sums: readonly MultisetSum[]): MultisetSum {
  const total = new Uint8Array(bytesOfSum)
  for (const { sha256 } of sums) addDigest(total, Buffer.from(sha256, 'hex').toString('latin1'))
  return {
    documents: sums.reduce((sum, one) => sum + one.documents, 0),
    bytes: sums.reduce((sum, one) => sum + one.bytes, 0),
    sha256: Buffer.from(total).toString('hex'),
  }
}

function addDigest(total: Uint8Array, digest: string): void {
  let carry = 0
  for (let index = 0; index < bytesOfSum; index += 1) {
    carry += (total[index] ?? 0) + digest.charCodeAt(index)
    total[index] = carry
    carry >>>= 8
  }
}
