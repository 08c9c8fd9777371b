import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { ObjectId, serialize } from 'bson'
import type { BadCase } from './bad-files.ts'
import { blockOf, type MadeArchive, type MadeCollection, makeArchive } from './mongo-archive.ts'
import { documents, richCollections, view } from './mongo-documents.ts'
import { flipped, randomFrom } from './random.ts'

const file = (name: string, expect: readonly string[], bytes: () => Buffer): BadCase => ({
  name,
  expect,
  make: (folder, as) => writeFile(join(folder, as), bytes()),
})
const made = (name: string, expect: readonly string[], archive: MadeArchive): BadCase =>
  file(name, expect, () => makeArchive(archive))

const ships: MadeCollection = { db: 'porttrack', name: 'ships', documents: documents(20) }
const shipsOnly = (more: Partial<MadeCollection>): MadeArchive => ({ collections: [{ ...ships, ...more }] })
const whole = ['truncated', 'damaged', 'too_large'] as const

/** Cut and changed copies of a real archive, packed and not. Its first document to its last byte is covered by sums. */
export function damagedArchives(original: Buffer, seed: number): BadCase[] {
  const random = randomFrom(seed)
  const start = dataStart(original)
  const data = () => start + random(original.length - start)
  const forms = { gzip: gzipSync(original), zstd: zstdCompressSync(original, { params: { 201: 1 } }) }
  return [
    ...Array.from({ length: 20 }, (_, n) => {
      const at = n < 4 ? original.length - 1 - n : 5 + random(original.length - 6)
      return file(`cut at ${at}`, [...whole], () => original.subarray(0, at))
    }),
    ...Array.from({ length: 40 }, () => {
      const [at, bit] = [data(), random(8)]
      return file(`bit ${bit} of byte ${at}`, [...whole, 'member_missing'], () => flipped(original, at, bit))
    }),
    ...Array.from({ length: 5 }, () => {
      const [at, size] = [data(), 1 + random(400)]
      return file(`${size} bytes gone at ${at}`, [...whole], () =>
        Buffer.concat([original.subarray(0, at), original.subarray(at + size)]),
      )
    }),
    ...Array.from({ length: 5 }, () => {
      const at = data()
      return file(`zeros at ${at}`, [...whole], () => Buffer.from(original).fill(0, at, at + 64))
    }),
    ...Object.entries(forms).flatMap(([form, bytes]) =>
      Array.from({ length: 5 }, (_, n) => {
        const at = 20 + random(bytes.length - 30)
        return n < 2
          ? file(`${form} cut at ${at}`, [...whole, 'foreign', 'unreadable'], () => bytes.subarray(0, at))
          : file(`${form}: bit of byte ${at}`, [...whole, 'foreign'], () => flipped(bytes, at, random(8)))
      }),
    ),
    file('something after the end', [...whole], () => Buffer.concat([original, Buffer.from('hello, world')])),
    file('twice the same', [...whole], () => Buffer.concat([original, original])),
  ]
}

/** Where the prelude ends: nothing protects what lies before. */
export function dataStart(archive: Buffer): number {
  let at = 4
  for (let size = archive.readInt32LE(at); size !== -1; size = archive.readInt32LE(at)) at += size
  return at + 4
}

const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) })
const hugeClaim = () => {
  const bytes = makeArchive(shipsOnly({}))
  bytes.writeInt32LE(0x7fffffff, dataStart(bytes))
  return bytes
}

