import { BadBackup, NotJudged } from '../fault.ts'
import type { BackupHeader } from '../types.ts'
import { localTime } from './clock.ts'
import { byte, type Cursor, int, short, text } from './cursor.ts'

export type Head = BackupHeader & {
  /** `1.14` as 114. */
  readonly format: number
  /** `members`: data in files of their own; pg_dump writes the same head for a folder and inside a tar. */
  readonly layout: 'custom' | 'members'
  readonly intSize: number
  readonly offSize: number
  /** The bytes that it took. */
  readonly length: number
  readonly entries: number
}

/** The newest archive format whose layout is known here: 1.16 of PostgreSQL 17 and 18. */
const newestFormat = 116
const oldestFormat = 112
const mostEntries = 2_000_000

/**
 * Reads the head of a custom archive or of a toc.dat: ReadHead of pg_backup_archiver.c, formats 1.12 (PostgreSQL 9.0) to 1.16.
 * @param timeZone of the clock of the machine that dumped
 * @throws BadBackup `truncated`, `damaged`; NotJudged `tool_older` for a newer format
 */
export function readHead(bytes: Buffer, timeZone: string): Head {
  try {
    return parse(bytes, timeZone)
  } catch (error) {
    if (error === short) throw new BadBackup('truncated', 'the file ends within its head')
    if (error instanceof RangeError) throw new BadBackup('damaged', `its head cannot be true: ${error.message}`)
    throw error
  }
}

function parse(bytes: Buffer, timeZone: string): Head {
  if (bytes.toString('latin1', 0, 5) !== 'PGDMP') throw new BadBackup('damaged', 'it does not begin with PGDMP')
  const start: Cursor = { at: 5, bytes, intSize: 4, offSize: 8 }
  const [major, minor, revision] = [byte(start), byte(start), byte(start)]
  const format = major * 100 + minor
  if (major === 1 && minor > newestFormat - 100)
    throw new NotJudged('tool_older', `archive format ${major}.${minor} is newer than this program knows`)
  if (major !== 1 || format < oldestFormat || revision > 9)
    throw new BadBackup('damaged', `no archive has the format ${major}.${minor}.${revision}`)
  const [intSize, offSize, kind] = [byte(start), byte(start), byte(start)]
  const layout = ({ 1: 'custom', 3: 'members', 5: 'members' } as const)[kind]
  if (intSize !== 4 || offSize !== 8 || layout === undefined)
    throw new BadBackup('damaged', `integers of ${intSize}, offsets of ${offSize} bytes, layout ${kind}`)
  const cursor: Cursor = { at: start.at, bytes, intSize, offSize }
  const compression = compressionOf(cursor, format)
  const dumpedAt = date(cursor, timeZone)
  const [database, serverVersion, dumpVersion] = [text(cursor, 1024), text(cursor, 1024), text(cursor, 1024)]
  const entries = int(cursor)
  if (entries < 0 || entries > mostEntries) throw new BadBackup('damaged', `a table of contents of ${entries} entries`)
  return {
    format,
    layout,
    intSize,
    offSize,
    length: cursor.at,
    entries,
    compression,
    ...(dumpedAt === undefined ? {} : { dumpedAt }),
    ...(database === undefined ? {} : { database }),
    ...(serverVersion === undefined ? {} : { serverVersion: plain(serverVersion) }),
    ...(dumpVersion === undefined ? {} : { dumpVersion: plain(dumpVersion) }),
  }
}

function compressionOf(cursor: Cursor, format: number): NonNullable<BackupHeader['compression']> {
  if (format < 115) return int(cursor) === 0 ? 'none' : 'gzip'
  const algorithm = (['none', 'gzip', 'lz4', 'zstd'] as const)[byte(cursor)]
  if (algorithm === undefined) throw new BadBackup('damaged', 'a compression that no pg_dump knows')
  return algorithm
}

/** struct tm: seconds to years since 1900, and whether it is summer time. */
function date(cursor: Cursor, timeZone: string): string | undefined {
  const [second, minute, hour, day, month, year] = [0, 1, 2, 3, 4, 5].map(() => int(cursor))
  int(cursor)
  const utc = Date.UTC((year ?? 0) + 1900, month ?? 0, day, hour, minute, second)
  return Number.isFinite(utc) ? localTime(utc, timeZone) : undefined
}

/** `15.18 (Debian 15.18-0+deb12u1)` → `15.18` */
function plain(version: string): string {
  return version.trim().split(/\s/, 1)[0] ?? ''
}
