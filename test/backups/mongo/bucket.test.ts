import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Bucket, startBucket } from '../../../sandbox/s3/server.ts'
import { listRestorePoints } from '../../../src/backups/list.ts'
import { gateMongo } from '../../../src/backups/mongo/gate.ts'
import { openMongoPoint } from '../../../src/backups/open.ts'
import { makeArchive } from '../support/mongo-archive.ts'
import { writeSums } from '../support/mongo-bad-folders.ts'
import { richCollections } from '../support/mongo-documents.ts'
import { writeDirectory } from '../support/mongo-folders.ts'
import { mongoEntry, mongoLive } from '../support/mongo-judged.ts'
import { depsIn, type Entry } from '../support/world.ts'

let folder: string
let bucket: Bucket

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-mongo-bucket-'))
  const objects = join(folder, 'objects', 'mongo')
  await writeDirectory(join(objects, 'night/porttrack'), richCollections(), true)
  await writeSums(join(objects, 'night/porttrack'))
  await writeDirectory(join(objects, 'night/admin'), richCollections(), true)
  await writeFile(join(objects, 'night/oplog.bson'), 'x')
  await mkdir(join(objects, 'week'))
  await writeFile(join(objects, 'week/one.archive'), makeArchive({ collections: richCollections() }))
  bucket = await startBucket({ folder: join(folder, 'objects'), pageSize: 4 })
})
afterEach(async () => {
  await bucket.stop()
  await rm(folder, { recursive: true, force: true })
})

const secret = async (name: object) =>
  'env' in name && name.env === 'ACCESS' ? bucket.keys.accessKey : bucket.keys.secretKey
const deps = () => depsIn(folder, { secret })

function entry(): Entry {
  const keys = { accessKey: { env: 'ACCESS' }, secretKey: { env: 'SECRET' } }
  const place = {
    kind: 's3',
    bucket: 'backups',
    endpoint: bucket.url,
    region: 'us-east-1',
    prefix: 'mongo/',
    ...keys,
  } as const
  return mongoEntry({ cloud: place })
}

describe('backups of MongoDB in a bucket', () => {
  it('are found as archives and as folders of one database, brought here, judged and cleared away', async () => {
    const { points, away } = await listRestorePoints(entry(), deps(), { database: 'porttrack' })
    expect(away).toEqual([])
    const seen = points.map(({ id, kind, sums, problem }) => [id, kind, sums, problem])
    expect(seen.sort()).toEqual([
      ['cloud/night/porttrack', 'mongo-directory', true, undefined],
      ['cloud/week/one.archive', 'mongo-archive', false, undefined],
    ])
    for (const point of points) {
      const opened = await openMongoPoint(point, entry(), deps())
      const verdict = await gateMongo(opened, entry().backups, mongoLive, deps())
      const contents = verdict.kind === 'good' ? verdict.contents : verdict
      expect(contents).toMatchObject({ database: 'porttrack', documents: 81 })
      if (point.kind === 'mongo-directory') expect(verdict).toMatchObject({ sidecar: 'matches' })
      await opened.close()
    }
    expect(await readdir(join(folder, 'scratch'))).toEqual([])
  })

  it('a file that no mongodump writes is not brought', async () => {
    await writeFile(join(folder, 'objects/mongo/night/porttrack/a b.bson.gz'), 'x')
    const { points } = await listRestorePoints(entry(), deps())
    const point = points.find(({ kind }) => kind === 'mongo-directory')
    if (point === undefined) throw new Error('no folder')
    await expect(openMongoPoint(point, entry(), deps())).rejects.toMatchObject({ reason: 'member_unexpected' })
    expect(await readdir(join(folder, 'scratch'))).toEqual([])
  })
})
