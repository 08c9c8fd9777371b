/** CRC-64/XZ, which mongodump writes after each namespace: hash/crc64 of Go with its table ECMA. Two halves, since bigint is slow. */
export type Crc64 = { high: number; low: number }

const slices = 8
const polynomialHigh = 0xc96c5795
const polynomialLow = 0xd7870f42

/** Eight tables of 256: the eighth byte ahead in one step. */
const { highs, lows } = makeTables()

export function startCrc64(): Crc64 {
  return { high: 0xffffffff, low: 0xffffffff }
}

/** Takes in the bytes from `start` to before `end`. */
export function updateCrc64(crc: Crc64, view: DataView, start: number, end: number): void {
  let { high, low } = crc
  let at = start
  for (; at + 8 <= end; at += 8) {
    const first = low ^ view.getInt32(at, true)
    const second = high ^ view.getInt32(at + 4, true)
    const a = 0x700 | (first & 0xff)
    const b = 0x600 | ((first >>> 8) & 0xff)
    const c = 0x500 | ((first >>> 16) & 0xff)
    const d = 0x400 | (first >>> 24)
    const e = 0x300 | (second & 0xff)
    const f = 0x200 | ((second >>> 8) & 0xff)
    const g = 0x100 | ((second >>> 16) & 0xff)
    const h = second >>> 24
    high = part(highs, a) ^ part(highs, b) ^ part(highs, c) ^ part(highs, d)
    high ^= part(highs, e) ^ part(highs, f) ^ part(highs, g) ^ part(highs, h)
    low = part(lows, a) ^ part(lows, b) ^ part(lows, c) ^ part(lows, d)
    low ^= part(lows, e) ^ part(lows, f) ^ part(lows, g) ^ part(lows, h)
  }
  for (; at < end; at += 1) {
    const index = (low ^ view.getUint8(at)) & 0xff
    low = ((low >>> 8) | (high << 24)) ^ part(lows, index)
    high = (high >>> 8) ^ part(highs, index)
  }
  crc.high = high
  crc.low = low
}

/** As mongodump writes it: the low half first. */
export function endCrc64(crc: Crc64): { readonly low: number; readonly high: number } {
  return { low: ~crc.low, high: ~crc.high }
}

function part(table: Int32Array, index: number): number {
  return table[index] ?? 0
}

function makeTables(): { readonly highs: Int32Array; readonly lows: Int32Array } {
  const highs = new Int32Array(slices * 256)
  const lows = new Int32Array(slices * 256)
  for (let index = 0; index < 256; index += 1) {
    let high = 0
    let low = index
    for (let bit = 0; bit < 8; bit += 1) {
      const odd = low & 1
      low = (low >>> 1) | (high << 31)
      high >>>= 1
      if (odd === 1) {
        high ^= polynomialHigh
        low ^= polynomialLow
      }
    }
    highs[index] = high
    lows[index] = low
  }
  for (let index = 256; index < slices * 256; index += 1) {
    const high = highs[index - 256] ?? 0
    const low = lows[index - 256] ?? 0
    const next = low & 0xff
    highs[index] = (high >>> 8) ^ (highs[next] ?? 0)
    lows[index] = ((low >>> 8) | (high << 24)) ^ (lows[next] ?? 0)
  }
  return { highs, lows }
}
