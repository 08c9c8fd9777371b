import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { decode, encode } from './archive.ts'
import { sha256 } from './good-forms.ts'
import type { Originals } from './originals.ts'
import { flipped, randomFrom } from './random.ts'

export type BadCase = {
  readonly name: string
  /** Reason words that are right for it. */
  readonly expect: readonly string[]
  make(folder: string, name: string): Promise<void>
}

const bytes = (name: string, expect: readonly string[], content: Buffer): BadCase => ({
  name,
  expect,
  make: (folder, file) => writeFile(join(folder, file), content),
})

/** Cut off, bits turned over: what disks, networks and full volumes do. */
export function damagedFiles({ custom, uncompressed, plain }: Originals, seed: number): BadCase[] {
  const random = randomFrom(seed)
  const { head, data } = decode(custom)
  const tocEnd = custom.length - data.length
  const cases: BadCase[] = []
  const cut = (what: string, from: Buffer, at: number, ...also: readonly string[]) =>
    cases.push(bytes(`${what} cut at ${at}`, ['truncated', 'damaged', ...also], from.subarray(0, at)))
  for (const at of [1, 4]) cut('custom', custom, at, 'foreign')
  for (const at of [5, 11, 30, head.length, head.length + 3]) cut('custom', custom, at)
  for (let index = 0; index < 4; index += 1) cut('custom', custom, head.length + 5 + random(tocEnd - head.length - 6))
  for (let index = 0; index < 6; index += 1) cut('custom', custom, tocEnd + random(data.length - 1))
  cut('custom', custom, tocEnd)
  cut('custom', custom, custom.length - 1)
  for (let index = 0; index < 5; index += 1)
    cut('uncompressed', uncompressed, tocEnd + random(uncompressed.length - tocEnd - 1))
  const gz = gzipSync(uncompressed)
  // As the zstd program does it: with a sum of the content.
  const zst = zstdCompressSync(uncompressed, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })
  for (let index = 0; index < 4; index += 1) cut('gzip', gz, 20 + random(gz.length - 21))
  cut('gzip', gz, gz.length - 4)
  for (let index = 0; index < 4; index += 1) cut('zstd', zst, 8 + random(zst.length - 9))
  for (let index = 0; index < 5; index += 1) cut('plain', plain, 2_000 + random(plain.length - 2_200))
  const row = plain.indexOf('\n', Math.floor(plain.length / 2)) + 1
  cut('plain at the end of a row', plain, row)

  const flip = (what: string, from: Buffer, at: number, ...expect: readonly string[]) =>
    cases.push(bytes(`${what} with bit ${at % 8} of byte ${at} turned`, expect, flipped(from, at, at % 8)))
  for (let index = 0; index < 25; index += 1)
    flip('custom data', custom, tocEnd + random(data.length), 'damaged', 'truncated')
  for (let index = 0; index < 8; index += 1)
    flip('gzip', gz, 10 + random(gz.length - 18), 'damaged', 'truncated', 'unreadable', 'foreign')
  for (let index = 0; index < 5; index += 1)
    flip('zstd', zst, 12 + random(zst.length - 13), 'damaged', 'truncated', 'unreadable', 'foreign')
  return cases
}

