import { createHash, type Hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import type { DatabaseEntry } from '../catalog/schema.ts'
import type { BackupDeps, MongoKind, OpenedPoint, PostgresKind } from './deps.ts'
import { BadBackup, NotJudged, shown } from './fault.ts'
import { identityOf } from './files.ts'
import { placeNamed } from './places/place.ts'
import type { Place, Stored } from './places/types.ts'
import { makeScratch, roomIn } from './scratch.ts'
import type { RestorePoint, Wrapping } from './types.ts'

/**
 * Makes a point readable for pg_restore: where it lies, when it is an unwrapped file or folder of this machine; otherwise as a
 * copy in the scratch folder, streamed and unwrapped as it comes. Close it when done.
 * @throws BadBackup for what is no backup of PostgreSQL, `truncated` or `damaged` wrappings, `changed_while_read`;
 * NotJudged `place_away`, `scratch_full`, `stopped`
 */
export async function openPoint(point: RestorePoint, entry: DatabaseEntry, deps: BackupDeps): Promise<OpenedPoint> {
  const { kind } = point
  if (point.problem !== undefined) throw new BadBackup(point.problem.reason, point.problem.detail)
  if (kind !== 'pg-custom' && kind !== 'pg-directory' && kind !== 'pg-plain')
    throw new BadBackup('foreign', `it is ${kind}, no backup of PostgreSQL that can be read`)
  return openAs(kind, point, entry, deps)
}

/** The same for mongorestore: an archive without its wrapping, or the folder of one database. @throws as `openPoint` */
export async function openMongoPoint(
  point: RestorePoint,
  entry: DatabaseEntry,
  deps: BackupDeps,
): Promise<OpenedPoint<MongoKind>> {
  const { kind } = point
  if (point.problem !== undefined) throw new BadBackup(point.problem.reason, point.problem.detail)
  if (kind !== 'mongo-archive' && kind !== 'mongo-directory')
    throw new BadBackup('foreign', `it is ${kind}, no backup of MongoDB that can be read`)
  return openAs(kind, point, entry, deps)
}

async function openAs<Kind extends PostgresKind | MongoKind>(
  kind: Kind,
  point: RestorePoint,
  entry: DatabaseEntry,
  deps: BackupDeps,
): Promise<OpenedPoint<Kind>> {
  const place = placeNamed(entry.backups, point.place, deps)
  const stored = await place.find(point.name)
  if (stored?.identity !== point.identity)
    throw new BadBackup('changed_while_read', stored === undefined ? 'it is gone' : 'it is no longer what was listed')
  const path = place.path(stored)
  const unchanged = async () => {
    if (path !== undefined) return (await identityOf(path)) === point.identity
    return (await placeNamed(entry.backups, point.place, deps).find(point.name))?.identity === point.identity
  }
  if (path !== undefined && point.wrapping === 'none')
    return { point, kind, path, sha256: undefined, unchanged, close: async () => undefined }

  const folder = await makeScratch(deps.scratch)
  const close = () => rm(folder, { recursive: true, force: true })
  try {
    const target = join(folder, 'backup')
    const room = { left: await roomIn(folder), believable: believable(stored.sizeBytes) }
    const sha256 = await bring(kind, place, stored, target, point.wrapping, room, deps.signal)
    if (!(await unchanged())) throw new BadBackup('changed_while_read', 'it changed while it was read')
    return { point, kind, path: target, sha256, unchanged, close }
  } catch (error) {
    await close()
    throw deps.signal?.aborted === true ? new NotJudged('stopped', 'the reading was stopped') : error
  }
}

/** Names that pg_dump writes, and mongodump, which escapes as an URL does. */
const member = /^[\w.]+$/
const mongoMember = /^[\w.%+~$-]+$/

/** What may still be written, and how much at most can honestly come out of a wrapping of this size. */
type Room = { left: number; believable: number }

/** Dumps shrink to a third or a tenth; what grows two hundred times is made to fill a disk. */
function believable(storedBytes: number): number {
  return Math.max(1024 ** 3, 200 * storedBytes)
}

/** @returns SHA-256 of the stored bytes; undefined for a folder, whose members are hashed by the gate */
async function bring(
  kind: PostgresKind | MongoKind,
  place: Place,
  stored: Stored,
  target: string,
  wrapping: Wrapping,
  room: Room,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (stored.folder === undefined) {
    const hash = createHash('sha256')
    await copy(place, stored, undefined, target, wrapping, hash, room, signal)
    return hash.digest('hex')
  }
  await mkdir(target, { mode: 0o700 })
  for (const part of await place.parts(stored)) {
    if (part.name.startsWith('.') && kind.startsWith('mongo')) continue
    if (!(kind.startsWith('mongo') ? mongoMember : member).test(part.name) || part.name.startsWith('.'))
      throw new BadBackup('member_unexpected', `a file called "${shown(part.name)}" in its folder`)
    await copy(place, stored, part.name, join(target, part.name), 'none', undefined, room, signal)
  }
  return undefined
}

async function copy(
  place: Place,
  stored: Stored,
  part: string | undefined,
  target: string,
  wrapping: Wrapping,
  hash: Hash | undefined,
  room: Room,
  signal: AbortSignal | undefined,
): Promise<void> {
  const source = await place.read(stored, part)
  const hashing = passing((chunk) => hash?.update(chunk))
  const measuring = passing((chunk) => {
    room.left -= chunk.length
    room.believable -= chunk.length
    if (room.believable < 0) throw new BadBackup('too_large', 'it unwraps to more than 200 times its size')
    if (room.left < 0) throw new NotJudged('scratch_full', 'the scratch disk has no room for an unwrapped copy')
  })
  const sink = createWriteStream(target, { flags: 'wx', mode: 0o600 })
  const stages =
    wrapping === 'none'
      ? [source, hashing, measuring, sink]
      : [source, hashing, wrapping === 'gzip' ? createGunzip() : createZstdDecompress(), measuring, sink]
  await pipeline(stages, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    throw meaningOf(error, wrapping)
  })
}

function passing(onChunk: (chunk: Buffer) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        onChunk(chunk)
        done(null, chunk)
      } catch (error) {
        done(error instanceof Error ? error : new Error('unknown'))
      }
    },
  })
}

function meaningOf(error: unknown, wrapping: Wrapping): unknown {
  if (error instanceof BadBackup || error instanceof NotJudged || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'Z_BUF_ERROR') return new BadBackup('truncated', `what is wrapped in ${wrapping} ends too early`)
  if (/^(Z_|ZSTD_)/.test(code)) return new BadBackup('damaged', `what is wrapped in ${wrapping} is damaged (${code})`)
  if (code === 'ENOSPC' || code === 'EDQUOT') return new NotJudged('scratch_full', 'the scratch disk is full')
  return new NotJudged('place_away', `it could not be read to its end (${code === '' ? error.name : code})`)
}
