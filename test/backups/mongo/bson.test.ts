import { deserialize } from 'bson'
import { describe, expect, it } from 'vitest'
import { BadBackup } from '../../../src/backups/fault.ts'
import { checkDocument, hasId, oddText } from '../../../src/backups/mongo/bson.ts'
import { endCrc64, startCrc64, updateCrc64 } from '../../../src/backups/mongo/crc64.ts'
import { cutFrames } from '../../../src/backups/mongo/frames.ts'
import { ofEveryType } from '../support/mongo-documents.ts'
import { randomFrom } from '../support/random.ts'

const viewOf = (bytes: Buffer) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
const check = (bytes: Buffer) => checkDocument(bytes, viewOf(bytes), 0, bytes.length)

function crcOf(bytes: Buffer, cuts: readonly number[] = []): string {
  const crc = startCrc64()
  const places = [0, ...cuts, bytes.length]
  for (const [index, at] of places.slice(0, -1).entries()) updateCrc64(crc, viewOf(bytes), at, places[index + 1] ?? 0)
  const { high, low } = endCrc64(crc)
  return ((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)).toString(16)
}

describe('CRC-64/XZ', () => {
  it('gives the check value of its catalogue, however the bytes are cut', () => {
    expect(crcOf(Buffer.from('123456789'))).toBe('995dc9bbdf1939fa')
    const bytes = Buffer.from(Array.from({ length: 1_001 }, (_, n) => (n * 7) % 256))
    expect(crcOf(bytes, [1, 5, 13, 600, 601])).toBe(crcOf(bytes))
    expect(crcOf(bytes.subarray(1))).not.toBe(crcOf(bytes))
  })
})

function isRefused(bytes: Buffer): boolean {
  try {
    check(bytes)
    return false
  } catch (error) {
    expect(error).toBeInstanceOf(BadBackup)
    return true
  }
}

/** What is taken here, MongoDB's own library can read; it alone minds the letters after a regular expression. */
function readByTheLibrary(bytes: Buffer): string {
  try {
    deserialize(bytes, { promoteValues: false, bsonRegExp: true, validation: { utf8: false } })
    return 'read'
  } catch (error) {
    return String(error).includes('regular expression option') ? 'read' : String(error)
  }
}

describe('a document', () => {
  it('of every type is taken, and its _id is seen', () => {
    for (let n = 0; n < 30; n += 1) expect(check(Buffer.from(ofEveryType(n)))).toBe(hasId)
  })

  it.each([
    ['that ends within a name', '070000000a6100'],
    ['whose name takes its end', '080000000a616200'],
    ['longer than what is there', '0800000000'],
    ['with something after its end', '060000000000'],
  ])('%s is refused', (_, hex) => {
    expect(() => check(Buffer.from(hex, 'hex'))).toThrow(BadBackup)
  })

  it('with text that is not UTF-8 is told', () => {
    const bytes = Buffer.from(ofEveryType(1))
    bytes[bytes.indexOf('ría')] = 0xff
    expect(check(bytes)).toBe(hasId | oddText)
  })

  it('with a changed byte is refused or is a document still: never read beyond its end', () => {
    const random = randomFrom(3)
    const original = Buffer.from(ofEveryType(5))
    let refused = 0
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(original)
      for (let changes = 1 + random(3); changes > 0; changes -= 1) bytes[random(bytes.length)] = random(256)
      if (isRefused(bytes)) refused += 1
      else expect(readByTheLibrary(bytes)).toBe('read')
    }
    expect(refused).toBeGreaterThan(5_000)
  })
})

describe('a stream of documents', () => {
  it('is cut the same way, however its bytes arrive', () => {
    const documents = Array.from({ length: 40 }, (_, n) => Buffer.from(ofEveryType(n)))
    const all = Buffer.concat(documents.flatMap((one, n) => (n % 7 === 0 ? [one, Buffer.alloc(4, 0xff)] : [one])))
    const random = randomFrom(11)
    for (const most of [1, 5, 300, 5_000, all.length]) {
      const seen: Buffer[] = []
      const ends: number[] = []
      const frames = cutFrames({
        document: ({ bytes, start, end }) => void seen.push(Buffer.from(bytes.subarray(start, end))),
        terminator: (position) => void ends.push(position),
      })
      for (let at = 0; at < all.length; ) {
        const size = 1 + random(most)
        frames.push(all.subarray(at, at + size))
        at += size
      }
      expect(frames.end()).toBe(all.length)
      expect(Buffer.concat(seen).equals(Buffer.concat(documents))).toBe(true)
      expect(ends.every((position) => all.readInt32LE(position) === -1)).toBe(true)
      expect(ends).toHaveLength(6)
    }
  })

  it('that claims more than comes holds no more than what came', () => {
    const frames = cutFrames({ document: () => undefined, terminator: () => undefined })
    const claim = Buffer.alloc(4)
    claim.writeInt32LE(16 * 1024 * 1024)
    frames.push(claim)
    expect(() => frames.end()).toThrow(expect.objectContaining({ reason: 'truncated' }))
  })
})
