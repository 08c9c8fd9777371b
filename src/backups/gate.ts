import type { BackupsEntry } from '../catalog/schema.ts'
import { findTools } from '../services/postgres/tools.ts'
import type { BackupDeps, OpenedPoint } from './deps.ts'
import { BadBackup, NotJudged } from './fault.ts'
import { type Reading, readBackup } from './judge.ts'
import { placeNamed } from './places/place.ts'
import { preflight } from './preflight.ts'
import { hashFor, readSidecar } from './sidecar.ts'
import type { Contents, LiveFacts, Verdict, Warning } from './types.ts'

export type GateOptions = {
  /** Of the whole reading; by size unless told: two minutes, and a second more for each MB. */
  readonly limitMs?: number
}

/** What a timer can hold. */
const longestMs = 2 ** 31 - 1

/**
 * Judges an opened point whole, touching no server: structure, statements, every byte, checksum, and what the live server
 * must have. Expected findings are verdicts; only the unexpected is thrown.
 */
export async function gate(
  opened: OpenedPoint,
  backups: BackupsEntry,
  live: LiveFacts,
  deps: BackupDeps,
  options: GateOptions = {},
): Promise<Verdict> {
  const started = Date.now()
  const limitMs = options.limitMs ?? Math.min(longestMs, 120_000 + Math.ceil(opened.point.sizeBytes / 1_000))
  const limit = AbortSignal.timeout(limitMs)
  const signal = deps.signal === undefined ? limit : AbortSignal.any([deps.signal, limit])
  try {
    const sidecar = await expectedHashes(opened, backups, deps)
    if (sidecar === undefined && backups.checksum === 'required')
      throw new BadBackup('checksum_missing', `there is no ${opened.point.name}.sha256, which the catalog requires`)
    const reading = await readBackup(opened, {
      tools: await findTools(Math.floor(live.serverVersion / 10_000)),
      timeZone: deps.timeZone ?? 'UTC',
      limitMs,
      signal,
      onHash: async (sha256, members) => compare(opened, sidecar, sha256, members),
    })
    if (!(await opened.unchanged())) throw new BadBackup('changed_while_read', 'it changed while it was read')
    checkContents(reading.contents, backups, live)
    const { blocks, warnings } = preflight(reading.contents, live)
    const { contents, sha256 } = reading
    if (blocks.length > 0) return { kind: 'blocked', blocks, contents, sha256 }
    const all = [...warnings, ...ownWarnings(opened, reading, sidecar !== undefined, live)]
    const tookMs = Date.now() - started
    return {
      kind: 'good',
      contents,
      sha256,
      sidecar: sidecar === undefined ? 'absent' : 'matches',
      warnings: all,
      tookMs,
    }
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

async function expectedHashes(
  opened: OpenedPoint,
  backups: BackupsEntry,
  deps: BackupDeps,
): Promise<ReadonlyMap<string, string> | undefined> {
  const place = placeNamed(backups, opened.point.place, deps)
  const stored = await place.find(opened.point.name)
  const text = stored === undefined ? undefined : await place.sidecar(stored)
  return text === undefined ? undefined : readSidecar(text)
}

function compare(
  opened: OpenedPoint,
  sidecar: ReadonlyMap<string, string> | undefined,
  sha256: string,
  members: ReadonlyMap<string, string> | undefined,
): void {
  if (sidecar === undefined) return
  const wrong = (name: string): never => {
    throw new BadBackup('checksum_mismatch', `${name} is not what its .sha256 says`)
  }
  if (members === undefined) {
    if (hashFor(sidecar, opened.point.name) !== sha256) wrong(opened.point.name)
    return
  }
  for (const [name, found] of members) {
    if (name === 'SHA256SUMS') continue
    if (sidecar.get(name) !== found) wrong(name)
  }
}

/** @throws BadBackup `no_tables`, `other_database` */
function checkContents(contents: Contents, backups: BackupsEntry, live: LiveFacts): void {
  if (contents.tables.length === 0) throw new BadBackup('no_tables', 'it holds no data of any table')
  if (contents.kind !== 'pg-plain' && (contents.objects['TABLE'] ?? 0) === 0)
    throw new BadBackup('no_tables', 'it holds data but no tables: made with --data-only')
  const names = [live.database, ...backups.dumpedAs]
  if (contents.database !== undefined && !names.includes(contents.database))
    throw new BadBackup('other_database', `it is a dump of the database "${contents.database}"`)
  if (contents.database === undefined && live.tables !== undefined && live.tables.length > 0) {
    const own = new Set(live.tables)
    if (!contents.tables.some((table) => own.has(`${table.schema}.${table.name}`)))
      throw new BadBackup('other_database', 'it has no table that the live database has')
  }
}

function ownWarnings(
  opened: OpenedPoint,
  { contents, runs }: Reading,
  hasSidecar: boolean,
  live: LiveFacts,
): Warning[] {
  const warnings: Warning[] = []
  if (contents.database === undefined && live.tables === undefined)
    warnings.push({ reason: 'database_unknown', detail: 'plain SQL does not say of which database it is' })
  if (runs.length > 0) warnings.push({ reason: 'runs_code', detail: runs.slice(0, 8).join(', ') })
  if (hasSidecar) return warnings
  warnings.push({ reason: 'no_checksum', detail: 'there is no .sha256 beside it' })
  if (!opened.point.sums)
    warnings.push({
      reason: 'unprotected_data',
      detail: 'without sums of its own: a changed byte in the rows would not be seen',
    })
  return warnings
}

function isSystem(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)
}
