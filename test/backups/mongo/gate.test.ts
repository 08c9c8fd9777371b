import { once } from 'node:events'
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { serialize } from 'bson'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withinLimit } from '../../../src/backups/checked.ts'
import { listRestorePoints } from '../../../src/backups/list.ts'
import { gateMongo } from '../../../src/backups/mongo/gate.ts'
import { openMongoPoint, openPoint } from '../../../src/backups/open.ts'
import { makeArchive } from '../support/mongo-archive.ts'
import { writeSums } from '../support/mongo-bad-folders.ts'
import { documents, richCollections } from '../support/mongo-documents.ts'
import { writeDirectory } from '../support/mongo-folders.ts'
import { judgeMongo, mongoEntry, mongoLive } from '../support/mongo-judged.ts'
import { depsIn } from '../support/world.ts'

let folder: string
const archive = makeArchive({ collections: richCollections() })
const ships = { db: 'porttrack', name: 'ships', documents: documents(5) }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-mongo-gate-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
  await rm(scratch(), { recursive: true, force: true })
})

const entry = () => mongoEntry({ here: { kind: 'folder', path: folder } })
const put = (name: string, bytes: Buffer | string) => writeFile(join(folder, name), bytes)
const reasons = (verdict: Awaited<ReturnType<typeof judgeMongo>>) =>
  verdict.kind === 'good' ? verdict.warnings.map(({ reason }) => reason) : [verdict.kind]
/** Beside the place, which would list it. */
const scratch = () => `${folder}-scratch`
const deps = () => depsIn(scratch())

describe('the list of restore points of MongoDB', () => {
  it('knows archives by their content and folders of mongodump by their files, and tells versions and databases', async () => {
    await put('nightly', archive)
    await put('packed', zstdCompressSync(archive))
    await put('several', makeArchive({ collections: [ships, { ...ships, db: 'billing' }] }))
    await put('billing', makeArchive({ collections: [{ ...ships, db: 'billing' }] }))
    await put('dump.sql', '-- PostgreSQL database dump\n')
    for (const database of ['porttrack', 'admin', 'billing'])
      await writeDirectory(join(folder, 'server', database), [ships], database === 'porttrack')
    await put('server/oplog.bson', 'x')
    await put('server/prelude.json', '{}')
    const { points } = await listRestorePoints(entry(), deps(), { database: 'porttrack' })
    const seen = Object.fromEntries(
      points.map((point) => [
        point.name,
        [point.kind, point.database ?? point.databases, point.sums, point.problem?.reason],
      ]),
    )
    expect(seen).toEqual({
      nightly: ['mongo-archive', 'porttrack', false, undefined],
      packed: ['mongo-archive', 'porttrack', false, undefined],
      several: ['mongo-archive', ['billing', 'porttrack'], false, undefined],
      billing: ['mongo-archive', 'billing', false, 'other_database'],
      'dump.sql': ['pg-plain', undefined, false, 'other_engine'],
      'server/porttrack': ['mongo-directory', 'porttrack', true, undefined],
      'server/billing': ['mongo-directory', 'billing', false, 'other_database'],
    })
    expect(points.find(({ name }) => name === 'nightly')).toMatchObject({
      serverVersion: '7.0.14',
      dumpVersion: '100.10.0',
    })
  })

  it('a backup of one engine is never opened as one of the other', async () => {
    await put('nightly', archive)
    const { points } = await listRestorePoints(entry(), deps())
    const [point] = points
    if (point === undefined) throw new Error('no point')
    await expect(openPoint(point, entry(), deps())).rejects.toMatchObject({ reason: 'foreign' })
    await expect(openMongoPoint({ ...point, kind: 'pg-custom' }, entry(), deps())).rejects.toMatchObject({
      reason: 'foreign',
    })
  })
})

