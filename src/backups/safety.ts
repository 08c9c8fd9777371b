import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseEntry } from '../catalog/schema.ts'
import type { BackupDeps } from './deps.ts'
import { hashFile } from './hash.ts'
import { findRestorePoint } from './list.ts'
import { finishedIn, publish, removeHalves } from './safety-files.ts'
import { hiddenName, type SafetyForm, safetyName } from './safety-name.ts'
import { roomIn } from './scratch.ts'

export type SafetyAsk = {
  /** The place of the catalog, `backups.safety`; a folder. */
  readonly place: string
  readonly entry: DatabaseEntry
  readonly deps: BackupDeps
  /** `R-0042` */
  readonly run: string
  /** The database's name in the catalog. */
  readonly database: string
  readonly form: SafetyForm
  /** When the run was planned: an older file of this name is another bot's. */
  readonly since: Date
  /** About how many bytes will be written. */
  readonly expectedBytes: number
  /** Writes the backup into `path`, which does not exist yet, and ends when all of it is written. */
  dump(path: string, signal: AbortSignal): Promise<SafetyDumped>
  /** Reads the written file from its first to its last byte. */
  judge(path: string, name: string): Promise<SafetyJudged>
  /** Keeps the verdict, so that lists say "verified". */
  remember(point: { readonly id: string; readonly identity: string }, sha256: string): Promise<void>
  /** Bytes written so far, about once a second. */
  onProgress(bytes: number): void
}

export type SafetyDumped =
  | { readonly kind: 'dumped' }
  /** `why` is the tool's own sentence, without secrets. */
  | {
      readonly kind: 'failed'
      readonly reason: 'dump_failed' | 'dump_timed_out' | 'tool_missing'
      readonly why: string
    }

export type SafetyJudged =
  | { readonly kind: 'good'; readonly sha256: string }
  | { readonly kind: 'bad'; readonly why: string }

export type SafetyTaken =
  | {
      readonly kind: 'taken'
      /** Of the restore point, `PLACE/NAME`. */
      readonly point: string
      readonly sha256: string
      readonly bytes: number
      readonly at: string
    }
  /** There is none, and the reason. Nothing was left behind. */
  | { readonly kind: 'failed'; readonly reason: SafetyFault; readonly why: string }

export type SafetyFault =
  | 'dump_failed'
  | 'dump_timed_out'
  | 'tool_missing'
  | 'not_good'
  | 'disk_short'
  | 'place_away'
  | 'stopped'

const lookMs = 1_000

/**
 * A backup of what is about to be replaced, in a place of the catalog: written under a hidden name, read whole by the gate, put
 * on the disk, and only then named. Safe to repeat: the finished one of an earlier attempt is found. A database that cannot be
 * dumped is a reason and no error.
 */
export async function takeSafetyBackup(ask: SafetyAsk): Promise<SafetyTaken> {
  const place = ask.entry.backups?.places[ask.place]
  if (place?.kind !== 'folder')
    return failed('place_away', `the catalog has no folder called "${ask.place}" among its places`)
  try {
    await mkdir(place.path, { recursive: true, mode: 0o700 })
    await removeHalves(place.path, ask.run)
    const before = await finishedIn(place.path, ask, ask.since)
    return before === undefined ? await take(ask, place.path) : await found(ask, place.path, before)
  } catch (error) {
    if (ask.deps.signal?.aborted === true) return failed('stopped', 'it was stopped')
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOSPC' || code === 'EDQUOT') return failed('disk_short', `the disk of ${ask.place} is full`)
    if (/^E[A-Z]+$/.test(code)) return failed('place_away', `${ask.place} cannot be written to (${code})`)
    throw error
  }
}

async function take(ask: SafetyAsk, folder: string): Promise<SafetyTaken> {
  const room = await roomIn(folder)
  if (room < ask.expectedBytes)
    return failed('disk_short', `about ${mb(ask.expectedBytes)} MB are needed in ${ask.place}, ${mb(room)} MB are free`)
  const name = safetyName(ask, new Date())
  const path = join(folder, hiddenName(name))
  try {
    const dumped = await dumpWithin(ask, path, room)
    if (ask.deps.signal?.aborted === true) return failed('stopped', 'it was stopped')
    if (dumped.kind === 'failed') return dumped
    const judged = await ask.judge(path, name)
    if (judged.kind === 'bad') return failed('not_good', judged.why)
    await publish(folder, name, judged.sha256)
    return await known(ask, folder, name, judged.sha256)
  } finally {
    await rm(path, { force: true })
  }
}

/** Ends the tool when it writes more than the disk can spare: the place is the home of other backups too. */
async function dumpWithin(
  ask: SafetyAsk,
  path: string,
  room: number,
): Promise<SafetyDumped | Extract<SafetyTaken, { kind: 'failed' }>> {
  const full = new AbortController()
  const over = new AbortController()
  const { signal } = ask.deps
  const watching = (async () => {
    while (!over.signal.aborted) {
      const bytes = (await stat(path).catch(() => undefined))?.size ?? 0
      if (bytes > room) full.abort()
      if (bytes > 0) ask.onProgress(bytes)
      await sleep(lookMs, undefined, { signal: over.signal }).catch(() => undefined)
    }
  })()
  try {
    const dumped = await ask.dump(path, signal === undefined ? full.signal : AbortSignal.any([signal, full.signal]))
    return full.signal.aborted ? failed('disk_short', `the disk of ${ask.place} has no room for it`) : dumped
  } finally {
    over.abort()
    await watching
  }
}

/** What an earlier attempt has named, held against its checksum once more. */
async function found(ask: SafetyAsk, folder: string, name: string): Promise<SafetyTaken> {
  const point = await findRestorePoint(`${ask.place}/${name}`, ask.entry, ask.deps)
  const sha256 = await hashFile(join(folder, name), ask.deps.signal)
  if (point?.sha256 !== sha256) return failed('not_good', `${name} is not what its .sha256 says`)
  return known(ask, folder, name, sha256)
}

async function known(ask: SafetyAsk, folder: string, name: string, sha256: string): Promise<SafetyTaken> {
  const id = `${ask.place}/${name}`
  const point = await findRestorePoint(id, ask.entry, ask.deps)
  if (point === undefined) return failed('place_away', `${name} is not in ${folder} any more`)
  await ask.remember(point, sha256)
  return { kind: 'taken', point: id, sha256, bytes: point.sizeBytes, at: point.modifiedAt }
}

const failed = (reason: SafetyFault, why: string): Extract<SafetyTaken, { kind: 'failed' }> => ({
  kind: 'failed',
  reason,
  why,
})

const mb = (bytes: number): number => Math.ceil(bytes / 1024 / 1024)
