import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { createGunzip, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mongoFolder, mongoPartsMissing, mongoProgram } from '../../sandbox/mongodb/programs.ts'
import { createBeside, dropBeside } from '../../src/services/mongodb/beside.ts'
import { withMongo } from '../../src/services/mongodb/client.ts'
import { dumpDatabase } from '../../src/services/mongodb/dump.ts'
import { restoreInto } from '../../src/services/mongodb/restore.ts'
import type { Feed } from '../../src/services/mongodb/restore-command.ts'
import { withToolSettings } from '../../src/services/mongodb/tool-settings.ts'
import { findMongoTools } from '../../src/services/mongodb/tools.ts'
import { contentsOf, fill, type MongoWorld, startMongoWorld } from './support.ts'

const missing = mongoPartsMissing()
const collections = ['ports', 'ships*', 'visits']
let world: MongoWorld
let archive: string
let original: Readonly<Record<string, string>>

beforeAll(async () => {
  if (missing !== undefined) return
  world = await startMongoWorld()
  const many = Array.from({ length: 800 }, (_, n) => ({
    n,
    text: 'x'.repeat(n % 90),
    at: new Date(n * 1e6),
    inner: { n },
  }))
  await fill(world.url('pt'), {
    ports: many,
    'ships*': [{ _id: 1 }, { _id: 'two' }],
    visits: [],
    __old3__ports: [{ a: 1 }],
  })
  const { __old3__ports: _, ...own } = await contentsOf(world.url('pt'))
  original = own
  archive = join(world.folder, 'pt.archive')
  const packed = join(world.folder, 'pt.archive.gz')
  const end = await withToolSettings(world.folder, world.url('pt'), (settings) =>
    dumpDatabase({
      programs: mongoFolder,
      settings,
      database: 'pt',
      leaveOut: ['__old3__'],
      path: packed,
      limitMs: 60_000,
      signal: new AbortController().signal,
    }),
  )
  expect(end).toEqual({ kind: 'done' })
  await writeFile(archive, gunzipSync(await readFile(packed)))
})
afterAll(() => world?.stop())

async function archiveFeed(into: string, more: Partial<Feed> = {}): Promise<Feed> {
  const { size } = await stat(archive)
  return {
    bytes: size,
    documents: 802,
    open: () => createReadStream(archive),
    target: { kind: 'archive', database: 'pt', collections, into, prefix: '__r9__' },
    ...more,
  }
}

async function restore(into: string, feeds: readonly Feed[], signal = new AbortController().signal) {
  const seen: number[] = []
  const end = await withToolSettings(world.folder, world.url(into), (settings) =>
    restoreInto({
      programs: mongoFolder,
      settings,
      feeds,
      timeLimitMs: 60_000,
      signal,
      onProgress: ({ percent }) => seen.push(percent),
    }),
  )
  return { end, seen }
}

const prefixed = (all: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(all).map(([name, sum]) => [`__r9__${name}`, sum]))

