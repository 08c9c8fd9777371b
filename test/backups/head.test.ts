import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readHead } from '../../src/backups/archive/head.ts'
import { sniff } from '../../src/backups/sniff.ts'

type Fields = {
  readonly minor: number
  readonly layout?: number
  readonly compression: number
  readonly entries?: number
}

/** The head of an archive as pg_dump of any version since 9.0 writes it. */
function head({ minor, layout = 1, compression, entries = 3 }: Fields): Buffer {
  const int = (value: number) => {
    const bytes = Buffer.alloc(5)
    bytes[0] = value < 0 ? 1 : 0
    bytes.writeUInt32LE(Math.abs(value), 1)
    return bytes
  }
  const text = (value: string) => Buffer.concat([int(value.length), Buffer.from(value)])
  return Buffer.concat([
    Buffer.from('PGDMP'),
    Buffer.from([1, minor, 0, 4, 8, layout]),
    minor >= 15 ? Buffer.from([compression]) : int(compression),
    // 2026-07-01 12:30:45, summer time
    ...[45, 30, 12, 1, 6, 126, 1].map(int),
    ...['porttrack', '16.4', '17.1 (Debian 17.1-1)'].map(text),
    int(entries),
  ])
}

describe("an archive's head", () => {
  it.each([
    ['9.6', { minor: 12, compression: -1 }, 'gzip'],
    ['11', { minor: 13, compression: 0 }, 'none'],
    ['15', { minor: 14, compression: 6 }, 'gzip'],
    ['16', { minor: 15, compression: 0 }, 'none'],
    ['16 with LZ4', { minor: 15, compression: 2 }, 'lz4'],
    ['17 with zstd', { minor: 16, compression: 3 }, 'zstd'],
  ])('of pg_dump %s is read', (_, fields, compression) => {
    expect(readHead(head(fields), 'Europe/Madrid')).toMatchObject({
      layout: 'custom',
      compression,
      database: 'porttrack',
      serverVersion: '16.4',
      dumpVersion: '17.1',
      dumpedAt: '2026-07-01T10:30:45.000Z',
      entries: 3,
    })
  })

  it('cut anywhere is truncated, never a crash', () => {
    const whole = head({ minor: 14, compression: -1 })
    for (let at = 5; at < whole.length; at += 1)
      expect(() => readHead(whole.subarray(0, at), 'UTC'), `${at}`).toThrow(/ends within its head/)
  })

  it('with any bit turned is read, refused or unknown, never a crash', async () => {
    const whole = head({ minor: 14, compression: -1 })
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const bytes = Buffer.from(whole)
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect((await sniff(bytes, 'UTC')).wrapping).toBe('none')
    }
  })

  it.each([
    ['LZ4 inside', { minor: 15, compression: 2 }, false],
    ['gzip inside', { minor: 15, compression: 1 }, true],
  ])('%s: whether its rows carry sums', async (_, fields, sums) => {
    expect((await sniff(head(fields), 'UTC')).sums).toBe(sums)
  })

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('is found in %s, whole or in part, and a bomb is not unwrapped to see it', async (wrapping, wrap) => {
    const dump = head({ minor: 14, compression: 0 })
    const bomb = wrap(Buffer.concat([dump, Buffer.alloc(96 * 1024 * 1024)]))
    const before = process.memoryUsage().rss
    for (const bytes of [wrap(dump), bomb.subarray(0, 100_000), bomb])
      expect(await sniff(bytes, 'UTC')).toMatchObject({
        kind: 'pg-custom',
        wrapping,
        header: { database: 'porttrack' },
      })
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024)
  })
})
