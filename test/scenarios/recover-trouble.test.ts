import { copyFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { owner } from '../../sandbox/databases/seed.ts'
import { readCatalog } from '../../src/catalog/read.ts'
import { clearDatabases } from '../../src/operations/recover-postgres/clear.ts'
import type { RunRow } from '../../src/store/types.ts'
import { watchArguments } from './support/database-trouble.ts'
import { ask, contents, databaseRun, databases, toolsMissing } from './support/databases.ts'
import { ops, textOf, until } from './support/person.ts'
import { confirmRun, ended } from './support/runs.ts'
import { installStops, type Stops } from './support/stops.ts'
import { startWorld, type World } from './support/world.ts'

/** A whole restore is several people's clicks; nothing here measures time. */
vi.setConfig({ testTimeout: 150_000 })

const missing = await toolsMissing()

let world: World
let stops: Stops
let before: string
let last = 0
beforeAll(async () => {
  if (missing !== undefined) return
  world = await startWorld()
  stops = await installStops(world.db)
}, 120_000)
afterAll(async () => {
  await stops?.close()
  await world?.stop()
}, 60_000)
beforeEach(async () => {
  if (missing === undefined) before = await contents(world)
})
afterEach(async () => {
  if (missing !== undefined) return
  await stops.goOn()
  await setPassword(owner.password)
})

const start = (text = '/recover db porttrack from backups/nightly.dump') => world.as('ana').command(text)

async function next(state: RunRow['state']): Promise<RunRow> {
  const run = await databaseRun(world, state, last)
  if (state === 'ended') last = Number(run.id.slice(2))
  return run
}

/** It ended with this reason, in the words of the channel, and nothing in use was touched. */
async function refusedWith(reason: string, words: RegExp, more: RegExp = /./): Promise<RunRow> {
  const run = await next('ended')
  expect(run.outcome, JSON.stringify(run.outcome)).toMatchObject({ reason })
  expect(JSON.stringify(run.outcome)).toMatch(more)
  expect(await contents(world)).toBe(before)
  await until(`${run.id} in words`, async () =>
    (await world.as('ana').messages(ops)).some((message) => {
      const text = textOf(message)
      return text.includes(run.id) && words.test(text)
    }),
  )
  return run
}

const noCopyLeft = () =>
  until('no copy is left', async () => !Object.keys(await databases(world)).some((name) => name.includes('_r_')))

/** What the watcher does every ten minutes. */
const sweep = async () => {
  await clearDatabases({
    db: world.db,
    catalog: await readCatalog(world.sandbox.facts.catalog),
    log: pino({ level: 'silent' }),
    scratch: '/nowhere',
    secret: async () => world.sandbox.facts.postgres,
    cluster: () => {
      throw new Error('no cluster is needed')
    },
  })
}

const setPassword = (password: string) => ask(world, 'postgres', `alter role porttrack password '${password}'`)

describe.skipIf(missing !== undefined)('a restore in trouble ends with its reason, and changes nothing', () => {
  it('when the password is wrong', async () => {
    await setPassword('another')
    await start()
    await refusedWith('database_denied', /no acepta la cuenta/)
    await setPassword(owner.password)
  })

  it('when the password is changed while the copy is made; the copy goes once it is right again', async () => {
    await stops.at('porttrack', 'result of proveCopy')
    await start()
    await stops.reached('porttrack', 'result of proveCopy')
    await setPassword('another')
    await stops.goOn()
    await refusedWith('database_denied', /no acepta la cuenta/)
    await setPassword(owner.password)
    await sweep()
    await noCopyLeft()
  })

  it('when the password is changed after the approval', async () => {
    await start()
    const run = await next('waiting')
    await stops.at('porttrack', 'result of previewLossAgain')
    await confirmRun(world.as('luis'), run.id)
    await stops.reached('porttrack', 'result of previewLossAgain')
    await setPassword('another')
    await stops.goOn()
    const { outcome } = await ended(world, run.id)
    await setPassword(owner.password)
    last = Number(run.id.slice(2))
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'database_denied' })
    expect(await contents(world)).toBe(before)
    await sweep()
    await noCopyLeft()
  })

  it.each([
    ['CREATEDB', 'alter role porttrack nocreatedb', 'alter role porttrack createdb'],
    ['pg_signal_backend', 'revoke pg_signal_backend from porttrack', 'grant pg_signal_backend to porttrack'],
    ['member of rescue', 'alter database porttrack owner to rescue', 'alter database porttrack owner to porttrack'],
  ])('when the account lacks %s: it is named with the statement that gives it', async (right, take, give) => {
    await ask(world, 'postgres', take)
    await start()
    const run = await refusedWith('rights_missing', /GRANT|ALTER ROLE/)
    await ask(world, 'postgres', give)
    expect(run.outcome?.detail['missing']).toMatchObject([{ right }])
  })

  it('when the backup is another one than was judged', async () => {
    const path = join(world.sandbox.databases.backups, 'changing.dump')
    await copyFile(join(world.sandbox.databases.backups, 'nightly.dump'), path)
    await stops.at('porttrack', 'result of checkBackup')
    await start('/recover db porttrack from backups/changing.dump')
    await stops.reached('porttrack', 'result of checkBackup')
    await writeFile(path, await readFile(path))
    await stops.goOn()
    await refusedWith('backup_changed', /cambió mientras se usaba/)
    await noCopyLeft()
    await rm(path)
  })

  it('and the password never stands in an argument list, a log, a message, the audit or the store', async () => {
    const watch = watchArguments(owner.password)
    await start()
    const run = await next('waiting')
    await confirmRun(world.as('luis'), run.id)
    expect((await next('ended')).outcome).toMatchObject({ kind: 'verified' })
    const { programs, shown } = await watch.stop()
    expect(programs, 'the programs were seen at work').toContain('pg_restore')
    expect(shown).toEqual([])
    expect(world.log.join('\n')).not.toContain(owner.password)
    for (const who of ['ana', 'luis'])
      expect(JSON.stringify(await world.as(who).messages(ops))).not.toContain(owner.password)
    const { rows } = await world.db.query(
      `select query_to_xml(format('select * from %I.%I', table_schema, table_name), true, false, '')::text as all
       from information_schema.tables where table_schema in ('rescue', 'dbos') and table_type = 'BASE TABLE'`,
    )
    expect(rows.length).toBeGreaterThan(15)
    expect(JSON.stringify(rows)).not.toContain(owner.password)
  })
})
