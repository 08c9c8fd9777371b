import type { Block, Contents, LiveFacts, Warning } from './types.ts'

/** A restore needs room for the data, their indexes and the log of both, with a margin: measured 1.84 x, plus 30 %. */
const spaceFactor = 2.4

/**
 * What stands between this backup and this server; pure. Everything is looked at, so that people learn all of it at once.
 * @param sizeBytes of the live database, when it is larger than what the backup suggests
 */
export function preflight(
  contents: Contents,
  live: LiveFacts,
): { blocks: readonly Block[]; warnings: readonly Warning[] } {
  const blocks: Block[] = []
  const block = (reason: Block['reason'], detail: string) => blocks.push({ reason, detail })
  const missing = (names: readonly string[], there: readonly string[]) => {
    const known = new Set(there)
    return names.filter((name) => !known.has(name))
  }
  const server = majorOf(live.serverVersion)
  const dumped = Number.parseInt(contents.serverVersion ?? '', 10)
  if (dumped > server)
    block('server_older', `dumped from PostgreSQL ${contents.serverVersion}, the server is ${server}`)
  const tool = Number.parseInt(contents.dumpVersion ?? '', 10)
  if (tool > server && tool >= 17)
    block(
      'dump_tool_newer',
      `dumped by pg_dump ${contents.dumpVersion}, whose settings PostgreSQL ${server} does not know`,
    )
  if (contents.encoding !== undefined && live.encoding !== undefined && !sameEncoding(contents.encoding, live.encoding))
    block('encoding_differs', `the backup is ${contents.encoding}, the live database ${live.encoding}`)
  const roles = missing(contents.roles, live.roles)
  if (roles.length > 0) block('roles_missing', some(roles))
  const extensions = missing(contents.extensions, live.extensions)
  if (extensions.length > 0) block('extensions_missing', some(extensions))
  const tablespaces = missing(contents.tablespaces, live.tablespaces)
  if (tablespaces.length > 0) block('tablespaces_missing', some(tablespaces))
  const needed = spaceNeeded(contents)
  if (live.freeBytes !== undefined && live.freeBytes < needed)
    block('disk_short', `about ${mb(needed)} MB are needed, ${mb(live.freeBytes)} MB are free`)
  if (live.preparedTransactions.length > 0) block('prepared_transactions', some(live.preparedTransactions))
  if (live.replication.length > 0) block('replication_active', some(live.replication))
  return { blocks, warnings: warningsOf(contents, live) }
}

/** Bytes on the server's disk that a restore beside takes. */
export function spaceNeeded(contents: Contents): number {
  return Math.ceil((contents.dataBytes + contents.largeObjects.bytes) * spaceFactor)
}

function warningsOf(contents: Contents, live: LiveFacts): Warning[] {
  const warnings: Warning[] = []
  if (live.freeBytes === undefined)
    warnings.push({ reason: 'disk_unknown', detail: `about ${mb(spaceNeeded(contents))} MB are needed` })
  if (live.inactiveSlots.length > 0) warnings.push({ reason: 'inactive_slots', detail: some(live.inactiveSlots) })
  const count = (kind: string) => contents.objects[kind] ?? 0
  if (count('SUBSCRIPTION') > 0)
    warnings.push({ reason: 'subscriptions', detail: `${count('SUBSCRIPTION')} are left out of a restore` })
  if (count('PUBLICATION') > 0)
    warnings.push({ reason: 'publications', detail: `${count('PUBLICATION')} are restored` })
  return warnings
}

/** `server_version_num` 150018 → 15 */
function majorOf(version: number): number {
  return Math.floor(version / 10_000)
}

function sameEncoding(one: string, other: string): boolean {
  const plain = (name: string) =>
    name
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .replace(/^unicode$/, 'utf8')
  return plain(one) === plain(other)
}

function some(names: readonly string[]): string {
  return names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ')
}

function mb(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024)
}