describe('the gate of MongoDB', () => {
  it('tells what a restore must bring', async () => {
    await put('nightly', archive)
    const verdict = await judgeMongo(folder, 'nightly')
    if (verdict.kind !== 'good') throw new Error(JSON.stringify(verdict))
    const { collections, views, documents: count, concurrentCollections, newestId } = verdict.contents
    expect(collections.map(({ name, type, documents: found }) => [name, type, found])).toEqual([
      ['grouped', 'collection', 20],
      ['latest', 'collection', 20],
      ['nothing', 'collection', 0],
      ['ships', 'collection', 20],
      ['speeds', 'timeseries', 1],
      ['words', 'collection', 20],
    ])
    expect(views.map(({ name, viewOn, collation }) => [name, viewOn, collation])).toEqual([
      ['arrivals', 'ships', undefined],
      ['sorted', 'arrivals', '{"locale":"es"}'],
    ])
    expect([count, concurrentCollections]).toEqual([81, 4])
    expect(collections[1]?.options).toBe('{"capped":true,"size":{"$numberInt":"4096"},"max":{"$numberInt":"20"}}')
    expect(collections[3]?.indexes.map(({ name }) => name)).toEqual(['_id_', 't', 'p', 'h', 'w', 'ttl', 'part'])
    expect(newestId).toBe('2023-11-14T22:13:39.000Z')
  })

  it('an archive and a folder of the same database hold the same', async () => {
    await put('nightly', archive)
    await writeDirectory(join(folder, 'dump/porttrack'), richCollections(), true)
    const [one, other] = [await judgeMongo(folder, 'nightly'), await judgeMongo(folder, 'dump/porttrack')]
    if (one.kind !== 'good' || other.kind !== 'good') throw new Error(JSON.stringify([one, other]))
    const bare = ({ collections }: typeof one.contents) =>
      collections.map((each) => ({ ...each, file: undefined, uuid: '' }))
    expect(bare(other.contents)).toEqual(bare(one.contents))
    expect(other.contents.collections.find(({ name }) => name === 'speeds')?.file).toBe('system.buckets.speeds.bson.gz')
  })

  it('says what nothing protects', async () => {
    await put('archive', archive)
    await put('gzip', gzipSync(archive))
    await writeDirectory(join(folder, 'plain/porttrack'), richCollections(), false)
    await writeDirectory(join(folder, 'packed/porttrack'), richCollections(), true)
    await writeDirectory(join(folder, 'summed/porttrack'), richCollections(), false)
    await writeSums(join(folder, 'summed/porttrack'))
    const told = async (name: string) =>
      reasons(await judgeMongo(folder, name)).filter((reason) => /protected|checksum/.test(reason))
    expect(await told('archive')).toEqual(['no_checksum', 'unprotected_metadata'])
    expect(await told('gzip')).toEqual(['no_checksum'])
    expect(await told('plain/porttrack')).toEqual(['no_checksum', 'unprotected_data', 'unprotected_metadata'])
    expect(await told('packed/porttrack')).toEqual(['no_checksum'])
    expect(await told('summed/porttrack')).toEqual([])
  })

  it('takes the live name before other names of the database, and leaves the rest alone', async () => {
    await put('both', makeArchive({ collections: [{ ...ships, db: 'porttrack_old', documents: documents(1) }, ships] }))
    await put('old', makeArchive({ collections: [{ ...ships, db: 'porttrack_old' }] }))
    const found = async (name: string, dumpedAs: string[]) => {
      const verdict = await judgeMongo(folder, name, { dumpedAs })
      return verdict.kind === 'good' ? [verdict.contents.database, verdict.contents.documents] : [verdict.kind]
    }
    expect(await found('both', ['porttrack_old'])).toEqual(['porttrack', 5])
    expect(await found('old', ['porttrack_old'])).toEqual(['porttrack_old', 5])
    expect(await found('old', [])).toEqual(['bad'])
  })

  it('accounts are counted, of the database before those of the server', async () => {
    const users = {
      db: 'porttrack',
      name: '$admin.system.users',
      documents: [serialize({ _id: 'a' }), serialize({ _id: 'b' })],
    }
    const admin = { db: 'admin', name: 'system.users', documents: [serialize({ _id: 'root' })] }
    await put('own', makeArchive({ collections: [ships, users, admin] }))
    await put('whole', makeArchive({ collections: [ships, admin] }))
    const found = async (name: string) => {
      const verdict = await judgeMongo(folder, name)
      return verdict.kind === 'good' ? verdict.contents.accounts : verdict
    }
    expect(await found('own')).toEqual({ of: 'database', users: 2, roles: 0 })
    expect(await found('whole')).toEqual({ of: 'admin', users: 1, roles: 0 })
  })

  it.each([
    ['an older server', { serverVersion: '6.0.9' }, 'server_older'],
    ['an older mongorestore', { toolVersion: '99.1.0' }, 'dump_tool_newer'],
    ['a full disk', { freeBytes: 1_000 }, 'disk_short'],
  ])('%s stands in the way', async (_, live, reason) => {
    await put('nightly', archive)
    expect(await judgeMongo(folder, 'nightly', { live })).toMatchObject({ kind: 'blocked', blocks: [{ reason }] })
  })

  it('is no verdict when it is stopped; a missing checksum is bad where one is asked for', async () => {
    await put('nightly', archive)
    const signal = AbortSignal.abort()
    expect(await judgeMongo(folder, 'nightly', { signal })).toMatchObject({ kind: 'unknown', reason: 'stopped' })
    expect(await judgeMongo(folder, 'nightly', { checksum: 'required' })).toMatchObject({ reason: 'checksum_missing' })
  })

  it('is no verdict when the reading does not end in time', async () => {
    await put('nightly', archive)
    const { points } = await listRestorePoints(entry(), deps())
    const [point] = points
    if (point === undefined) throw new Error('no point')
    const opened = await openMongoPoint(point, entry(), deps())
    const found = withinLimit(opened, deps(), { limitMs: 10 }, async ({ signal }) => {
      if (!signal.aborted) await once(signal, 'abort')
      signal.throwIfAborted()
    })
    expect(await found).toMatchObject({ kind: 'unknown', reason: 'time_limit' })
  })

  it('a backup that is still being written is not judged by what it was', async () => {
    await mkdir(join(folder, 'place'))
    await put('place/nightly', archive)
    const own = mongoEntry({ here: { kind: 'folder', path: join(folder, 'place') } })
    const { points } = await listRestorePoints(own, deps())
    const [point] = points
    if (point === undefined) throw new Error('no point')
    const opened = await openMongoPoint(point, own, deps())
    await appendFile(join(folder, 'place/nightly'), archive.subarray(4, 40))
    expect(await gateMongo(opened, own.backups, mongoLive, deps())).toMatchObject({ kind: 'bad' })
  })
})
