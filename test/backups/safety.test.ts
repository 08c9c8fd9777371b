import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SafetyAsk, takeSafetyBackup } from '../../src/backups/safety.ts'
import { isSafetyBackup } from '../../src/backups/safety-name.ts'
import { catalogSchema } from '../../src/catalog/schema.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-safety-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const bytes = Buffer.from('PGDMP and the rest of it')
const sum = createHash('sha256').update(bytes).digest('hex')

function entry() {
  const { databases } = catalogSchema.parse({
    version: 1,
    people: { ana: { slack: 'U0ANA', role: 'approver' } },
    channels: { operations: 'C0OPS' },
    clusters: {},
    apps: {},
    databases: {
      shop: {
        engine: 'postgres',
        url: { env: 'SHOP' },
        backups: { places: { before: { kind: 'folder', path: folder } }, safety: 'before' },
      },
    },
  })
  if (databases['shop'] === undefined) throw new Error('no shop')
  return databases['shop']
}

type World = { dumps: number; remembered: string[] }

function asking(world: World, changed: Partial<SafetyAsk> = {}): SafetyAsk {
  return {
    place: 'before',
    entry: entry(),
    deps: { secret: async () => '', scratch: folder },
    run: 'R-0042',
    database: 'shop',
    form: 'dump',
    since: new Date(),
    expectedBytes: 10,
    dump: async (path) => {
      world.dumps++
      await writeFile(path, bytes)
      return { kind: 'dumped' }
    },
    judge: async (path) => ({
      kind: 'good',
      sha256: createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    }),
    remember: async ({ id }) => void world.remembered.push(id),
    onProgress: () => undefined,
    ...changed,
  }
}

describe('a safety backup', () => {
  it('appears whole under its name, with its checksum, and is known as verified', async () => {
    const world: World = { dumps: 0, remembered: [] }
    const seen: string[][] = []
    const judge: SafetyAsk['judge'] = async () => {
      seen.push((await readdir(folder)).filter((name) => !name.startsWith('.')))
      return { kind: 'good', sha256: sum }
    }
    const taken = await takeSafetyBackup(asking(world, { judge }))
    expect(seen, 'nothing is seen before it was read').toEqual([[]])
    const names = (await readdir(folder)).toSorted()
    expect(names).toHaveLength(2)
    const [name = '', sidecar = ''] = names
    expect(name).toMatch(/^safety-R-0042-shop-\d{8}T\d{6}Z\.dump$/)
    expect(isSafetyBackup(name)).toBe(true)
    expect(await readFile(join(folder, sidecar), 'utf8')).toBe(`${sum}  ${name}\n`)
    expect(taken).toMatchObject({ kind: 'taken', point: `before/${name}`, sha256: sum, bytes: bytes.length })
    expect(world.remembered).toEqual([`before/${name}`])
  })

  it('is made once, however often its step is repeated', async () => {
    const world: World = { dumps: 0, remembered: [] }
    const ask = asking(world)
    const first = await takeSafetyBackup(ask)
    expect(await takeSafetyBackup(ask)).toEqual(first)
    expect(world.dumps).toBe(1)
  })

  it('of an earlier run of the same number, which another bot has made, is not taken for this one', async () => {
    const world: World = { dumps: 0, remembered: [] }
    const old = 'safety-R-0042-shop-20200101T000000Z.dump'
    await writeFile(join(folder, old), 'of another bot')
    await writeFile(join(folder, `${old}.sha256`), `${sum}  ${old}\n`)
    const taken = await takeSafetyBackup(asking(world))
    expect(world.dumps).toBe(1)
    expect(taken).not.toMatchObject({ point: `before/${old}` })
    expect(await readFile(join(folder, old), 'utf8')).toBe('of another bot')
  })

  it('that was changed after it was made is not passed off as good', async () => {
    const world: World = { dumps: 0, remembered: [] }
    const ask = asking(world)
    await takeSafetyBackup(ask)
    const name = (await readdir(folder)).find((each) => each.endsWith('.dump')) ?? ''
    await writeFile(join(folder, name), 'something else')
    expect(await takeSafetyBackup(ask)).toMatchObject({ kind: 'failed', reason: 'not_good' })
  })

  it('that a killed attempt left half is taken away, and so are the forgotten halves of others', async () => {
    const halves = ['.safety-R-0042-shop-20260101T000000Z.dump.part', '.safety-R-0007-shop-20260101T000000Z.dump.part']
    const fresh = '.safety-R-0043-shop-20260101T000000Z.dump.part'
    for (const half of [...halves, fresh]) await writeFile(join(folder, half), 'half')
    const longAgo = new Date(Date.now() - 24 * 3_600_000)
    await utimes(join(folder, halves[1] ?? ''), longAgo, longAgo)
    await takeSafetyBackup(asking({ dumps: 0, remembered: [] }))
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([fresh])
  })

  it.each<[string, Partial<SafetyAsk>, string]>([
    ['is not good', { judge: async () => ({ kind: 'bad', why: 'truncated' }) }, 'not_good'],
    ['has no room', { expectedBytes: 2 ** 52 }, 'disk_short'],
    [
      'cannot be read from the database',
      { dump: async () => ({ kind: 'failed', reason: 'dump_failed', why: 'no' }) },
      'dump_failed',
    ],
    ['has a place that the catalog does not name', { place: 'elsewhere' }, 'place_away'],
    [
      'is not wanted any more',
      { deps: { secret: async () => '', scratch: '/', signal: AbortSignal.abort() } },
      'stopped',
    ],
  ])('that %s leaves nothing behind, and a reason', async (_, changed, reason) => {
    const world: World = { dumps: 0, remembered: [] }
    expect(await takeSafetyBackup(asking(world, changed))).toMatchObject({ kind: 'failed', reason })
    expect(await readdir(folder)).toEqual([])
    expect(world.remembered).toEqual([])
  })
})
