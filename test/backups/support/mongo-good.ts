import { cp, mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { serialize } from 'bson'
import { sha256 } from './good-forms.ts'
import { type MadeArchive, makeArchive } from './mongo-archive.ts'
import { documents, richCollections, view } from './mongo-documents.ts'
import { writeDirectory } from './mongo-folders.ts'
import type { MongoWorld } from './mongo-world.ts'

export type GoodMongo = {
  readonly what: string
  /** In the place. */
  readonly name: string
  /** `server`: the documents must be those that the server itself holds. */
  readonly of: 'server' | 'generator'
  readonly warns?: readonly string[]
  make(world: MongoWorld, folder: string): Promise<void>
}

const dumped = (what: string, name: string, args: (path: string) => readonly string[]): GoodMongo => ({
  what,
  name,
  of: 'server',
  make: (world, folder) => world.dump(...args(join(folder, name))),
})

/** A dump of the server, changed as its file by somebody else's program. */
const packed = (what: string, name: string, pack: (bytes: Buffer) => Buffer): GoodMongo => ({
  what,
  name,
  of: 'server',
  make: async (world, folder) => writeFile(join(folder, name), pack(await world.archive('--db=porttrack'))),
})

const made = (what: string, name: string, archive: MadeArchive, warns: readonly string[] = []): GoodMongo => ({
  what,
  name,
  of: 'generator',
  warns,
  make: async (_world, folder) => writeFile(join(folder, name), makeArchive(archive)),
})

const ships = { db: 'porttrack', name: 'ships', documents: documents(30) }

/** A folder of mongodump, which is named after its database. */
const inFolder = (
  what: string,
  name: string,
  args: readonly string[],
  after?: (path: string) => Promise<void>,
): GoodMongo => ({
  what,
  name: `${name}/porttrack`,
  of: 'server',
  async make(world, folder) {
    await mkdir(join(folder, name), { recursive: true })
    await world.dump(`--out=${join(folder, name)}`, ...args)
    await after?.(join(folder, name))
  },
})

export const goodMongo: readonly GoodMongo[] = [
  dumped('archive of one database', 'one.archive', (path) => ['--db=porttrack', `--archive=${path}`]),
  dumped('archive of a whole server', 'all.archive', (path) => [`--archive=${path}`]),
  dumped('archive packed by mongodump', 'one.gz', (path) => ['--db=porttrack', '--gzip', `--archive=${path}`]),
  packed('archive packed by gzip', 'by-gzip', (bytes) => gzipSync(bytes)),
  packed('archive packed by gzip in two parts', 'in-parts', (bytes) =>
    Buffer.concat([gzipSync(bytes.subarray(0, 500)), gzipSync(bytes.subarray(500))]),
  ),
  packed('archive packed by zstd', 'by-zstd', (bytes) => zstdCompressSync(bytes)),
  {
    what: 'archive with its sidecar',
    name: 'with-sidecar',
    of: 'server',
    async make(world, folder) {
      const bytes = await world.archive('--db=porttrack')
      await writeFile(join(folder, 'with-sidecar'), bytes)
      await writeFile(join(folder, 'with-sidecar.sha256'), `${sha256(bytes)}  with-sidecar\n`)
    },
  },
  inFolder('folder of one database', 'plain', ['--db=porttrack']),
  inFolder('folder of a whole server', 'server', []),
  inFolder('folder with packed files', 'packed', ['--db=porttrack', '--gzip']),
  inFolder('folder with prelude.json and oplog.bson beside', 'newer', [], async (path) => {
    await writeFile(join(path, 'prelude.json'), '{"ServerVersion":"7.0.14","ToolVersion":"100.12.0"}')
    await writeFile(join(path, 'oplog.bson'), serialize({ ts: 1 }))
  }),
  inFolder('folder deep inside the place', 'a/b/c', ['--db=porttrack'], async (path) => {
    await cp(path, join(dirname(path), 'moved'), { recursive: true })
    await rename(join(dirname(path), 'moved'), join(dirname(path), 'again'))
  }),
  made('views, validators, collations, time series, capped, clustered, indexes of all kinds', 'rich', {
    collections: richCollections(),
  }),
  made('many small blocks in turns', 'in-turns', {
    head: { concurrent_collections: 16 },
    collections: richCollections(),
    perBlock: 3,
    interleaved: true,
  }),
  {
    what: 'rich folder',
    name: 'rich-folder/porttrack',
    of: 'generator',
    make: (_world, folder) => writeDirectory(join(folder, 'rich-folder/porttrack'), richCollections(), false),
  },
  {
    what: 'rich folder, packed',
    name: 'rich-packed/porttrack',
    of: 'generator',
    make: (_world, folder) => writeDirectory(join(folder, 'rich-packed/porttrack'), richCollections(), true),
  },
  made('users and roles of the database', 'accounts', {
    collections: [
      ships,
      { db: 'porttrack', name: '$admin.system.users', documents: [serialize({ _id: 'porttrack.app' })] },
      { db: 'porttrack', name: '$admin.system.roles', documents: [] },
    ],
  }),
  made(
    'a server with its oplog',
    'oplog',
    {
      collections: [ships, { db: '', name: 'oplog', documents: [serialize({ ts: 1, op: 'i' })] }],
    },
    ['oplog_unused'],
  ),
  made(
    'several databases, of which one is meant',
    'several',
    {
      collections: [
        { ...ships, db: 'aaa' },
        ships,
        { db: 'admin', name: 'system.users', documents: [serialize({ _id: 'admin.root' })] },
      ],
    },
    ['other_databases'],
  ),
  made(
    'what this bot had put beside, and code of the server',
    'left-out',
    {
      collections: [ships, { ...ships, name: '__old42__ships' }, { ...ships, name: 'system.js' }],
    },
    ['left_out'],
  ),
  made(
    'a view with JavaScript, words of tomorrow',
    'told',
    {
      collections: [
        { ...ships, options: { sparkle: true } },
        view('scripted', [{ $match: { $expr: { $function: { body: 'f', args: [], lang: 'js' } } } }]),
      ],
    },
    ['unknown_metadata', 'runs_code'],
  ),
  made(
    'text that is not UTF-8, as an old driver stored it',
    'odd',
    {
      collections: [{ ...ships, documents: [oddText()] }],
    },
    ['odd_text'],
  ),
  made('an archive of a mongodump before 100', 'old-tool', {
    head: { server_version: '4.0.28', tool_version: 'r4.0.28' },
    old: true,
    collections: [
      {
        ...ships,
        metadata: '{"options":{},"indexes":[{"v":1,"key":{"_id":1},"name":"_id_","ns":"porttrack.ships"}],"uuid":""}',
      },
      { ...view('old', []), metadata: '{"options":{"viewOn":"ships","pipeline":[]},"indexes":[]}' },
    ],
  }),
  made('metadata of a server before 4.4', 'ns', {
    collections: [{ ...ships, indexes: [{ v: 2, key: { _id: 1 }, name: '_id_', ns: 'porttrack.ships' }] }],
  }),
]

function oddText(): Buffer {
  const bytes = Buffer.from(serialize({ _id: 'abc', x: 'ab' }))
  bytes[bytes.lastIndexOf('a')] = 0xff
  return bytes
}
