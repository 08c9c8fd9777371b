import { constants, createGunzip, createZstdDecompress } from 'node:zlib'
import { readHead } from './archive/head.ts'
import { BadBackup, NotJudged, shown } from './fault.ts'
import { mongoHeader } from './mongo/header.ts'
import { archiveMagic } from './mongo/prelude.ts'
import type { BackupHeader, BackupKind, Problem, Wrapping } from './types.ts'

/** How much of a file is enough to know it: more than the first block of zstd, which is up to 128 KB. */
export const sniffBytes = 160 * 1024
const enough = 16 * 1024

export type Sniffed = {
  readonly kind: BackupKind
  readonly wrapping: Wrapping
  /** Whether its bytes carry sums of their own. */
  readonly sums: boolean
  readonly header: BackupHeader
  readonly problem?: Problem
}

/** What a file is by its first bytes, looking into gzip and zstd. Never throws for what the bytes are. */
export async function sniff(start: Buffer, timeZone: string): Promise<Sniffed> {
  const wrapping = wrappingOf(start)
  if (wrapping === 'none') return { ...whole(look(start, timeZone)), wrapping }
  // The descriptor of a zstd frame says whether a sum of the content follows it: RFC 8878, 3.1.1.1.1.
  const sums = wrapping === 'gzip' || ((start[4] ?? 0) & 0b100) !== 0
  const inside = await unwrap(start, wrapping)
  if (inside.length === 0) {
    const problem = { reason: 'damaged', detail: `what is wrapped in ${wrapping} cannot be read` } as const
    return { kind: 'unreadable', wrapping, sums, header: {}, problem }
  }
  if (wrappingOf(inside) !== 'none') return { kind: 'foreign', wrapping, sums, header: {}, ...foreign('wrapped twice') }
  const found = whole(look(inside, timeZone))
  return { ...found, wrapping, sums: sums || found.sums }
}

function wrappingOf(bytes: Buffer): Wrapping {
  if (bytes.length > 2 && bytes.readUInt16BE(0) === 0x1f8b) return 'gzip'
  if (bytes.length > 4 && bytes.readUInt32LE(0) === 0xfd2fb528) return 'zstd'
  return 'none'
}

/** The first bytes of what is wrapped: no more is unwrapped, however much would come out. */
async function unwrap(start: Buffer, wrapping: Wrapping): Promise<Buffer> {
  const stream =
    wrapping === 'gzip'
      ? createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
      : createZstdDecompress({ finishFlush: constants.ZSTD_e_flush })
  stream.end(start)
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= enough) break
    }
  } catch {
    // What came out before the damage is enough to know it by, or there is nothing.
  }
  return Buffer.concat(chunks)
}

type Look = Omit<Sniffed, 'wrapping' | 'sums'>

/** zlib's streams, in which pg_dump packs rows, end in a sum; LZ4 and zstd inside an archive have none. */
function whole(found: Look): Look & Pick<Sniffed, 'sums'> {
  return { ...found, sums: found.header.compression === 'gzip' }
}

function look(bytes: Buffer, timeZone: string): Look {
  if (bytes.length === 0) return { kind: 'empty', header: {}, problem: { reason: 'empty', detail: 'it has no bytes' } }
  if (bytes.toString('latin1', 0, 5) === 'PGDMP') return archive(bytes, timeZone)
  if (bytes.length >= 4 && bytes.readUInt32LE(0) === archiveMagic) return mongoArchive(bytes)
  if (bytes.toString('latin1', 257, 262) === 'ustar') {
    const isDump = bytes.toString('latin1', 0, 8) === 'toc.dat\0'
    if (!isDump) return { kind: 'foreign', header: {}, ...foreign('a tar of other things') }
    const detail = 'pg_restore hangs on a damaged tar; dump with -Fc or -Fd'
    return { kind: 'pg-tar', header: {}, problem: { reason: 'tar_unsupported', detail } }
  }
  const beginning = bytes.toString('latin1', 0, 4096)
  if (/^(--[^\n]*\n|\s)*-- PostgreSQL database dump\r?\n/.test(beginning))
    return { kind: 'pg-plain', header: plainHeader(beginning) }
  if (/^(--[^\n]*\n|\s)*-- PostgreSQL database cluster dump\r?\n/.test(beginning))
    return { kind: 'foreign', header: {}, ...foreign('made by pg_dumpall: it is for a whole server') }
  return { kind: 'foreign', header: {}, ...foreign(`it begins with "${shown(beginning.slice(0, 24), 24)}"`) }
}

function mongoArchive(bytes: Buffer): Look {
  try {
    return { kind: 'mongo-archive', header: mongoHeader(bytes) }
  } catch (error) {
    if (error instanceof BadBackup)
      return { kind: 'mongo-archive', header: {}, problem: { reason: error.reason, detail: error.message } }
    if (error instanceof NotJudged) return { kind: 'mongo-archive', header: {} }
    throw error
  }
}

function archive(bytes: Buffer, timeZone: string): Look {
  try {
    const { layout, compression, dumpedAt, database, serverVersion, dumpVersion } = readHead(bytes, timeZone)
    const header = { compression, dumpedAt, database, serverVersion, dumpVersion }
    const told = Object.fromEntries(Object.entries(header).filter(([, value]) => value !== undefined))
    if (layout === 'custom') return { kind: 'pg-custom', header: told }
    return { kind: 'foreign', header: told, ...foreign('a table of contents without its data') }
  } catch (error) {
    if (error instanceof BadBackup)
      return { kind: 'pg-custom', header: {}, problem: { reason: error.reason, detail: error.message } }
    if (error instanceof NotJudged) return { kind: 'pg-custom', header: {} }
    throw error
  }
}

function plainHeader(text: string): BackupHeader {
  const serverVersion = /^-- Dumped from database version (\S+)/m.exec(text)?.[1]
  const dumpVersion = /^-- Dumped by pg_dump version (\S+)/m.exec(text)?.[1]
  const dumped = /^-- Started on (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:UTC|GMT)$/m.exec(text)?.[1]
  return {
    ...(serverVersion === undefined ? {} : { serverVersion }),
    ...(dumpVersion === undefined ? {} : { dumpVersion }),
    ...(dumped === undefined ? {} : { dumpedAt: new Date(`${dumped.replace(' ', 'T')}Z`).toISOString() }),
  }
}

function foreign(detail: string): { readonly problem: Problem } {
  return { problem: { reason: 'foreign', detail } }
}
