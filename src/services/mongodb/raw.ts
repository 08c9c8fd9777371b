import { deserialize, EJSON } from 'bson'
import type { Connected } from './client.ts'

const batch = 1_000

/**
 * Every document of a collection as the server's own bytes.
 * @throws what the driver throws
 */
export async function* rawDocuments({ db }: Connected, collection: string): AsyncGenerator<Uint8Array> {
  const cursor = db.collection(collection).find({}, { raw: true, batchSize: batch })
  try {
    for await (const document of cursor) {
      // With `raw` the driver gives bytes, which its types do not tell.
      if (!(document instanceof Uint8Array)) throw new Error('the driver did not give raw documents')
      yield document
    }
  } finally {
    await cursor.close().catch(() => undefined)
  }
}

/** The bytes of `_id`: its type and its value. @throws Error on a document without one */
export function idOf(document: Uint8Array): Buffer {
  const bytes = Buffer.from(document.buffer, document.byteOffset, document.byteLength)
  for (let at = 4; at < bytes.length - 1; ) {
    const end = bytes.indexOf(0, at + 1)
    const next = end + 1 + sizeOf(bytes, end + 1, bytes[at] ?? 0)
    if (end < 0 || next > bytes.length) break
    if (bytes.toString('latin1', at + 1, end) === '_id')
      return Buffer.concat([bytes.subarray(at, at + 1), bytes.subarray(end + 1, next)])
    at = next
  }
  throw new Error('a document has no _id')
}

/** Of a value in BSON (bsonspec.org), by its type. */
function sizeOf(bytes: Buffer, at: number, type: number): number {
  switch (type) {
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
      return 8
    case 0x02:
    case 0x0d:
    case 0x0e:
      return 4 + bytes.readInt32LE(at)
    case 0x03:
    case 0x04:
    case 0x0f:
      return bytes.readInt32LE(at)
    case 0x05:
      return 5 + bytes.readInt32LE(at)
    case 0x07:
      return 12
    case 0x08:
      return 1
    case 0x0b: {
      const pattern = bytes.indexOf(0, at)
      return bytes.indexOf(0, pattern + 1) + 1 - at
    }
    case 0x0c:
      return 16 + bytes.readInt32LE(at)
    case 0x10:
      return 4
    case 0x13:
      return 16
    case 0x06:
    case 0x0a:
    case 0x7f:
    case 0xff:
      return 0
    default:
      throw new Error(`BSON has no type ${type}`)
  }
}

/** As people would type it: an ObjectId's 24 digits, a text, a number, or short JSON. */
export function shownId(id: Buffer): string {
  const head = Buffer.alloc(4)
  const name = Buffer.from('_id\0', 'latin1')
  const size = 4 + 1 + name.length + (id.length - 1) + 1
  head.writeInt32LE(size)
  const document = Buffer.concat([head, id.subarray(0, 1), name, id.subarray(1), Buffer.alloc(1)])
  const value: unknown = deserialize(document, { promoteValues: true })['_id']
  const text = typeof value === 'object' && value !== null && 'toHexString' in value ? String(value) : undefined
  return (text ?? (typeof value === 'string' ? value : EJSON.stringify(value))).slice(0, 80)
}
