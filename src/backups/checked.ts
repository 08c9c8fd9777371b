import type { BackupsEntry } from '../catalog/schema.ts'
import type { BackupDeps, MongoKind, OpenedPoint, PostgresKind } from './deps.ts'
import { BadBackup, NotJudged } from './fault.ts'
import { placeNamed } from './places/place.ts'
import { hashFor, readSidecar } from './sidecar.ts'
import type { Verdict } from './types.ts'

type Opened = OpenedPoint<PostgresKind | MongoKind>
type Failed = Extract<Verdict, { kind: 'bad' | 'unknown' }>

export type GateOptions = {
  /** Of the whole reading; by size unless told: two minutes, and a second more for each MB. */
  readonly limitMs?: number
}

/** What a timer can hold. */
const longestMs = 2 ** 31 - 1

/**
 * Lets a reading run with a time limit and the caller's own signal, and turns its expected faults into verdicts; only the
 * unexpected is thrown.
 */
export async function withinLimit<Found>(
  opened: Opened,
  deps: BackupDeps,
  options: GateOptions,
  read: (limits: { readonly signal: AbortSignal; readonly limitMs: number }) => Promise<Found>,
): Promise<Found | Failed> {
  const limitMs = options.limitMs ?? Math.min(longestMs, 120_000 + Math.ceil(opened.point.sizeBytes / 1_000))
  const limit = AbortSignal.timeout(limitMs)
  const signal = deps.signal === undefined ? limit : AbortSignal.any([deps.signal, limit])
  try {
    return await read({ signal, limitMs })
  } catch (error) {
    if (deps.signal?.aborted === true) return { kind: 'unknown', reason: 'stopped', detail: 'the reading was stopped' }
    if (limit.aborted)
      return { kind: 'unknown', reason: 'time_limit', detail: `it was not read after ${Math.ceil(limitMs / 1000)} s` }
    if (error instanceof BadBackup) return { kind: 'bad', reason: error.reason, detail: error.message }
    if (error instanceof NotJudged) return { kind: 'unknown', reason: error.reason, detail: error.message }
    if (isSystem(error)) return { kind: 'unknown', reason: 'place_away', detail: `it cannot be read (${error.code})` }
    throw error
  }
}

/** What the sidecar says, asked of the place now. @throws BadBackup `checksum_missing` where the catalog requires one */
export async function expectedHashes(
  { point }: Opened,
  backups: BackupsEntry,
  deps: BackupDeps,
): Promise<ReadonlyMap<string, string> | undefined> {
  const place = placeNamed(backups, point.place, deps)
  const stored = await place.find(point.name)
  const text = stored === undefined ? undefined : await place.sidecar(stored)
  if (text === undefined && backups.checksum === 'required')
    throw new BadBackup('checksum_missing', `there is no ${point.name}.sha256, which the catalog requires`)
  return text === undefined ? undefined : readSidecar(text)
}

/**
 * @param sidecar undefined: there is none, and nothing to compare
 * @param members hashes of a folder's files; undefined: it is a file
 * @throws BadBackup `checksum_mismatch`
 */
export function compareHashes(
  { point }: Opened,
  sidecar: ReadonlyMap<string, string> | undefined,
  sha256: string,
  members: ReadonlyMap<string, string> | undefined,
): void {
  if (sidecar === undefined) return
  const wrong = (name: string): never => {
    throw new BadBackup('checksum_mismatch', `${name} is not what its .sha256 says`)
  }
  if (members === undefined) {
    if (hashFor(sidecar, point.name) !== sha256) wrong(point.name)
    return
  }
  for (const [name, found] of members) {
    if (name === 'SHA256SUMS') continue
    if (sidecar.get(name) !== found) wrong(name)
  }
}

function isSystem(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)
}