export const hostileArchives: readonly BadCase[] = [
  made('nested too deep', ['damaged'], shipsOnly({ documents: [serialize({ _id: 1, a: nested(300) })] })),
  made('no _id', ['damaged'], shipsOnly({ documents: [serialize({ a: 1 })] })),
  made('a second _id', ['damaged'], shipsOnly({ documents: [twoIds()] })),
  made('an array as _id', ['damaged'], shipsOnly({ documents: [serialize({ _id: [1] })] })),
  made(
    'a document of 16 MB and more',
    ['too_large'],
    shipsOnly({ documents: [serialize({ _id: 1, b: Buffer.alloc(16 * 1024 * 1024) })] }),
  ),
  file('a length of 2 GB', ['too_large'], hugeClaim),
  made('a collection without end', ['truncated'], {
    collections: [ships, { ...ships, name: 'b' }],
    withoutEnd: ['ships'],
  }),
  made('documents that nothing announces', ['damaged'], {
    collections: [ships, { ...ships, name: 'b' }],
    unannounced: ['b'],
  }),
  file('documents after the end of their collection', ['damaged'], () =>
    Buffer.concat([makeArchive(shipsOnly({})), blockOf(ships, Buffer.concat(documents(1)))]),
  ),
  file('documents in the block of an end', ['damaged'], () => {
    const bytes = makeArchive(shipsOnly({}))
    return Buffer.concat([bytes.subarray(0, -4), ...documents(1), bytes.subarray(-4)])
  }),
  file('a sum before the end', ['damaged'], () => {
    const bytes = makeArchive(shipsOnly({}))
    const start = dataStart(bytes)
    return flipped(bytes, start + bytes.readInt32LE(start) - 4, 0)
  }),
  file('a block without head', ['damaged'], () => Buffer.concat([makeArchive(shipsOnly({})), Buffer.alloc(4, 0xff)])),
  made('the same collection twice', ['damaged'], { collections: [ships, ships] }),
  made('more open at a time than announced', ['damaged'], {
    head: { concurrent_collections: 2 },
    collections: richCollections(),
    perBlock: 2,
    interleaved: true,
  }),
  made('a million workers', ['damaged'], { ...shipsOnly({}), head: { concurrent_collections: 1_000_000 } }),
  made('no workers', ['damaged'], { ...shipsOnly({}), head: { concurrent_collections: 0 } }),
  made('a form of tomorrow', ['tool_older'], { ...shipsOnly({}), head: { version: '9.9', tool_version: '200.1.0' } }),
  made('a server of tomorrow', ['server_older'], { ...shipsOnly({}), head: { server_version: '12.0.0' } }),
  made('a tool of tomorrow', ['tool_older'], { ...shipsOnly({}), head: { tool_version: '101.0.0' } }),
  ...['system.views', 'system.users', 'a$b', '$cmd', '.a', 'a.', 'a..b', 'x'.repeat(250)].map((name) =>
    made(`a collection called ${name.slice(0, 20)}`, ['name_not_allowed'], {
      collections: [ships, { ...ships, name }],
    }),
  ),
  made('a name with a zero', ['name_not_allowed'], { collections: [ships, { ...ships, name: 'a\0b' }] }),
  made('a database called a/b', ['name_not_allowed'], { collections: [ships, { ...ships, db: '../x' }] }),
  ...[
    [{ $out: 'ships' }],
    [{ $merge: { into: 'ships' } }],
    [{ $facet: { a: [{ $out: { db: 'admin', coll: 'x' } }] } }],
    [{ $lookup: { from: { db: 'admin', coll: 'system.users' }, as: 'u' } }],
    [{ $unionWith: { coll: 'a', db: 'admin' } }],
  ].map((pipeline) =>
    made(`a view with ${JSON.stringify(pipeline)}`, ['hostile_view'], { collections: [ships, view('v', pipeline)] }),
  ),
  made('views in a circle', ['hostile_view'], {
    collections: [ships, view('a', [], { viewOn: 'b' }), view('b', [], { viewOn: 'a' })],
  }),
  made('a view whose pipeline is none', ['damaged'], { collections: [ships, view('v', 'x')] }),
  made('a view with documents', ['damaged'], { collections: [ships, { ...view('v', []), documents: documents(1) }] }),
  made('views as collections', ['form_unsupported'], { collections: [ships, { ...view('v', []), options: {} }] }),
  made('encrypted', ['form_unsupported'], shipsOnly({ options: { encryptedFields: { fields: [] } } })),
  made('a time series that is none', ['damaged'], {
    collections: [ships, { ...ships, name: 't', type: 'timeseries' }],
  }),
  ...[
    ['cut', '{"options":{"capped":'],
    ['a name twice', '{"options":{},"options":{"viewOn":"x"},"indexes":[]}'],
    ['more after the end', '{"indexes":[]}{}'],
    ['a list', '[]'],
    ['no index list', '{"indexes":{}}'],
    ['an index without name', '{"indexes":[{"key":{"a":1}}]}'],
    ['an index without key', '{"indexes":[{"name":"a","key":{}}]}'],
    ['two indexes of a name', '{"indexes":[{"name":"a","key":{"a":1}},{"name":"a","key":{"b":1}}]}'],
    ['a number that is none', '{"options":{"size":{"$numberInt":"x"}},"indexes":[]}'],
    ['a uuid that is none', '{"indexes":[],"uuid":"1"}'],
    ['of another collection', '{"indexes":[],"collectionName":"crews"}'],
    ['nested without end', `{"options":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`],
  ].map(([name, metadata]) => made(`metadata: ${name}`, ['damaged'], shipsOnly({ metadata: metadata ?? '' }))),
  made(
    'indexes of another database',
    ['other_database'],
    shipsOnly({ metadata: '{"indexes":[{"name":"_id_","key":{"_id":1},"ns":"billing.ships"}]}' }),
  ),
  made('documents without metadata', ['member_missing'], shipsOnly({ metadata: '' })),
  made('another database', ['other_database'], shipsOnly({ db: 'billing' })),
  made('only the server itself', ['no_collections'], shipsOnly({ db: 'admin' })),
  made('views only', ['no_collections'], { collections: [view('v', [])] }),
  made('nothing at all', ['no_collections'], { collections: [] }),
  file('empty', ['empty'], () => Buffer.alloc(0)),
  file('plain text', ['foreign'], () => Buffer.from('Backups: every night at 02:00\n')),
  file('a renamed dump of PostgreSQL', ['other_engine'], () => Buffer.from('PGDMP\x01\x0e\x00\x04\x08\x01')),
  file('a lone BSON file', ['foreign'], () => Buffer.concat(documents(3))),
  file('magic alone', [...whole], () => Buffer.from([0x6d, 0xe2, 0x99, 0x81])),
  file('wrapped twice', ['foreign'], () => gzipSync(gzipSync(makeArchive(shipsOnly({}))))),
  { name: 'a link', expect: ['not_a_regular_file'], make: (folder, as) => symlink('/etc/passwd', join(folder, as)) },
  {
    name: 'a wrong sidecar',
    expect: ['checksum_mismatch'],
    async make(folder, as) {
      await writeFile(join(folder, as), makeArchive(shipsOnly({})))
      await writeFile(join(folder, `${as}.sha256`), `${'0'.repeat(64)}  ${as}\n`)
    },
  },
]

function twoIds(): Buffer {
  const one = Buffer.from(serialize({ _id: new ObjectId(), xid: 1 }))
  one.write('_id', one.indexOf('xid'), 'latin1')
  return one
}

/** It fills a disk before it is known: a gigabyte is written for it. */
export const bombs: readonly BadCase[] = [
  file('a bomb', ['too_large'], () =>
    gzipSync(Buffer.concat([makeArchive(shipsOnly({})), Buffer.alloc(1100 * 1024 * 1024)]), { level: 1 }),
  ),
]
