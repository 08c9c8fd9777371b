import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { BackupsEntry } from '../../catalog/schema.ts'
import type { MongoKind, OpenedPoint } from '../deps.ts'
import { readRegular } from '../hash.ts'
import { isOplog, readArchive } from './archive.ts'
import { chooseDatabase, type Notes, partsOf } from './contents.ts'
import { readDirectory } from './directory.ts'
import type { MongoContents, MongoLiveFacts } from './types.ts'

export type MongoReading = {
  readonly contents: MongoContents
  readonly notes: Notes
  readonly sha256: string
  /** Of a folder's files. */
  readonly members: ReadonlyMap<string, string> | undefined
}

export type MongoReadOptions = {
  readonly live: MongoLiveFacts
  readonly backups: Pick<BackupsEntry, 'dumpedAs'>
  readonly signal: AbortSignal
  /** Bytes of the opened file or folder that went by since the last call. */
  onBytes(bytes: number): void
}

/**
 * Reads a backup of mongodump whole, in one pass, by this program alone. Nothing is kept but names, metadata and sums.
 * @throws BadBackup, NotJudged; AbortError when stopped
 */
export async function readMongo(opened: OpenedPoint<MongoKind>, options: MongoReadOptions): Promise<MongoReading> {
  return opened.kind === 'mongo-archive' ? readOneFile(opened, options) : readFolder(opened, options)
}

async function readOneFile(
  opened: OpenedPoint<MongoKind>,
  { live, backups, signal, onBytes }: MongoReadOptions,
): Promise<MongoReading> {
  const hash = opened.sha256 === undefined ? createHash('sha256') : undefined
  let database = ''
  const reader = readArchive((announced) => {
    const names = new Set(announced.filter((one) => !isOplog(one)).map((one) => one.database))
    database = chooseDatabase([...names], live, backups)
  })
  for await (const chunk of readRegular(opened.path, signal)) {
    hash?.update(chunk)
    reader.push(chunk)
    onBytes(chunk.length)
  }
  const { head, namespaces } = reader.end()
  const { notes, ...parts } = await partsOf(namespaces, database, signal)
  const contents: MongoContents = {
    kind: 'mongo-archive',
    database,
    databases: namesOf(namespaces),
    ...versions(head.serverVersion, head.toolVersion),
    ...parts,
    oplog: namespaces.some(isOplogOf),
    concurrentCollections: head.concurrentCollections,
    gzip: false,
  }
  return { contents, notes, sha256: opened.sha256 ?? hash?.digest('hex') ?? '', members: undefined }
}

async function readFolder(
  opened: OpenedPoint<MongoKind>,
  { live, backups, signal, onBytes }: MongoReadOptions,
): Promise<MongoReading> {
  const database = chooseDatabase([basename(opened.point.name)], live, backups)
  const found = await readDirectory({ folder: opened.path, database, signal, onBytes })
  const { notes, ...parts } = await partsOf(found.namespaces, database, signal)
  const contents: MongoContents = {
    kind: 'mongo-directory',
    database,
    databases: [database],
    ...versions(found.serverVersion, found.toolVersion),
    ...parts,
    oplog: found.oplog,
    concurrentCollections: undefined,
    gzip: found.gzip,
  }
  return { contents, notes, sha256: found.sha256, members: found.each }
}

function isOplogOf({ database, name }: { readonly database: string; readonly name: string }): boolean {
  return isOplog({ database, collection: name })
}

function namesOf(namespaces: readonly { readonly database: string }[]): readonly string[] {
  return [...new Set(namespaces.map(({ database }) => database))].filter((name) => name !== '').sort()
}

function versions(
  serverVersion: string | undefined,
  dumpVersion: string | undefined,
): Pick<MongoContents, 'serverVersion' | 'dumpVersion'> {
  return {
    ...(serverVersion === undefined ? {} : { serverVersion }),
    ...(dumpVersion === undefined ? {} : { dumpVersion }),
  }
}
