import { newestArchive, type PostgresTools } from '../services/postgres/tools.ts'
import { runTool } from '../services/postgres/tools-run.ts'
import { walkBlocks } from './archive/blocks.ts'
import { checkEntry } from './archive/entries.ts'
import { countObjects, matchScript } from './archive/match.ts'
import { checkMembers, hashMembers } from './archive/members.ts'
import { readToc, type Toc } from './archive/toc.ts'
import type { OpenedPoint } from './deps.ts'
import { BadBackup, NotJudged, shown } from './fault.ts'
import { openRegular } from './files.ts'
import { hashFile, readRegular } from './hash.ts'
import { runningCode } from './sql/code.ts'
import { readScript, type Script } from './sql/script.ts'
import { nothingSeen, type Seen } from './sql/seen.ts'
import type { Contents } from './types.ts'

export type Reading = {
  readonly contents: Contents
  readonly sha256: string
  /** Functions that would run during the restore and build their statements only then. */
  readonly runs: readonly string[]
}

export type ReadOptions = {
  readonly tools: PostgresTools | undefined
  readonly timeZone: string
  readonly limitMs: number
  readonly signal: AbortSignal
  /** Told the SHA-256 as soon as it is known, before anything runs: throws where it is not the right one. */
  onHash(sha256: string, members: ReadonlyMap<string, string> | undefined): Promise<void>
}

/**
 * Reads a backup whole: its own structure first, by this program; then all of it through pg_restore, the program that would
 * restore it. Nothing is kept in memory but names and sums.
 * @throws BadBackup, NotJudged
 */
export async function readBackup(opened: OpenedPoint, options: ReadOptions): Promise<Reading> {
  if (opened.kind === 'pg-plain') return readPlain(opened, options)
  return opened.kind === 'pg-custom' ? readCustom(opened, options) : readDirectory(opened, options)
}

async function readCustom(opened: OpenedPoint, options: ReadOptions): Promise<Reading> {
  const seen = nothingSeen()
  const toc = await tocOf(opened.path, options, seen)
  if (toc.head.layout !== 'custom') throw new BadBackup('foreign', 'a table of contents without its data')
  const runs = checkCode(seen)
  const walk = walkBlocks(toc)
  const sha256 = await hashFile(opened.path, options.signal, walk.push)
  walk.end()
  const stored = opened.sha256 ?? sha256
  await options.onHash(stored, undefined)
  const script = await restoreToScript(opened.path, toc, options)
  return { contents: contentsOf(opened, toc, script, seen), sha256: stored, runs }
}

async function readDirectory(opened: OpenedPoint, options: ReadOptions): Promise<Reading> {
  const seen = nothingSeen()
  const toc = await tocOf(`${opened.path}/toc.dat`, options, seen)
  if (toc.head.layout === 'custom') throw new BadBackup('damaged', 'its toc.dat is an archive of another kind')
  const runs = checkCode(seen)
  const { sha256, each } = await hashMembers(opened.path, await checkMembers(opened.path, toc.entries), options.signal)
  await options.onHash(sha256, each)
  const script = await restoreToScript(opened.path, toc, options)
  return { contents: contentsOf(opened, toc, script, seen), sha256, runs }
}

async function tocOf(path: string, options: ReadOptions, seen: Seen): Promise<Toc> {
  const file = await openRegular(path)
  return readToc(file, options.timeZone, (entry) => checkEntry(entry, seen)).finally(() => file.close())
}

/** @throws BadBackup `hostile_statement` where a function that reaches out of the database would run by itself */
function checkCode(seen: Seen): readonly string[] {
  const { refuse, warn } = runningCode(seen.code)
  if (refuse !== undefined)
    throw new BadBackup(
      'hostile_statement',
      `the function ${shown(refuse, 40)} would run by itself and reach out of the database`,
    )
  return warn
}

async function readPlain(opened: OpenedPoint, options: ReadOptions): Promise<Reading> {
  const sha256 = opened.sha256 ?? (await hashFile(opened.path, options.signal))
  await options.onHash(sha256, undefined)
  const script = await readScript(readRegular(opened.path, options.signal))
  if (!script.complete) throw new BadBackup('truncated', "it does not end with pg_dump's last words")
  const { serverVersion, dumpVersion, dumpedAt } = opened.point
  const header = definedOnly({ serverVersion, dumpVersion, dumpedAt })
  return { contents: summary(opened, header, script, script.seen, {}), sha256, runs: checkCode(script.seen) }
}

/** The positive proof: pg_restore reads everything, ends with 0 and has nothing to complain of. */
async function restoreToScript(path: string, toc: Toc, options: ReadOptions): Promise<Script> {
  const { tools } = options
  if (tools === undefined) throw new NotJudged('tool_missing', 'pg_restore is not installed')
  if (toc.head.format > newestArchive(tools.major))
    throw new NotJudged(
      'tool_older',
      `pg_restore ${tools.version} cannot read archives of pg_dump ${toc.head.dumpVersion}`,
    )
  const read: { script?: Script; failed?: BadBackup } = {}
  const end = await runTool(`${tools.folder}/pg_restore`, ['-f', '-', path], options, async (output) => {
    try {
      read.script = await readScript(output)
    } catch (error) {
      // A script that breaks off may only be the echo of what pg_restore found; anything else ends it at once.
      if (!(error instanceof BadBackup) || error.reason !== 'truncated') throw error
      read.failed = error
    }
  })
  if (end.kind === 'stopped') throw new NotJudged('stopped', 'the reading was stopped')
  if (end.kind === 'time_limit') throw new NotJudged('time_limit', 'pg_restore was not done in time')
  // By the kernel for want of memory, or by a person: that tells nothing about the backup.
  if (end.code < 0 || end.code > 128) throw new NotJudged('tool_killed', 'pg_restore was killed while it read')
  if (end.code !== 0 || end.complaints !== '') throw new BadBackup('damaged', complaint(end.complaints, end.code))
  if (read.script === undefined) throw read.failed ?? new BadBackup('damaged', 'no output')
  if (!read.script.complete) throw new BadBackup('truncated', 'pg_restore ended without its last words')
  matchScript(toc.entries, read.script)
  return read.script
}

function complaint(said: string, code: number): string {
  const line = said.split('\n').find((one) => one.includes('error:')) ?? said.split('\n')[0] ?? ''
  return `pg_restore: ${shown(line.replace(/^pg_restore: (error: )?/, ''), 160) || `exit ${code}`}`
}

function contentsOf(opened: OpenedPoint, toc: Toc, script: Script, seen: Seen): Contents {
  const { compression, dumpedAt, database, serverVersion, dumpVersion } = toc.head
  const header = definedOnly({ compression, dumpedAt, database, serverVersion, dumpVersion })
  return summary(opened, header, script, seen, countObjects(toc.entries))
}

function summary(
  opened: OpenedPoint,
  header: Partial<Contents>,
  script: Script,
  seen: Seen,
  objects: Readonly<Record<string, number>>,
): Contents {
  const encoding = seen.encoding ?? script.seen.encoding
  return {
    ...header,
    kind: opened.kind,
    tables: script.tables,
    sequences: script.seen.sequences,
    largeObjects: script.largeObjects,
    dataBytes: script.tables.reduce((sum, table) => sum + table.bytes, 0),
    objects,
    ...(encoding === undefined ? {} : { encoding }),
    roles: [...seen.roles].sort(),
    extensions: [...seen.extensions].sort(),
    tablespaces: [...seen.tablespaces].filter((name) => name !== 'pg_default').sort(),
    utcOffsets: script.utcOffsets,
  }
}

function definedOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
