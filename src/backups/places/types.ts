import type { Readable } from 'node:stream'
import type { Problem } from '../types.ts'

/** Something in a place that may be a backup: a file, or a folder that belongs together. */
export type Stored = {
  readonly name: string
  readonly sizeBytes: number
  readonly modifiedAt: Date
  readonly identity: string
  /** Folder dumps: of pg_dump -Fd, or of mongodump. */
  readonly folder: 'pg' | 'mongo' | undefined
  /** Of a folder of mongodump: whether its files are packed with gzip. */
  readonly packed?: boolean
  /** Known without reading: it is a link, a pipe. */
  readonly problem?: Problem
}

/** A part of what is stored, as a stream. */
export type Part = { readonly name: string; readonly sizeBytes: number }

export type Place = {
  /** @throws NotJudged `place_away` */
  list(): Promise<readonly Stored[]>
  /** Only the one with this name. @throws NotJudged `place_away` */
  find(name: string): Promise<Stored | undefined>
  /** The first bytes of a file, or of the folder's toc.dat. */
  start(stored: Stored, bytes: number): Promise<Buffer>
  /** The text of NAME.sha256 beside it, or of SHA256SUMS in a folder. */
  sidecar(stored: Stored): Promise<string | undefined>
  /** Where it lies on this machine already; undefined: it must be brought. */
  path(stored: Stored): string | undefined
  parts(stored: Stored): Promise<readonly Part[]>
  /** The bytes of a file, or of a part of a folder. */
  read(stored: Stored, part?: string): Promise<Readable>
}

/** Names that accompany backups and are none. */
export function isCompanion(name: string): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1)
  return base.startsWith('.') || base.endsWith('.sha256') || base === 'SHA256SUMS'
}

const mongoFile = /\.(bson|metadata\.json)(\.gz)?$/
/** What mongodump writes beside the folders of its databases. */
const besideDatabases = /^(oplog\.bson|prelude\.json)(\.gz)?$/
const ofTheServer: ReadonlySet<string> = new Set(['admin', 'config', 'local'])

/** Whether files of these names lie in the folder of a database as mongodump writes it. */
export function isMongoFolder(names: readonly string[]): boolean {
  return names.some((name) => mongoFile.test(name) && !besideDatabases.test(name))
}

export function isMongoPacked(names: readonly string[]): boolean {
  return names.filter((name) => mongoFile.test(name)).every((name) => name.endsWith('.gz'))
}

/** In a dump of a whole server: what belongs to no application. @param folder whether it is a folder of mongodump */
export function isOfMongoServer(name: string, folder: boolean): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1)
  return folder ? ofTheServer.has(base) : besideDatabases.test(base)
}
