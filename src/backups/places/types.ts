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