describe.skipIf(missing !== undefined)('mongorestore beside what is in use', () => {
  it('brings every document of an archive, only under the prefix, and tells how far it is', async () => {
    const before = await contentsOf(world.url('pt'))
    const { end, seen } = await restore('pt', [await archiveFeed('pt')])
    expect(end).toMatchObject({ kind: 'done' })
    expect(await contentsOf(world.url('pt')), 'nothing in use was written to').toEqual({
      ...before,
      ...prefixed(original),
    })
    expect(seen.at(-1)).toBe(99)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    await withMongo(world.url('pt'), {}, (connected) => dropBeside(connected, '__r9__'))
    expect(await contentsOf(world.url('pt'))).toEqual(before)
  })

  it('brings the files of a folder, packed ones too', async () => {
    const folder = join(world.folder, 'dump')
    await mkdir(folder)
    const program = mongoProgram('mongodump') ?? ''
    await promisify(execFile)(program, ['--uri', `${world.server.url}`, '--db', 'pt', '--gzip', '--out', folder])
    const files = (await readdir(join(folder, 'pt'))).filter(
      (name) => name.endsWith('.bson.gz') && !name.startsWith('__'),
    )
    const documents: Readonly<Record<string, number>> = { ports: 800, 'ships*': 2, visits: 0 }
    const feeds = files.map((file): Feed => {
      const name = decodeURIComponent(file.replace('.bson.gz', ''))
      return {
        bytes: 1,
        documents: documents[name] ?? -1,
        open: () => createReadStream(join(folder, 'pt', file)).pipe(createGunzip()),
        target: { kind: 'collection', database: 'folder', collection: `__r9__${name}` },
      }
    })
    const { end } = await restore('folder', feeds)
    expect(end).toMatchObject({ kind: 'done' })
    const { __r9__visits: _, ...rest } = prefixed(original)
    expect(await contentsOf(world.url('folder'))).toMatchObject(rest)
  })

  it('is not believed when it says that all is well and fewer documents came', async () => {
    const { end } = await restore('fewer', [await archiveFeed('fewer', { documents: 803 })])
    expect(end).toMatchObject({ kind: 'failed', why: expect.stringContaining('803') })
  })

  it.each([0.3, 0.6, 0.9])('fails, and ends, when its input ends at %d of it, as when the bot dies', async (share) => {
    const bytes = await readFile(archive)
    const open = () => Readable.from([bytes.subarray(0, Math.floor(bytes.length * share))])
    const { end } = await restore('cut', [await archiveFeed('cut', { open })])
    expect(end.kind).toBe('failed')
  })

  it('fails at the first document that is there already, and quotes none', async () => {
    await fill(world.url('twice'), { '__r9__ships*': [{ _id: 'two' }] })
    const { end } = await restore('twice', [await archiveFeed('twice')])
    expect(end.kind).toBe('failed')
    expect(JSON.stringify(end)).not.toContain('two')
  })

  it('is ended when somebody cancels', async () => {
    const cancelled = new AbortController()
    const begun = (await readFile(archive)).subarray(0, 2_000)
    // The beginning, and then silence.
    const open = () => {
      const silent = new Readable({ read: () => undefined })
      silent.push(begun)
      setImmediate(() => cancelled.abort())
      return silent
    }
    const { end } = await restore('cancelled', [await archiveFeed('cancelled', { open })], cancelled.signal)
    expect(end).toEqual({ kind: 'stopped' })
  })
})

describe.skipIf(missing !== undefined)('around it', () => {
  it('the tools are found where somebody says, and nowhere else then', async () => {
    expect(await findMongoTools({ given: mongoFolder })).toEqual({
      kind: 'found',
      tools: { folder: mongoFolder, version: '100.10.0' },
    })
    expect(await findMongoTools({ given: world.folder, path: [mongoFolder] })).toMatchObject({ kind: 'missing' })
    expect(await findMongoTools({ path: [mongoFolder] })).toMatchObject({ kind: 'found' })
  })

  it('the address is in a file that only this account reads, and is gone afterwards', async () => {
    const seen = await withToolSettings(world.folder, 'mongodb://ana:s3cret@db:1/pt', async (path) => ({
      path,
      mode: (await stat(path)).mode & 0o777,
      text: await readFile(path, 'utf8'),
    }))
    expect(seen.mode).toBe(0o600)
    expect(seen.text).toBe('uri: "mongodb://ana:s3cret@db:1/?authSource=pt"\n')
    await expect(stat(seen.path)).rejects.toThrow()
  })

  it('an empty collection is made as the backup says', async () => {
    const options = '{"capped":true,"size":{"$numberInt":"4096"},"autoIndexId":true}'
    const found = await withMongo(world.url('made'), {}, async (connected) => {
      await createBeside(connected, '__r9__log', options)
      return connected.db.listCollections({}, { nameOnly: false }).toArray()
    })
    expect(found).toMatchObject([{ name: '__r9__log', options: { capped: true, size: 4096 } }])
  })
})
