import { BadBackup, NotJudged, shown } from '../fault.ts'
import { readFlat, textIn } from './flat.ts'
import type { Span } from './frames.ts'
import { longestMetadata } from './metadata.ts'

/** What an archive says of itself: the first document. */
export type ArchiveHead = {
  readonly serverVersion: string
  readonly toolVersion: string
  /** How many collections are open at the same time at most. */
  readonly concurrentCollections: number
}

/** A collection that the prelude announces. */
export type Announced = {
  readonly database: string
  /** Of a time series, not of its buckets. */
  readonly collection: string
  /** Undefined: tools before 100 did not write it. */
  readonly type: 'collection' | 'view' | 'timeseries' | undefined
  /** Extended JSON; empty: none was written. */
  readonly metadata: string
}

/** 0x8199e26d, little endian. */
export const archiveMagic = 0x8199e26d
const knownFormat = '0.1'
/** mongorestore starts as many workers as the archive says. */
const mostConcurrent = 1_000
/** The tools are numbered apart from the server since 100.0. */
const knownTools = 100

/** @throws BadBackup `damaged`; NotJudged `tool_older` for a form newer than this program */
export function readHead(span: Span): ArchiveHead {
  const what = 'its first document'
  const fields = readFlat(span, what)
  const version = textIn(fields, 'version', what)
  const serverVersion = shown(textIn(fields, 'server_version', what), 40)
  const toolVersion = shown(textIn(fields, 'tool_version', what), 40)
  const concurrentCollections = fields.get('concurrent_collections')
  if (version !== knownFormat) throw newer(`its form ${shown(version, 20)} is not ${knownFormat}`)
  if (Number.parseInt(toolVersion, 10) > knownTools) throw newer(`mongodump ${toolVersion} is newer than this program`)
  if (typeof concurrentCollections !== 'number' || concurrentCollections < 1 || concurrentCollections > mostConcurrent)
    throw new BadBackup('damaged', `${what}: no number of collections at a time that can be`)
  return { serverVersion, toolVersion, concurrentCollections }
}

function newer(detail: string): NotJudged {
  return new NotJudged('tool_older', detail)
}

/** @throws BadBackup `damaged`, `too_large` */
export function readAnnounced(span: Span): Announced {
  const what = 'its list of collections'
  const fields = readFlat(span, what)
  const type = fields.get('type') ?? ''
  if (type !== '' && type !== 'collection' && type !== 'view' && type !== 'timeseries')
    throw new BadBackup('damaged', `${what}: a type that does not exist`)
  const metadata = textIn(fields, 'metadata', what)
  if (metadata.length > longestMetadata)
    throw new BadBackup('too_large', `${what}: metadata of ${metadata.length} bytes`)
  return {
    database: textIn(fields, 'db', what),
    collection: textIn(fields, 'collection', what),
    type: type === '' ? undefined : type,
    metadata,
  }
}
