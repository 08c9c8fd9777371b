import { hash } from 'node:crypto'
import type { DatabaseEntry } from '../catalog/schema.ts'
import type { BackupDeps } from './deps.ts'
import { BadBackup, NotJudged, shown } from './fault.ts'
import { placeOf } from './places/place.ts'
import type { Place, Stored } from './places/types.ts'
import { hashFor, readSidecar } from './sidecar.ts'
import { type Sniffed, sniff, sniffBytes } from './sniff.ts'
import type { BackupHeader, Problem, RestorePoint } from './types.ts'

export type RestorePoints = {
  /** Those with the newest data first. */
  readonly points: readonly RestorePoint[]
  /** Places that could not be read: what lies there is not in the list. */
  readonly away: readonly { readonly place: string; readonly detail: string }[]
  /** How many older ones were left out. */
  readonly leftOut: number
}

type Options = { readonly limit?: number; readonly database?: string }

/** Reading the first bytes of very many files would take minutes on a slow volume. */
const usualLimit = 50
const atOnce = 8

/**
 * The backups in all places of a database. Only the first bytes of each are read: good here means "worth judging".
 * @param options `limit`: of the newest ones by time of storing, 50 unless told. `database`: the live name; others are marked `other_database`
 */
export async function listRestorePoints(
  entry: DatabaseEntry,
  deps: BackupDeps,
  options: Options = {},
): Promise<RestorePoints> {
  const away: { place: string; detail: string }[] = []
  const stored: { readonly id: string; readonly place: Place; readonly stored: Stored }[] = []
  for (const [id, config] of Object.entries(entry.backups?.places ?? {})) {
    const place = placeOf(config, deps)
    try {
      for (const one of await place.list()) stored.push({ id, place, stored: one })
    } catch (error) {
      if (!(error instanceof NotJudged)) throw error
      away.push({ place: id, detail: error.message })
    }
  }
  stored.sort((one, other) => other.stored.modifiedAt.getTime() - one.stored.modifiedAt.getTime())
  const newest = stored.slice(0, options.limit ?? usualLimit)
  const points: RestorePoint[] = []
  for (let at = 0; at < newest.length; at += atOnce) {
    const some = newest.slice(at, at + atOnce)
    points.push(
      ...(await Promise.all(some.map((one) => describe(one.id, one.place, one.stored, entry, deps, options.database)))),
    )
  }
  points.sort((one, other) => Date.parse(other.dataAt) - Date.parse(one.dataAt))
  return { points, away, leftOut: stored.length - newest.length }
}

/**
 * One backup by its id `PLACE/NAME`.
 * @returns undefined where there is none
 * @throws NotJudged `place_away`
 */
export async function findRestorePoint(
  id: string,
  entry: DatabaseEntry,
  deps: BackupDeps,
  database?: string,
): Promise<RestorePoint | undefined> {
  const slash = id.indexOf('/')
  const [placeName, name] = [id.slice(0, slash), id.slice(slash + 1)]
  const config = slash < 1 ? undefined : entry.backups?.places[placeName]
  if (config === undefined) return undefined
  const place = placeOf(config, deps)
  const stored = await place.find(name)
  return stored === undefined ? undefined : describe(placeName, place, stored, entry, deps, database)
}

async function describe(
  placeName: string,
  place: Place,
  stored: Stored,
  entry: DatabaseEntry,
  deps: BackupDeps,
  database: string | undefined,
): Promise<RestorePoint> {
  const id = `${placeName}/${stored.name}`
  const { kind, wrapping, sums, header, problem: seen } = await sniffed(place, stored, deps.timeZone ?? 'UTC')
  const sidecar = await checksum(place, stored)
  const problem =
    stored.problem ?? otherEngine(kind, entry) ?? seen ?? sidecar.problem ?? unfit(kind, header, entry, database)
  const modifiedAt = stored.modifiedAt.toISOString()
  const sum = sidecar.sha256 === undefined ? {} : { sha256: sidecar.sha256 }
  const verified = await deps.verified?.({ id, identity: stored.identity, ...sum })
  return {
    ...header,
    id,
    place: placeName,
    name: stored.name,
    kind,
    wrapping,
    sums,
    sizeBytes: stored.sizeBytes,
    modifiedAt,
    dataAt: earlier(header.dumpedAt, modifiedAt),
    identity: stored.identity,
    ...sum,
    ...(problem === undefined ? {} : { problem }),
    ...(verified === undefined ? {} : { verified }),
  }
}

