import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Bucket, startBucket } from '../../sandbox/s3/server.ts'
import { listRestorePoints } from '../../src/backups/list.ts'
import { openPoint } from '../../src/backups/open.ts'
import type { RestorePoint } from '../../src/backups/types.ts'
import { sha256 } from './support/good-forms.ts'
import { plainDump } from './support/plain-dump.ts'
import { depsIn, type Entry, entryOf } from './support/world.ts'

let folder: string
let bucket: Bucket

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-bucket-'))
  const objects = join(folder, 'objects', 'postgres')
  await mkdir(join(objects, 'day one & two'), { recursive: true })
  await writeFile(join(objects, 'plain.sql'), plainDump)
  await writeFile(join(objects, 'day one & two', 'plain.sql.gz'), gzipSync(plainDump))
  await writeFile(join(objects, 'plain.sql.sha256'), `${sha256(plainDump)}  plain.sql\n`)
  await writeFile(join(objects, 'nothing'), '')
  await writeFile(join(folder, 'objects', 'elsewhere.sql'), plainDump)
  bucket = await startBucket({ folder: join(folder, 'objects'), pageSize: 2 })
})
afterEach(async () => {
  expect(bucket.unused()).toEqual([])
  await bucket.stop()
  await rm(folder, { recursive: true, force: true })
})

const secret = async (name: object) => {
  const named: Record<string, string> = { ACCESS: bucket.keys.accessKey, SECRET: bucket.keys.secretKey, WRONG: 'wrong' }
  return named['env' in name ? String(name.env) : ''] ?? ''
}
const deps = () => depsIn(folder, { secret })

function entry(change: object = {}): Entry {
  const keys = { accessKey: { env: 'ACCESS' }, secretKey: { env: 'SECRET' } }
  const place = {
    kind: 's3',
    bucket: 'backups',
    endpoint: bucket.url,
    region: 'us-east-1',
    prefix: 'postgres/',
    ...keys,
  }
  return entryOf({ cloud: { ...place, ...change } as never })
}

async function pointNamed(name: string): Promise<RestorePoint> {
  const { points } = await listRestorePoints(entry(), deps())
  const point = points.find((one) => one.name === name)
  if (point === undefined) throw new Error(`no ${name} among ${points.map((one) => one.name).join(', ')}`)
  return point
}

describe('backups in a bucket', () => {
  it('are listed over several pages, only below the prefix, and known by their content', async () => {
    const { points, away } = await listRestorePoints(entry(), deps())
    expect(away).toEqual([])
    const seen = points.map(({ id, kind, wrapping, sha256: sum }) => [id, kind, wrapping, sum !== undefined])
    expect(seen.sort()).toEqual([
      ['cloud/day one & two/plain.sql.gz', 'pg-plain', 'gzip', false],
      ['cloud/nothing', 'empty', 'none', false],
      ['cloud/plain.sql', 'pg-plain', 'none', true],
    ])
    expect(bucket.requests.some((request) => request.includes('continuation-token'))).toBe(true)
  })

  it('are brought here, unwrapped on the way, and cleared away afterwards', async () => {
    const opened = await openPoint(await pointNamed('day one & two/plain.sql.gz'), entry(), deps())
    expect(sha256(await readFile(opened.path))).toBe(sha256(plainDump))
    expect(opened.sha256).toBe(sha256(gzipSync(plainDump)))
    expect(await opened.unchanged()).toBe(true)
    await opened.close()
    expect(await readdir(join(folder, 'scratch'))).toEqual([])
  })

  it.each([
    ['a secret that is wrong', { secretKey: { env: 'WRONG' } }, /403/],
    ['a key that nobody knows', { accessKey: { env: 'WRONG' } }, /403/],
    ['a bucket that is not there', { bucket: 'other' }, /404/],
  ])('%s is a place that is away, and the reason holds no secret', async (_, change, reason) => {
    const { points, away } = await listRestorePoints(entry(change), deps())
    expect(points).toEqual([])
    expect(away).toEqual([{ place: 'cloud', detail: expect.stringMatching(reason) }])
    expect(JSON.stringify(away)).not.toContain(bucket.keys.secretKey)
  })

  it('nobody listening is a place that is away', async () => {
    await bucket.stop()
    const { away } = await listRestorePoints(entry(), deps())
    expect(away).toEqual([{ place: 'cloud', detail: expect.stringContaining('ECONNREFUSED') }])
  })

  it('a download that breaks off says so, and leaves nothing behind', async () => {
    const point = await pointNamed('plain.sql')
    bucket.fail({ kind: 'cut', after: 100 })
    await expect(openPoint(point, entry(), deps())).rejects.toMatchObject({ reason: 'place_away' })
    expect(await readdir(join(folder, 'scratch'))).toEqual([])
  })

  it('other bytes under an old name are refused before they are brought', async () => {
    const point = await pointNamed('plain.sql')
    await writeFile(join(folder, 'objects', 'postgres', 'plain.sql'), `${plainDump}\n`)
    const before = bucket.requests.length
    await expect(openPoint(point, entry(), deps())).rejects.toMatchObject({ reason: 'changed_while_read' })
    const asked = bucket.requests.slice(before).filter((request) => request.includes('/plain.sql'))
    expect(asked).toEqual([])
  })
})
