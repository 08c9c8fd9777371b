import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { BadBackup, shown } from '../fault.ts'
import { listMembers, type Member } from '../files.ts'
import { hashFile } from '../hash.ts'
import { cutFrames } from './frames.ts'
import { checkLongName, type Found, sortMembers } from './members.ts'
import { longestMetadata, readMetadata } from './metadata.ts'
import type { NamespaceRead } from './namespaces.ts'
import { isRegular, passFile, passText } from './pass.ts'
import { startTally } from './tally.ts'
import { readVersions, type Versions } from './versions.ts'

export type DirectoryRead = Versions & {
  readonly namespaces: readonly NamespaceRead[]
  /** Over `NAME SIZE SHA256` lines. */
  readonly sha256: string
  /** Of every file. */
  readonly each: ReadonlyMap<string, string>
  readonly gzip: boolean
  readonly oplog: boolean
}

export type DirectoryReading = {
  readonly folder: string
  readonly database: string
  readonly signal: AbortSignal
  onBytes(bytes: number): void
}

type Open = DirectoryReading & { readonly each: Map<string, string> }

/** What grows more than two hundred times is made to fill a disk. */
const believable = (stored: number) => Math.max(1024 ** 3, 200 * stored)

/**
 * Reads a folder that mongodump wrote for one database: every file once, its hash on the way.
 * @throws BadBackup; AbortError when stopped
 */
export async function readDirectory(reading: DirectoryReading): Promise<DirectoryRead> {
  const members = await listMembers(reading.folder)
  const { collections, gzip, prelude } = sortMembers(members)
  const open: Open = { ...reading, each: new Map() }
  const namespaces: NamespaceRead[] = []
  for (const found of collections) namespaces.push(await readCollection(found, open))
  const beside = dirname(reading.folder)
  const versions = readVersions(
    prelude === undefined ? await textBeside(beside, 'prelude.json', open) : await textOf(prelude, open),
  )
  for (const { name } of members)
    if (!open.each.has(name)) open.each.set(name, await hashFile(join(reading.folder, name), reading.signal))
  const oplog = (await isRegular(join(beside, 'oplog.bson'))) || (await isRegular(join(beside, 'oplog.bson.gz')))
  return { namespaces, sha256: sumOf(members, open.each), each: open.each, gzip, oplog, ...versions }
}

async function readCollection(found: Found, open: Open): Promise<NamespaceRead> {
  const { documents, metadata } = found
  const text = metadata === undefined ? undefined : await textOf(metadata, open)
  const name = found.cut ? checkLongName(found.name, text && readMetadata(text, found.name).collectionName) : found.name
  const tally = startTally(`${open.database}.${name}`, { ids: true })
  if (documents !== undefined) await readDocuments(documents, tally.add, open)
  return {
    database: open.database,
    name,
    type: found.timeSeries ? 'timeseries' : undefined,
    hasDocuments: documents !== undefined,
    metadata: text,
    sum: tally.sum(),
    newestId: tally.newestId(),
    oddTexts: tally.oddTexts(),
    file: documents?.name,
  }
}

async function readDocuments(
  { name, size }: Member,
  add: ReturnType<typeof startTally>['add'],
  { folder, signal, each, onBytes }: Open,
): Promise<void> {
  const frames = cutFrames({
    document: add,
    terminator(position) {
      throw new BadBackup('damaged', `no document at byte ${position} of ${shown(name, 60)}`)
    },
  })
  const path = join(folder, name)
  each.set(name, await passFile({ path, name, size, most: believable(size), signal, onChunk: frames.push }))
  frames.end()
  onBytes(size)
}

async function textOf({ name, size }: Member, { folder, signal, each }: Open): Promise<string> {
  const { text, sha256 } = await passText({ path: join(folder, name), name, size, most: longestMetadata, signal })
  each.set(name, sha256)
  return text
}

/** Of a whole server's dump the versions lie one folder higher. */
async function textBeside(folder: string, name: string, { signal }: Open): Promise<string | undefined> {
  const path = join(folder, name)
  if (!(await isRegular(path))) return undefined
  return (await passText({ path, name, size: 0, most: longestMetadata, signal })).text
}

function sumOf(members: readonly Member[], each: ReadonlyMap<string, string>): string {
  const whole = createHash('sha256')
  for (const { name, size } of members) whole.update(`${name} ${size} ${each.get(name)}\n`)
  return whole.digest('hex')
}
