import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readCatalog } from '../../src/catalog/read.ts'
import { clearDatabases } from '../../src/operations/recover-postgres/clear.ts'
import { dumpDatabase } from '../../src/services/postgres/dump.ts'
import { findTools } from '../../src/services/postgres/tools.ts'
import { listSteps } from '../../src/store/steps.ts'
import { ask, connect, contents, databaseRun, databases, toolsMissing } from './support/databases.ts'
import { ops, type Person, textOf, until } from './support/person.ts'
import { cardOf, confirmRun, ended } from './support/runs.ts'
import { installStops, type Stops } from './support/stops.ts'
import { says, startWorld, type World } from './support/world.ts'

/** A whole restore is several people's clicks; nothing here measures time. */
vi.setConfig({ testTimeout: 150_000 })

const missing = await toolsMissing()

let world: World
let stops: Stops
let [ana, luis, marta]: Person[] = []
let runs = 0

beforeAll(async () => {
  if (missing !== undefined) return
  world = await startWorld()
  stops = await installStops(world.db)
}, 120_000)
afterAll(async () => {
  await stops?.close()
  await world?.stop()
}, 60_000)
beforeEach(() => {
  if (missing === undefined) [ana, luis, marta] = ['ana', 'luis', 'marta'].map((name) => world.as(name))
})

/** Asks for a restore and waits until people can decide. */
async function prepared(who: Person | undefined, text: string) {
  await who?.command(text)
  const run = await databaseRun(world, 'waiting', runs)
  runs = Number(run.id.slice(2))
  return run
}

async function over(id: string) {
  const run = await ended(world, id)
  runs = Math.max(runs, Number(id.slice(2)))
  return run
}

/** The usual backup is made again. */
async function dumpNow(timeZone: string): Promise<void> {
  const { databases: own } = world.sandbox
  const scratch = await mkdtemp(join(tmpdir(), 'rescue-dump-'))
  const end = await dumpDatabase({
    programs: (await findTools())?.folder ?? '',
    url: own.url,
    database: 'porttrack',
    path: join(own.backups, 'newer.dump'),
    timeZone,
    scratch,
    limitMs: 60_000,
    signal: new AbortController().signal,
  })
  await rm(scratch, { recursive: true })
  expect(end).toEqual({ kind: 'done' })
}

const as = (person: Person | undefined): Person => {
  if (person === undefined) throw new Error('nobody')
  return person
}

describe.skipIf(missing !== undefined)('a damaged database is restored', () => {
  it('beside and proved, approved by a second person, exchanged, and brought back again', async () => {
    await world.scenario('database-damaged')
    const damaged = await contents(world)
    const before = await databases(world)

    const run = await prepared(ana, '/recover db porttrack desde ultimo')
    const card = textOf((await cardOf(as(ana), run.id, 'run:confirm')).blocks)
    expect(card).toContain('backups/nightly.dump')
    expect(card).toMatch(/iguales al backup byte a byte/)
    expect(card).toMatch(/Vuelven: 20\.000 filas/)
    expect(card).toMatch(/Tablas que vuelven enteras: `public\.bookings`/)
    expect(await contents(world), 'nothing in use is touched before the click').toBe(damaged)

    await confirmRun(as(ana), run.id)
    await says(as(ana), /necesita a una segunda persona/)
    expect((await databaseRun(world, 'waiting')).id, 'the one who asks cannot approve').toBe(run.id)

    await confirmRun(as(luis), run.id)
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'verified', reason: 'restored' })
    const { rows } = await ask(
      world,
      'porttrack',
      'select (select count(*) from bookings) as b, (select count(*) from positions) as p',
    )
    expect(rows).toEqual([{ b: '900', p: '20000' }])
    const after = await databases(world)
    const kept = `porttrack_old_${run.id.slice(2)}`
    expect(Object.keys(after).toSorted()).toEqual(['porttrack', kept].toSorted())
    expect(after[kept]).toBe(before['porttrack'])

    const card2 = await cardOf(as(ana), run.id, 'run:undo')
    await as(ana).click({ channel: ops, ts: card2.ts }, 'run:undo')
    const back = await databaseRun(world, 'waiting', runs)
    runs = Number(back.id.slice(2))
    expect(textOf((await cardOf(as(ana), back.id, 'run:confirm')).blocks)).toMatch(/Se perderían: 20\.900 filas/)
    const open = `select datallowconn as open from pg_database where datname = '${kept}'`
    expect((await ask(world, 'postgres', open)).rows, 'nobody writes into it while people decide').toEqual([
      { open: false },
    ])
    await confirmRun(as(luis), back.id)
    expect((await over(back.id)).outcome).toMatchObject({ kind: 'verified', reason: 'swapped_back' })
    expect(await contents(world), 'not a byte of the replaced database was lost').toBe(damaged)
    expect((await databases(world))['porttrack']).toBe(before['porttrack'])
  })

  it('when it is gone altogether', async () => {
    await world.scenario('database-gone')
    const run = await prepared(marta, '/recover db porttrack from latest')
    const card = textOf((await cardOf(as(ana), run.id, 'run:confirm')).blocks)
    expect(card).toMatch(/ya no existe.*no habrá a qué volver/s)
    expect(card).not.toMatch(/para poder volver|la que está en uso/)
    await confirmRun(as(luis), run.id)
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'verified', reason: 'restored' })
    expect((await ask(world, 'porttrack', 'select count(*) as n from positions')).rows).toEqual([{ n: '20000' }])
    const done = (await listSteps(world.db, run.id)).filter(({ state }) => state === 'done').map(({ name }) => name)
    expect(done, 'no step is told that did not happen').toEqual([
      'checkBackup',
      'restoreBeside',
      'proveCopy',
      'compareWithPlan',
      'swap',
      'verify',
    ])
  })

  it('with its app scaled to 0 and back to what it had, not to a number that somebody wrote down', async () => {
    await world.scenario('scale-by-someone')
    const run = await prepared(ana, '/recover db porttrack from latest scale')
    await confirmRun(as(luis), run.id)
    const { outcome } = await over(run.id)
    expect(outcome).toMatchObject({ kind: 'verified', reason: 'restored' })
    const scaled = world.cluster.requests.all.filter(
      ({ method, path, userAgent }) => method === 'PATCH' && userAgent === 'rescue' && path.endsWith('/porttrack-app'),
    )
    expect(scaled).toHaveLength(2)
    await until('five pods again', async () => (await world.release()).ready === 5)
  })
})

