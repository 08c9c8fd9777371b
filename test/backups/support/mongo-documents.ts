import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson'
import type { MadeCollection } from './mongo-archive.ts'
import { idIndex } from './mongo-archive.ts'

/** Every type that a server of today stores, and some that only old ones did. */
export function ofEveryType(n: number): Uint8Array {
  return serialize({
    _id: new ObjectId((1_700_000_000 + n).toString(16).padEnd(24, '0')),
    double: new Double(-n / 7),
    text: `ría ${n} \u{1f6a2}`,
    inner: { list: [new Int32(n), [new Long(n)], {}] },
    bytes: new Binary(Buffer.alloc(n % 20, 7)),
    old: new Binary(Buffer.concat([Buffer.from([3, 0, 0, 0]), Buffer.alloc(3)]), 2),
    yes: true,
    at: new Date(1_700_000_000_000),
    nothing: null,
    pattern: new BSONRegExp('^a', 'i'),
    code: new Code('f()', { a: 1 }),
    stamp: new Timestamp({ t: 1, i: 2 }),
    exact: Decimal128.fromString('12.50'),
    least: new MinKey(),
    most: new MaxKey(),
  })
}

export const documents = (count: number): Uint8Array[] => Array.from({ length: count }, (_, n) => ofEveryType(n))

const collection = (name: string, more: Partial<MadeCollection> = {}): MadeCollection => ({
  db: 'porttrack',
  name,
  documents: documents(20),
  ...more,
})

export const view = (name: string, pipeline: unknown, more: Record<string, unknown> = {}): MadeCollection =>
  collection(name, { type: 'view', options: { viewOn: 'ships', pipeline, ...more }, documents: [] })

/** A database with all that metadata can tell, as a server of MongoDB 7 has it and the wire server of the tests has not. */
export function richCollections(): readonly MadeCollection[] {
  const bucket = serialize({
    _id: new ObjectId('6553f100aaaaaaaaaaaaaaaa'),
    control: { version: 1 },
    meta: 'a',
    data: {},
  })
  return [
    collection('ships', {
      options: { validator: { $jsonSchema: { required: ['text'] } }, validationLevel: 'moderate' },
      indexes: [
        idIndex,
        {
          v: 2,
          key: { text: 'text' },
          name: 't',
          weights: { text: 1 },
          default_language: 'spanish',
          textIndexVersion: 3,
        },
        { v: 2, key: { place: '2dsphere' }, name: 'p', '2dsphereIndexVersion': 3 },
        { v: 2, key: { double: 'hashed' }, name: 'h' },
        { v: 2, key: { '$**': 1 }, name: 'w', wildcardProjection: { inner: 1 } },
        { v: 2, key: { at: 1 }, name: 'ttl', expireAfterSeconds: 3600 },
        {
          v: 2,
          key: { yes: 1, double: -1 },
          name: 'part',
          unique: true,
          partialFilterExpression: { yes: { $eq: true } },
        },
      ],
    }),
    collection('words', { options: { collation: { locale: 'es', strength: 2 } } }),
    collection('latest', { options: { capped: true, size: 4096, max: 20 } }),
    collection('grouped', { options: { clusteredIndex: { v: 2, key: { _id: 1 }, name: '_id_', unique: true } } }),
    collection('nothing', { documents: [] }),
    collection('speeds', {
      type: 'timeseries',
      options: { timeseries: { timeField: 'at', metaField: 'ship' } },
      documents: [bucket],
    }),
    view('arrivals', [{ $match: { yes: true } }, { $lookup: { from: 'words', as: 'w', pipeline: [] } }]),
    view('sorted', [{ $sort: { at: 1 } }], { viewOn: 'arrivals', collation: { locale: 'es' } }),
  ]
}
