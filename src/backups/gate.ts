import type { BackupsEntry } from '../catalog/schema.ts'
import { findTools } from '../services/postgres/tools.ts'
import { compareHashes, expectedHashes, type GateOptions, withinLimit } from './checked.ts'
import type { BackupDeps, OpenedPoint } from './deps.ts'
import { BadBackup } from './fault.ts'
import { type Reading, readBackup } from './judge.ts'
import { preflight } from './preflight.ts'
import type { Contents, LiveFacts, Verdict, Warning } from './types.ts'

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
  return withinLimit<Verdict>(opened, deps, options, async ({ signal, limitMs }) => {
    const sidecar = await expectedHashes(opened, backups, deps)
    const reading = await readBackup(opened, {
      tools: await findTools(Math.floor(live.serverVersion / 10_000)),
      timeZone: deps.timeZone ?? 'UTC',
      limitMs,
      signal,
      onHash: async (sha256, members) => compareHashes(opened, sidecar, sha256, members),
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
  })
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
