import type { CanonicalDocument } from '../../services/mongodb/canonical.ts'

/** Words of the manual of MongoDB 8: `create`, `createIndexes`, and what older servers wrote. Others are told, not refused. */
export const knownMetadata: ReadonlySet<string> = new Set(['options', 'indexes', 'uuid', 'collectionName', 'type'])

export const knownOptions: ReadonlySet<string> = new Set([
  'capped',
  'size',
  'max',
  'validator',
  'validationLevel',
  'validationAction',
  'collation',
  'viewOn',
  'pipeline',
  'timeseries',
  'expireAfterSeconds',
  'clusteredIndex',
  'changeStreamPreAndPostImages',
  'recordPreImages',
  'storageEngine',
  'indexOptionDefaults',
  'idIndex',
  'autoIndexId',
  'flags',
  'uuid',
  'create',
  'temp',
])

export const knownIndexOptions: ReadonlySet<string> = new Set([
  'v',
  'key',
  'name',
  'ns',
  'unique',
  'sparse',
  'background',
  'dropDups',
  'hidden',
  'clustered',
  'prepareUnique',
  'expireAfterSeconds',
  'partialFilterExpression',
  'collation',
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
  '2dsphereIndexVersion',
  'bits',
  'min',
  'max',
  'bucketSize',
  'wildcardProjection',
  'columnstoreProjection',
  'storageEngine',
  'originalSpec',
])

const indexKinds: ReadonlySet<unknown> = new Set(['text', '2d', '2dsphere', 'hashed', 'geoHaystack', 'columnstore'])

/** Fields of an index that are neither a direction nor a kind that is known. */
export function strangeIndexKey(key: CanonicalDocument): string[] {
  return [...key].filter(([, value]) => typeof value !== 'object' && !indexKinds.has(value)).map(([field]) => field)
}
