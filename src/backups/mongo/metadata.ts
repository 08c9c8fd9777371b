import {
  type CanonicalDocument,
  type CanonicalValue,
  readCanonical,
  writeCanonical,
} from '../../services/mongodb/canonical.ts'
import { BadBackup, shown } from '../fault.ts'
import { knownIndexOptions, knownMetadata, knownOptions, strangeIndexKey } from './known.ts'
import type { MongoIndex, MongoView } from './types.ts'
import { checkPipeline, codeIn } from './view.ts'

/** What mongodump wrote of one collection beside its documents. */
export type Metadata = {
  readonly type: 'collection' | 'view' | 'timeseries'
  /** Tools before 100.0 did not write it. */
  readonly collectionName: string | undefined
  readonly uuid: string | undefined
  readonly options: string
  readonly indexes: readonly MongoIndex[]
  readonly view: Omit<MongoView, 'name'> | undefined
  /** Databases that indexes name, as servers before 4.4 had them written. */
  readonly databases: ReadonlySet<string>
  /** Words that this program does not know. */
  readonly unknown: readonly string[]
  /** Words that run JavaScript on the server. */
  readonly code: readonly string[]
}

export const longestMetadata = 16 * 1024 * 1024

/**
 * @param text Extended JSON, as in `metadata.json` and in an archive's prelude
 * @throws BadBackup `damaged`, `hostile_view`, `form_unsupported`
 */
export function readMetadata(text: string, collection: string): Metadata {
  const where = `the metadata of ${shown(collection, 60)}`
  const all = parsed(text, where)
  const options = document(all.get('options') ?? new Map(), `options in ${where}`)
  if (options.has('encryptedFields'))
    throw new BadBackup('form_unsupported', `${shown(collection, 60)} is encrypted: mongodump cannot dump it`)
  const listed = all.get('indexes') ?? []
  if (!Array.isArray(listed)) throw new BadBackup('damaged', `${where} has no list of indexes`)
  const indexes = listed.map((each) => document(each, `an index in ${where}`))
  const type = typeOf(all, options, collection)
  return {
    type,
    collectionName: textOf(all, 'collectionName', where),
    uuid: uuidOf(all, where),
    options: writeCanonical(options),
    indexes: indexOf(indexes, where),
    view: type === 'view' ? viewOf(options, collection) : undefined,
    databases: new Set(indexes.flatMap((index) => databaseOf(index, where))),
    unknown: [
      ...strangers(all, knownMetadata),
      ...strangers(options, knownOptions),
      ...indexes.flatMap((index) => strangers(index, knownIndexOptions)),
      ...indexes.flatMap((index) => strangeIndexKey(document(index.get('key') ?? new Map(), where))),
    ],
    code: [...codeIn(options), ...indexes.flatMap(codeIn)],
  }
}

function parsed(text: string, where: string): CanonicalDocument {
  try {
    return readCanonical(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new BadBackup('damaged', `${where} cannot be read: ${error.message}`)
  }
}

function document(value: CanonicalValue, what: string): CanonicalDocument {
  if (value instanceof Map) return value
  throw new BadBackup('damaged', `${what} is no document`)
}

function textOf(from: CanonicalDocument, field: string, where: string): string | undefined {
  const value = from.get(field)
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string') return value
  throw new BadBackup('damaged', `${field} in ${where} is no text`)
}

function uuidOf(all: CanonicalDocument, where: string): string | undefined {
  const uuid = textOf(all, 'uuid', where)
  if (uuid !== undefined && !/^[0-9a-f]{32}$/i.test(uuid))
    throw new BadBackup('damaged', `the uuid in ${where} is none`)
  return uuid?.toLowerCase()
}

function typeOf(all: CanonicalDocument, options: CanonicalDocument, collection: string): Metadata['type'] {
  const said = textOf(all, 'type', `the metadata of ${shown(collection, 60)}`) ?? 'collection'
  const is = options.has('viewOn') ? 'view' : options.has('timeseries') ? 'timeseries' : 'collection'
  if (said === 'view' && is === 'collection')
    throw new BadBackup('form_unsupported', `${shown(collection, 60)} was dumped with --viewsAsCollections`)
  // Before 4.4 the type was not written.
  if (said !== is && said !== 'collection')
    throw new BadBackup('damaged', `${shown(collection, 60)} calls itself ${shown(said, 20)} and is a ${is}`)
  return is
}

/** Names once, fields in each; `_id_` has its own form. */
function indexOf(indexes: readonly CanonicalDocument[], where: string): MongoIndex[] {
  const names = new Set<string>()
  return indexes.map((index) => {
    const name = textOf(index, 'name', where)
    const key = document(index.get('key') ?? new Map(), `the key of an index in ${where}`)
    if (name === undefined || key.size === 0) throw new BadBackup('damaged', `an index without name or key in ${where}`)
    if (names.has(name)) throw new BadBackup('damaged', `two indexes called ${shown(name, 40)} in ${where}`)
    names.add(name)
    const spec = new Map([...index].filter(([field]) => field !== 'ns'))
    return { name, key: writeCanonical(key), spec: writeCanonical(spec) }
  })
}

/** `porttrack.ships` → porttrack */
function databaseOf(index: CanonicalDocument, where: string): string[] {
  const namespace = textOf(index, 'ns', where)
  return namespace === undefined ? [] : [namespace.slice(0, Math.max(0, namespace.indexOf('.')))]
}

function viewOf(options: CanonicalDocument, collection: string): Omit<MongoView, 'name'> {
  const viewOn = textOf(options, 'viewOn', `the view ${shown(collection, 60)}`)
  if (viewOn === undefined) throw new BadBackup('damaged', `the view ${shown(collection, 60)} is on nothing`)
  const pipeline = options.get('pipeline') ?? []
  checkPipeline(pipeline, collection)
  const collation = options.get('collation')
  return {
    viewOn,
    pipeline: writeCanonical(pipeline),
    collation: collation === undefined ? undefined : writeCanonical(collation),
  }
}

function strangers(from: CanonicalDocument, known: ReadonlySet<string>): string[] {
  return [...from.keys()].filter((field) => !known.has(field))
}
