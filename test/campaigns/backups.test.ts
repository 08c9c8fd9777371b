import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decode } from '../backups/support/archive.ts'
import { type BadCase, damagedContents, damagedFiles, onlyChecksums } from '../backups/support/bad-files.ts'
import { badFolders } from '../backups/support/bad-folders.ts'
import { foreign } from '../backups/support/foreign.ts'
import { goodForms, sha256 } from '../backups/support/good-forms.ts'
import { hostile } from '../backups/support/hostile.ts'
import { judge, wordOf } from '../backups/support/judged.ts'
import { makeOriginals, type Originals } from '../backups/support/originals.ts'
import { flipped, randomFrom } from '../backups/support/random.ts'
import { describeWithTools } from '../backups/support/real.ts'
import { type BackupWorld, depsIn, startBackupWorld } from '../backups/support/world.ts'

/** `RESCUE_CAMPAIGN_ROUNDS=20` takes as many different seeds; the short form takes one. */
const rounds = Number(process.env['RESCUE_CAMPAIGN_ROUNDS'] ?? 1)
const longest = 300_000 * rounds

describeWithTools('every backup is judged right', () => {
  let world: BackupWorld
  let originals: Originals
  beforeAll(async () => {
    world = await startBackupWorld()
    originals = await makeOriginals(world)
  })
  afterAll(() => world.stop())

  const verdictOn = (folder: string, name: string) => judge(folder, name, depsIn(world.folder), world.live)

  /** Each in a folder of its own. @returns what was judged otherwise than expected */
  const misjudged = async (cases: readonly BadCase[], folder: string): Promise<string[]> => {
    const wrong: string[] = []
    for (const [index, one] of cases.entries()) {
      const own = join(folder, String(index))
      await mkdir(own, { recursive: true })
      await one.make(own, 'backup')
      const verdict = await verdictOn(own, 'backup')
      const word = wordOf(verdict)
      const detail = 'detail' in verdict ? verdict.detail : ''
      if (!one.expect.includes(word)) wrong.push(`${one.name}: ${word} (${detail}), not ${one.expect.join(' or ')}`)
    }
    return wrong
  }

  it('good ones, in every form, with the rows that the server has', { timeout: longest }, async () => {
    const folder = join(world.folder, 'good')
    const ships = sha256(await world.copyOf('public.ships', 'id, name, imo, flag, facts, tags, changed'))
    const wrong: string[] = []
    for (const form of goodForms) {
      await mkdir(dirname(join(folder, form.name)), { recursive: true })
      await form.make(world, folder)
      const verdict = await verdictOn(folder, form.name)
      if (verdict.kind !== 'good') {
        wrong.push(`${form.name}: ${wordOf(verdict)} ${'detail' in verdict ? verdict.detail : ''}`)
        continue
      }
      const { kind, tables } = verdict.contents
      const found = new Map(tables.map((table) => [`${table.schema}.${table.name}`, table]))
      const there = new Map([...world.rows].filter(([table]) => form.without?.(table) !== true))
      const sidecar = form.sidecar ? 'matches' : 'absent'
      expect({ kind, sidecar: verdict.sidecar }, form.name).toEqual({ kind: form.kind, sidecar })
      expect(new Map([...found].map(([name, { rows }]) => [name, rows])), form.name).toEqual(there)
      if (there.has('public.ships')) expect(found.get('public.ships')?.sha256, form.name).toBe(ships)
    }
    console.log(`backups: ${goodForms.length} good forms, ${wrong.length} judged wrong`)
    expect(wrong).toEqual([])
  })

  it('bad ones: cut, changed, mislabelled, hostile, foreign', { timeout: longest }, async () => {
    const kinds: Record<string, (seed: number) => readonly BadCase[]> = {
      damaged: (seed) => damagedFiles(originals, seed),
      'wrong contents': (seed) => damagedContents(originals, seed),
      'wrong checksum': (seed) => onlyChecksums(originals, seed),
      folder: (seed) => badFolders(originals, seed),
      hostile: (seed) => (seed === 1 ? hostile(originals) : []),
      foreign: (seed) => (seed === 1 ? foreign(originals, world) : []),
    }
    const wrong: string[] = []
    const counts: string[] = []
    let total = 0
    for (const [kind, make] of Object.entries(kinds)) {
      const cases = Array.from({ length: rounds }, (_, round) => make(round + 1)).flat()
      total += cases.length
      counts.push(`${cases.length} ${kind}`)
      wrong.push(...(await misjudged(cases, join(world.folder, kind.replace(' ', '-')))))
    }
    console.log(`backups: ${total} bad ones (${counts.join(', ')}), ${wrong.length} judged wrong`)
    expect(total).toBeGreaterThan(250)
    expect(wrong).toEqual([])
  })

  it('a changed bit in a table of contents never throws, and with a checksum is never good', {
    timeout: longest,
  }, async () => {
    const { custom } = originals
    const random = randomFrom(99)
    const end = custom.length - decode(custom).data.length
    const folder = join(world.folder, 'bits')
    await mkdir(folder)
    let unseen = 0
    const flips = 50 * rounds
    for (let index = 0; index < flips; index += 1) {
      await rm(join(folder, 'bit.sha256'), { force: true })
      await writeFile(join(folder, 'bit'), flipped(custom, random(end), random(8)))
      if ((await verdictOn(folder, 'bit')).kind === 'good') unseen += 1
      await writeFile(join(folder, 'bit.sha256'), sha256(custom))
      expect((await verdictOn(folder, 'bit')).kind).not.toBe('good')
    }
    console.log(`backups: ${flips} bits of tables of contents, ${unseen} to be seen by their checksum alone`)
  })
})
