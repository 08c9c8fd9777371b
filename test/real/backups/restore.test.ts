import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { restoreInto } from '../../../src/services/postgres/restore.ts'
import { sha256 } from '../../backups/support/good-forms.ts'
import { judge } from '../../backups/support/judged.ts'
import { describeWithTools } from '../../backups/support/real.ts'
import { type BackupWorld, depsIn, startBackupWorld } from '../../backups/support/world.ts'

const columns = 'id, ship, state, weight, note, picture, at'

describeWithTools('what the gate says of a backup is what comes out of it', () => {
  let world: BackupWorld
  let folder: string
  beforeAll(async () => {
    world = await startBackupWorld()
    folder = join(world.folder, 'backups')
    await mkdir(folder)
    await writeFile(join(folder, 'archive'), await world.dump(['-Fc']))
    await writeFile(join(folder, 'script'), await world.dump([]))
    await world.dump(['-Fd', '-f', join(folder, 'parts')])
  })
  afterAll(() => world.stop())

  const restore = async (name: string, form: 'archive' | 'script', path = join(folder, name)) => {
    const client = new pg.Client({ connectionString: world.url('postgres') })
    await client.connect()
    await client.query(`create database beside_${name} template template0`).finally(() => client.end())
    return restoreInto({
      programs: world.tools.folder,
      url: world.url('porttrack'),
      shadow: `beside_${name}`,
      path,
      form,
      jobs: 2,
      tables: [],
      objects: 0,
      timeLimitMs: 60_000,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
  }

  it.each([
    ['archive', 'archive'],
    ['parts', 'archive'],
    ['script', 'script'],
  ] as const)('restored from %s', async (name, form) => {
    const verdict = await judge(folder, name, depsIn(world.folder), world.live)
    if (verdict.kind !== 'good') throw new Error(JSON.stringify(verdict))
    const expected = verdict.contents.tables.find((table) => table.name === 'containers')
    expect(await restore(name, form)).toMatchObject({ kind: 'done' })
    const found = await world.copyOf('public.containers', columns, `beside_${name}`)
    expect({ sha256: sha256(found), bytes: found.length }).toEqual({ sha256: expected?.sha256, bytes: expected?.bytes })
  })

  it('a script with an error in it is no success', async () => {
    await writeFile(
      join(folder, 'broken'),
      'CREATE TABLE a (x integer);\nCREATE TABLE a (x integer);\nCREATE TABLE b (x integer);\n',
    )
    expect(await restore('broken', 'script')).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining('"a" already exists'),
    })
  })
})
