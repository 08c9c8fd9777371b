import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mongoPartsMissing } from '../../sandbox/mongodb/programs.ts'
import type { BadCase } from '../backups/support/bad-files.ts'
import { sha256 } from '../backups/support/good-forms.ts'
import { makeArchive } from '../backups/support/mongo-archive.ts'
import { bombs, damagedArchives, dataStart, hostileArchives } from '../backups/support/mongo-bad.ts'
import { badDocuments } from '../backups/support/mongo-bad-documents.ts'
import { badMongoFolders } from '../backups/support/mongo-bad-folders.ts'
import { richCollections } from '../backups/support/mongo-documents.ts'
import { goodMongo } from '../backups/support/mongo-good.ts'
import { judgeMongo, mongoWordOf } from '../backups/support/mongo-judged.ts'
import { type MongoWorld, startMongoWorld } from '../backups/support/mongo-world.ts'
import { flipped, randomFrom } from '../backups/support/random.ts'

/** `RESCUE_CAMPAIGN_ROUNDS=20` takes as many different seeds; the short form takes one. */
const rounds = Number(process.env['RESCUE_CAMPAIGN_ROUNDS'] ?? 1)
const longest = 300_000 * rounds
const missing = mongoPartsMissing()
const named = 'every backup of MongoDB is judged right'

describe.skipIf(missing !== undefined)(missing === undefined ? named : `${named} (skipped: ${missing})`, () => {
  let world: MongoWorld
  let original: Buffer
  beforeAll(async () => {
    world = await startMongoWorld()
    original = await world.archive('--db=porttrack')
  })
  afterAll(() => world.stop())

  /** Each in a folder of its own. @returns what was judged otherwise than expected */
  const misjudged = async (cases: readonly BadCase[], folder: string): Promise<string[]> => {
    const wrong: string[] = []
    for (const [index, one] of cases.entries()) {
      const own = join(folder, String(index))
      await mkdir(own, { recursive: true })
      await one.make(own, 'backup')
      const inFolder = one.name.startsWith('folder: ')
      const verdict = await judgeMongo(own, inFolder ? 'backup/porttrack' : 'backup')
      const word = mongoWordOf(verdict)
      const detail = 'detail' in verdict ? verdict.detail : ''
      if (!one.expect.includes(word)) wrong.push(`${one.name}: ${word} (${detail}), not ${one.expect.join(' or ')}`)
      await rm(own, { recursive: true })
    }
    return wrong
  }

  it('good ones, in every form, with the documents that the server has', { timeout: longest }, async () => {
    const folder = join(world.folder, 'good')
    await mkdir(folder)
    const wrong: string[] = []
    for (const form of goodMongo) {
      await form.make(world, folder)
      const verdict = await judgeMongo(folder, form.name)
      if (verdict.kind !== 'good') {
        wrong.push(`${form.what}: ${mongoWordOf(verdict)} ${'detail' in verdict ? verdict.detail : ''}`)
        continue
      }
      const { collections } = verdict.contents
      const found = new Map(
        collections.map(({ name, documents, bytes, sha256 }) => [name, { documents, bytes, sha256 }]),
      )
      if (form.of === 'server') expect(found, form.what).toEqual(world.sums)
      expect(
        verdict.warnings.map(({ reason }) => reason),
        form.what,
      ).toEqual(expect.arrayContaining([...(form.warns ?? [])]))
    }
    console.log(`mongo backups: ${goodMongo.length} good forms, ${wrong.length} judged wrong`)
    expect(wrong).toEqual([])
  })

  it('bad ones: cut, changed, mislabelled, hostile, foreign', { timeout: longest }, async () => {
    const kinds: Record<string, (seed: number) => readonly BadCase[]> = {
      damaged: (seed) => damagedArchives(original, seed),
      documents: (seed) => (seed === 1 ? badDocuments : []),
      hostile: (seed) => (seed === 1 ? hostileArchives : []),
      bombs: (seed) => (seed === 2 ? bombs : []),
      folders: (seed) => badMongoFolders(seed),
    }
    const wrong: string[] = []
    const counts: string[] = []
    let total = 0
    for (const [kind, make] of Object.entries(kinds)) {
      const cases = Array.from({ length: rounds }, (_, round) => make(round + 1)).flat()
      total += cases.length
      counts.push(`${cases.length} ${kind}`)
      wrong.push(...(await misjudged(cases, join(world.folder, kind))))
    }
    console.log(`mongo backups: ${total} bad ones (${counts.join(', ')}), ${wrong.length} judged wrong`)
    expect(total).toBeGreaterThan(150)
    expect(wrong).toEqual([])
  })

  it('a changed bit of the prelude never throws, and with a checksum is never good', { timeout: longest }, async () => {
    const archive = makeArchive({ collections: richCollections() })
    const random = randomFrom(7)
    const end = dataStart(archive)
    const folder = join(world.folder, 'bits')
    await mkdir(folder)
    let unseen = 0
    const flips = 150 * rounds
    for (let index = 0; index < flips; index += 1) {
      await rm(join(folder, 'bit.sha256'), { force: true })
      await writeFile(join(folder, 'bit'), flipped(archive, random(end), random(8)))
      const verdict = await judgeMongo(folder, 'bit')
      if (verdict.kind === 'good') {
        unseen += 1
        expect(verdict.warnings.map(({ reason }) => reason)).toContain('unprotected_metadata')
      }
      await writeFile(join(folder, 'bit.sha256'), sha256(archive))
      expect((await judgeMongo(folder, 'bit')).kind).not.toBe('good')
    }
    console.log(`mongo backups: ${flips} bits of preludes, ${unseen} to be seen by their checksum alone`)
    expect(unseen).toBeLessThan(flips)
  })
})