describe.skipIf(missing !== undefined)('nothing in use is touched', () => {
  let before: string
  beforeEach(async () => {
    if (missing === undefined) before = await contents(world)
  })
  const untouched = async () => {
    expect(await contents(world)).toBe(before)
    expect(Object.keys(await databases(world)).filter((name) => name.includes('_r_'))).toEqual([])
  }

  it.each([
    ['cut.dump', 'bad_backup', 'truncated'],
    ['flipped.dump', 'bad_backup', 'damaged'],
  ])('by %s: it is refused with its reason', async (name, reason, why) => {
    await as(ana).command(`/recover db porttrack from ${name}`)
    const run = await databaseRun(world, 'ended', runs)
    runs = Number(run.id.slice(2))
    expect(run.outcome).toMatchObject({ kind: 'refused', reason, detail: { why } })
    await untouched()
  })

  it('when a person cancels while the copy is being made; the copy is taken away', async () => {
    await stops.at('porttrack', 'result of proveCopy')
    await as(ana).command('/recover db porttrack from latest')
    await stops.reached('porttrack', 'result of proveCopy')
    const run = await databaseRun(world, 'planning', runs)
    const card = await cardOf(as(ana), run.id, 'run:cancel')
    await as(ana).click({ channel: ops, ts: card.ts }, 'run:cancel')
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'not_approved', reason: 'cancelled' })
    await stops.goOn()
    await until(
      'no copy is left',
      async () => !Object.keys(await databases(world)).some((name) => name.includes('_r_')),
    )
    await untouched()
  })

  it('by the second of two restores, once the first was exchanged', async () => {
    const first = await prepared(ana, '/recover db porttrack from latest')
    const second = await prepared(ana, '/recover db porttrack from weekly')
    await confirmRun(as(luis), first.id)
    expect((await over(first.id)).outcome).toMatchObject({ kind: 'verified', reason: 'restored' })
    before = await contents(world)
    await confirmRun(as(luis), second.id)
    expect((await over(second.id)).outcome).toMatchObject({ kind: 'refused', reason: 'moved' })
    await untouched()
  })

  it('when a plan that waits is cancelled; its copy is taken away', async () => {
    const run = await prepared(ana, '/recover db porttrack from latest')
    const card = await cardOf(as(ana), run.id, 'run:cancel')
    await as(ana).click({ channel: ops, ts: card.ts }, 'run:cancel')
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'not_approved', reason: 'cancelled' })
    await until(
      'no copy is left',
      async () => !Object.keys(await databases(world)).some((name) => name.includes('_r_')),
    )
    await untouched()
  })

  it('when by now much more would be lost than people approved', async () => {
    const run = await prepared(ana, '/recover db porttrack from latest')
    await ask(
      world,
      'porttrack',
      `insert into positions (vessel_id, at, lat, lon) select 1, now(), 1, 1 from generate_series(1, 2500)`,
    )
    before = await contents(world)
    await confirmRun(as(luis), run.id)
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'refused', reason: 'loss_grew' })
    await untouched()
  })

  it('while a session stays that may not be ended; it is named', async () => {
    const run = await prepared(ana, '/recover db porttrack from latest')
    const stays = await connect(world, 'porttrack')
    await stays.query(`set application_name = 'night report'`)
    try {
      await confirmRun(as(luis), run.id)
      const { outcome } = await over(run.id)
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'sessions_stay', detail: { swapped: false } })
      expect(JSON.stringify(outcome)).toContain('night report')
    } finally {
      await stays.end()
    }
    await untouched()
  })
})