async function sniffed(place: Place, stored: Stored, timeZone: string): Promise<Sniffed> {
  if (stored.folder === 'mongo') {
    // mongodump names the folder after the database, and packs each file by itself.
    const database = stored.name.slice(stored.name.lastIndexOf('/') + 1)
    return { kind: 'mongo-directory', wrapping: 'none', sums: stored.packed === true, header: { database } }
  }
  const unreadable = (problem: Problem): Sniffed => ({
    kind: 'unreadable',
    wrapping: 'none',
    sums: false,
    header: {},
    problem,
  })
  if (stored.problem !== undefined) return unreadable(stored.problem)
  try {
    const found = await sniff(await place.start(stored, sniffBytes), timeZone)
    if (stored.folder === undefined) return found
    // The head inside a folder is the same as a custom archive's, but for its layout.
    const { problem, ...rest } = found
    const broken = problem !== undefined && problem.reason !== 'foreign' ? { problem } : {}
    return { ...rest, kind: 'pg-directory', ...broken }
  } catch (error) {
    if (error instanceof BadBackup) return unreadable({ reason: error.reason, detail: error.message })
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
    return unreadable({ reason: 'unreadable', detail: `it cannot be read (${code})` })
  }
}

async function checksum(
  place: Place,
  stored: Stored,
): Promise<{ readonly sha256?: string; readonly problem?: Problem }> {
  try {
    const text = await place.sidecar(stored)
    if (text === undefined) return {}
    if (stored.folder !== undefined) return { sha256: hash('sha256', text) }
    const sha256 = hashFor(readSidecar(text), stored.name)
    if (sha256 !== undefined) return { sha256 }
    return { problem: { reason: 'checksum_mismatch', detail: 'its .sha256 is of other files' } }
  } catch (error) {
    if (error instanceof BadBackup) return { problem: { reason: error.reason, detail: error.message } }
    if (error instanceof NotJudged) return {}
    throw error
  }
}

/** Told before anything that is wrong with it: nobody here can use it, however whole it is. */
function otherEngine(kind: RestorePoint['kind'], entry: DatabaseEntry): Problem | undefined {
  const engine = kind.startsWith('pg') ? 'postgres' : kind.startsWith('mongo') ? 'mongodb' : undefined
  if (engine === undefined || engine === entry.engine) return undefined
  return { reason: 'other_engine', detail: `it is a backup of ${engine === 'postgres' ? 'PostgreSQL' : 'MongoDB'}` }
}

/** Good perhaps, but not for this database of the catalog. */
function unfit(
  kind: RestorePoint['kind'],
  { database: one, databases }: BackupHeader,
  entry: DatabaseEntry,
  database: string | undefined,
): Problem | undefined {
  if (kind === 'pg-plain' && entry.backups?.plainSql !== true)
    return { reason: 'plain_not_allowed', detail: 'plain SQL is read only where the catalog says plainSql: true' }
  const names = [database, ...(entry.backups?.dumpedAs ?? [])]
  const dumped = databases ?? (one === undefined ? [] : [one])
  if (dumped.length > 0 && database !== undefined && !dumped.some((name) => names.includes(name)))
    return {
      reason: 'other_database',
      detail: `it is a dump of the database ${dumped.slice(0, 4).map(quoted).join(', ')}`,
    }
  return undefined
}

const quoted = (name: string) => `"${shown(name, 40)}"`

function earlier(dumpedAt: string | undefined, modifiedAt: string): string {
  if (dumpedAt === undefined) return modifiedAt
  return Date.parse(dumpedAt) < Date.parse(modifiedAt) ? dumpedAt : modifiedAt
}