/** A table of contents that is not quite right. */
export function damagedContents({ custom, uncompressed }: Originals, seed: number): BadCase[] {
  const random = randomFrom(seed)
  const whole = decode(custom)
  const cases: BadCase[] = []
  const count = whole.head.length + 1
  for (let bit = 0; bit < 8; bit += 1)
    cases.push(
      bytes(`bit ${bit} of the count of entries turned`, ['damaged', 'truncated'], flipped(custom, count, bit)),
    )
  const wrong = (name: string, change: (archive: ReturnType<typeof decode>) => void, ...expect: readonly string[]) => {
    const archive = decode(custom)
    change(archive)
    cases.push(bytes(name, expect, encode(archive, { keepOffsets: true })))
  }
  wrong('an entry too few', (archive) => (archive.count -= 1), 'damaged', 'truncated')
  wrong('an entry too many', (archive) => (archive.count += 1), 'damaged', 'truncated')
  wrong('a negative count', (archive) => (archive.count = -5), 'damaged')
  wrong('a count of a thousand million', (archive) => (archive.count = 1_000_000_000), 'damaged')
  for (let index = 0; index < 4; index += 1) {
    const offset = BigInt(1 + random(100_000))
    const move = (archive: ReturnType<typeof decode>) => {
      const data = archive.entries.filter(({ desc }) => desc === 'TABLE DATA')
      const place = data[random(data.length)]?.place
      if (typeof place === 'object') place.offset += offset
    }
    wrong(`data said to be ${offset} bytes further`, move, 'damaged')
  }
  wrong('an entry without its data', (archive) => drop(archive, 'TABLE DATA'), 'damaged')
  wrong('two entries with one number', (archive) => double(archive), 'damaged')
  wrong('a kind in small letters', (archive) => rename0(archive), 'damaged')
  cases.push(bytes('bytes after the end', ['damaged'], Buffer.concat([custom, Buffer.from('more')])))
  cases.push(bytes('another dump after the end', ['damaged'], Buffer.concat([custom, custom])))
  cases.push(
    bytes(
      'two dumps mixed',
      ['damaged', 'truncated'],
      Buffer.concat([custom.subarray(0, 60_000), uncompressed.subarray(60_000)]),
    ),
  )
  cases.push(bytes('a hole of zeros', ['damaged', 'truncated'], hole(custom, Math.floor(custom.length / 2), 4096)))
  cases.push(
    bytes(
      'a format of the future',
      ['tool_older'],
      Buffer.concat([custom.subarray(0, 6), Buffer.from([17]), custom.subarray(7)]),
    ),
  )
  cases.push(
    bytes(
      'an older format number',
      ['damaged', 'truncated'],
      Buffer.concat([custom.subarray(0, 6), Buffer.from([3]), custom.subarray(7)]),
    ),
  )
  return cases
}

const drop = (archive: ReturnType<typeof decode>, desc: string) => {
  archive.entries.splice(
    archive.entries.findIndex((entry) => entry.desc === desc),
    1,
  )
  archive.count -= 1
}
const double = (archive: ReturnType<typeof decode>) => {
  const [one, other] = archive.entries.filter(({ desc }) => desc === 'TABLE DATA')
  if (one !== undefined && other !== undefined) other.id = one.id
}
const rename0 = (archive: ReturnType<typeof decode>) => {
  const [entry] = archive.entries.filter(({ desc }) => desc === 'TABLE')
  if (entry !== undefined) entry.desc = 'table'
}

function hole(from: Buffer, at: number, length: number): Buffer {
  const copy = Buffer.from(from)
  copy.fill(0, at, at + length)
  return copy
}

/** Damage that only a checksum shows: without one, a changed letter in a row is a changed row. */
export function onlyChecksums({ uncompressed, plain }: Originals, seed: number): BadCase[] {
  const random = randomFrom(seed)
  const cases: BadCase[] = []
  const beside = (what: string, original: Buffer) => {
    const at = Math.floor(original.length / 3) + random(Math.floor(original.length / 2))
    cases.push({
      name: `${what} with bit ${at % 8} of byte ${at} turned, beside its checksum`,
      expect: ['checksum_mismatch', 'damaged', 'hostile_statement', 'truncated', 'too_large'],
      make: async (folder, file) => {
        await writeFile(join(folder, file), flipped(original, at, at % 8))
        await writeFile(join(folder, `${file}.sha256`), `${sha256(original)}  ${file}\n`)
      },
    })
  }
  for (let index = 0; index < 10; index += 1) beside('uncompressed', uncompressed)
  for (let index = 0; index < 6; index += 1) beside('plain', plain)
  cases.push({
    name: 'a sidecar that holds no checksum',
    expect: ['checksum_mismatch'],
    make: async (folder, file) => {
      await writeFile(join(folder, file), uncompressed)
      await writeFile(join(folder, `${file}.sha256`), 'to do\n')
    },
  })
  return cases
}