describe.skipIf(missing !== undefined)('a copy to look at', () => {
  it('replaces nothing, and one operator is enough', async () => {
    const before = await contents(world)
    const run = await prepared(marta, '/recover db porttrack from latest copy')
    await confirmRun(as(marta), run.id)
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'verified', reason: 'copied' })
    expect(await contents(world)).toBe(before)
    expect((await ask(world, `porttrack_copy_${run.id.slice(2)}`, 'select count(*) as n from bookings')).rows).toEqual([
      { n: '900' },
    ])
  })

  it('and what restores left behind is cleared away: copies of ended runs, replaced databases only when a newer backup is good', async () => {
    const services = {
      db: world.db,
      catalog: await readCatalog(world.sandbox.facts.catalog),
      log: pino({ level: 'silent' }),
      scratch: await mkdtemp(join(tmpdir(), 'rescue-scratch-')),
      secret: async () => world.sandbox.facts.postgres,
      cluster: () => {
        throw new Error('no cluster is needed')
      },
    }
    await ask(
      world,
      'postgres',
      'create database porttrack_r_0001_abcd owner porttrack',
      'create database porttrack_r_9999_abcd owner porttrack',
    )
    const names = async () => Object.keys(await databases(world))
    const [kept, copies] = [
      (await names()).filter((name) => name.includes('_old_')),
      (await names()).filter((name) => name.includes('_copy_')),
    ]
    expect(await clearDatabases(services)).toEqual(['porttrack_r_0001_abcd'])
    expect(await names(), 'of a run that is not known').toContain('porttrack_r_9999_abcd')
    await ask(world, 'postgres', 'drop database porttrack_r_9999_abcd')
    const hours = (n: number) => new Date(Date.now() + n * 3_600_000)
    expect((await clearDatabases(services, hours(100))).toSorted()).toEqual(copies.toSorted())
    expect(kept.length).toBeGreaterThan(0)
    const left = async () => (await names()).filter((name) => name.includes('_old_'))
    expect(await left(), 'no backup is newer than they are').toEqual(kept)

    await dumpNow(services.catalog.timeZone)
    expect(await clearDatabases(services, hours(100)), 'what nobody has read is no proof').toEqual([])
    expect(await clearDatabases(services, hours(101)), 'people are told first').toEqual([])
    await until('the word in the channel', async () =>
      (await as(ana).messages(ops)).some((message) => textOf(message).includes(`${kept[0]}\``)),
    )
    expect(await clearDatabases(services, hours(102)), 'and have some hours').toEqual([])
    await ask(world, 'postgres', `comment on database ${kept[0]} is 'mine now'`)
    expect((await clearDatabases(services, hours(120))).toSorted()).toEqual(kept.slice(1))
    expect(await left(), 'what is not exactly what a run has put aside is never dropped').toEqual(kept.slice(0, 1))
    await ask(world, 'postgres', `drop database ${kept[0]}`)
  })

  it('no password stands in what people, the audit or the log were told', async () => {
    const secret = 'porttrack-of-the-sandbox'
    expect(world.log.join('\n')).not.toContain(secret)
    const { rows } =
      await world.db.query(`select data::text from rescue.audit union all select plan::text from rescue.runs
      union all select outcome::text from rescue.runs union all select intent::text from rescue.acts`)
    expect(JSON.stringify(rows)).not.toContain(secret)
  })
})
