import type { Block } from '../types.ts'
import type { Notes } from './contents.ts'
import type { MongoContents, MongoLiveFacts, MongoWarning } from './types.ts'

/** Data and indexes beside the live ones, and the journal of both; WiredTiger packs, others do not. */
const spaceFactor = 2

/** What stands between this backup and this server; pure. Everything is looked at, so that people learn all of it at once. */
export function preflightMongo(contents: MongoContents, live: MongoLiveFacts): readonly Block[] {
  const blocks: Block[] = []
  if (isNewer(contents.serverVersion, live.serverVersion, 2))
    blocks.push({
      reason: 'server_older',
      detail: `dumped from MongoDB ${contents.serverVersion}, the server is ${live.serverVersion}`,
    })
  if (isNewer(contents.dumpVersion, live.toolVersion, 1))
    blocks.push({
      reason: 'dump_tool_newer',
      detail: `dumped by mongodump ${contents.dumpVersion}, mongorestore is ${live.toolVersion}`,
    })
  const needed = mongoSpaceNeeded(contents)
  if (live.freeBytes !== undefined && live.freeBytes < needed)
    blocks.push({
      reason: 'disk_short',
      detail: `about ${mb(needed)} MB are needed, ${mb(live.freeBytes)} MB are free`,
    })
  return blocks
}

/** Bytes on the server's disk that a restore beside takes. */
function mongoSpaceNeeded({ dataBytes }: MongoContents): number {
  return Math.ceil(dataBytes * spaceFactor)
}

/** @param protectedBy what would have shown a changed byte */
export function warningsOf(
  contents: MongoContents,
  notes: Notes,
  live: MongoLiveFacts,
  protectedBy: { readonly sidecar: boolean; readonly data: boolean; readonly metadata: boolean },
): readonly MongoWarning[] {
  const warnings: MongoWarning[] = []
  const warn = (reason: MongoWarning['reason'], detail: string) => warnings.push({ reason, detail })
  if (!protectedBy.sidecar) warn('no_checksum', 'there is no .sha256 beside it')
  if (!protectedBy.sidecar && !protectedBy.data)
    warn('unprotected_data', 'a changed byte in a document would not be seen')
  if (!protectedBy.sidecar && !protectedBy.metadata)
    warn('unprotected_metadata', 'a changed byte in options, indexes or views would not be seen')
  if (contents.serverVersion === undefined || numbers(contents.serverVersion).length === 0)
    warn('server_unknown', 'it does not say of which version its server was')
  if (live.freeBytes === undefined) warn('disk_unknown', `about ${mb(mongoSpaceNeeded(contents))} MB are needed`)
  if (contents.oplog) warn('oplog_unused', 'writes that arrived during the dump are not replayed')
  const others = contents.databases.filter((name) => name !== contents.database)
  if (others.length > 0) warn('other_databases', some(others))
  if (contents.leftOut.length > 0) warn('left_out', some(contents.leftOut))
  if (notes.noMetadata.length > 0) warn('no_metadata', some(notes.noMetadata))
  if (notes.unknown.length > 0) warn('unknown_metadata', some(notes.unknown))
  if (notes.code.length > 0) warn('runs_code', some(notes.code))
  if (notes.oddTexts.length > 0) warn('odd_text', some(notes.oddTexts))
  return warnings
}

/** @param parts how many numbers of the versions count: 7.0 and 7.2 are two servers, 100.9 and 100.10 one tool */
function isNewer(one: string | undefined, other: string | undefined, parts: number): boolean {
  const [a, b] = [numbers(one), numbers(other)]
  if (a.length === 0 || b.length === 0) return false
  for (let index = 0; index < parts; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}

/** `r4.2.8-rc1` → 4, 2, 8 */
function numbers(version: string | undefined): readonly number[] {
  return (
    /^[rv]?(\d+(?:\.\d+)*)/
      .exec(version ?? '')?.[1]
      ?.split('.')
      .map(Number) ?? []
  )
}

function some(names: readonly string[]): string {
  return names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ')
}

function mb(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024)
}
