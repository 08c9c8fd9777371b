import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask, contents, databaseRun, databases, toolsMissing } from './support/databases.ts'
import { ops, type Person, textOf, until } from './support/person.ts'
import { cardOf, confirmRun, ended } from './support/runs.ts'
import { startWorld, type World } from './support/world.ts'

vi.setConfig({ testTimeout: 150_000 })

const missing = await toolsMissing()

let world: World
let ana: Person
let luis: Person
let runs = 0

beforeAll(async () => {
  if (missing !== undefined) return
  world = await startWorld()
  await ask(
    world,
    'porttrack',
    `set role porttrack`,
    `create table fees (id int generated always as identity primary key, booking_id int references bookings, cents int not null check (cents > 0))`,
    `insert into fees (booking_id, cents) select id, 100 from bookings where id <= 20`,
    `create function touch() returns trigger language plpgsql as 'begin new.note = coalesce(new.note, ''-''); return new; end'`,
    `create trigger touched before update on bookings for each row execute function touch()`,
    `alter table bookings enable row level security`,
    `create policy readers on bookings for select to porttrack_reader using (berth <> 'B1')`,
    `create index by_berth on bookings (berth) where note is not null`,
    `comment on table bookings is 'what was booked'`,
    `grant update (note) on bookings to porttrack_reader`,
  )
}, 120_000)
afterAll(async () => {
  await world?.stop()
}, 60_000)
beforeEach(() => {
  if (missing === undefined) [ana, luis] = [world.as('ana'), world.as('luis')]
})

async function decided(text: string, state: 'waiting' | 'ended' = 'waiting') {
  await ana.command(text)
  const run = await databaseRun(world, state, runs)
  runs = Number(run.id.slice(2))
  return run
}

async function over(id: string) {
  const run = await ended(world, id)
  runs = Math.max(runs, Number(id.slice(2)))
  return run
}

/** Everything about bookings but its rows and its identity. */
async function around(): Promise<string> {
  const { rows } = await ask(
    world,
    'porttrack',
    `select jsonb_build_object('acl', c.relacl::text, 'owner', c.relowner::regrole, 'rls', c.relrowsecurity, 'comment', obj_description(c.oid),
       'cols', (select jsonb_agg(attname || format_type(atttypid, atttypmod) || attnotnull || coalesce(attacl::text, '') order by attnum) from pg_attribute where attrelid = c.oid and attnum > 0),
       'constraints', (select jsonb_agg(conname || pg_get_constraintdef(oid) || convalidated order by conname) from pg_constraint where conrelid = c.oid or confrelid = c.oid),
       'indexes', (select jsonb_agg(pg_get_indexdef(indexrelid) order by 1) from pg_index where indrelid = c.oid),
       'triggers', (select jsonb_agg(pg_get_triggerdef(oid)) from pg_trigger where tgrelid = c.oid and not tgisinternal),
       'policies', (select jsonb_agg(polname || pg_get_expr(polqual, polrelid)) from pg_policy where polrelid = c.oid),
       'sequence', pg_get_serial_sequence('bookings', 'id'), 'default', (select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = c.oid and adnum = 1)) as all
     from pg_class c where c.oid = 'bookings'::regclass`,
  )
  return JSON.stringify(rows[0]?.all)
}

const one = async (sql: string) => (await ask(world, 'porttrack', sql)).rows[0]

describe.skipIf(missing !== undefined)('one table is restored alone', () => {
  it('exchanged in place with everything that hangs on it, and brought back again', async () => {
    const [before, surroundings] = [await contents(world), await around()]
    const others = await one(`select count(*) as n from positions`)
    const next = (await one(`select nextval('bookings_id_seq') as n`)).n
    await ask(world, 'porttrack', `update bookings set berth = 'XX'`)
    const damaged = await contents(world)

    const run = await decided('/recover db porttrack table public.bookings from nightly.dump')
    const card = textOf((await cardOf(ana, run.id, 'run:confirm')).blocks)
    expect(card).toMatch(/public\.bookings/)
    expect(await contents(world), 'nothing in use is touched before the click').toBe(damaged)
    await confirmRun(luis, run.id)
    expect((await over(run.id)).outcome).toMatchObject({
      kind: 'verified',
      reason: 'restored',
      detail: { swapped: true },
    })

    expect(await one(`select count(*) as n, count(*) filter (where berth = 'XX') as bad from bookings`)).toEqual({
      n: '900',
      bad: '0',
    })
    expect(await around(), 'grants, keys, triggers, policies, indexes and the sequence are what they were').toBe(
      surroundings,
    )
    expect(await one('select count(*) as n from positions'), 'no other table changed').toEqual(others)
    expect(Number((await one(`select nextval('bookings_id_seq') as n`)).n), 'no number is given twice').toBeGreaterThan(
      Number(next),
    )
    expect(Object.keys(await databases(world)), 'no copy is left').toEqual(['porttrack'])
    const kept = `rescue_old_${run.id.slice(2)}`
    expect(await one(`select count(*) as n from ${kept}.bookings where berth = 'XX'`)).toEqual({ n: '903' })
    await ask(world, 'porttrack', `delete from vessels where id = 121`)

    const undo = await cardOf(ana, run.id, 'run:undo')
    await ana.click({ channel: ops, ts: undo.ts }, 'run:undo')
    const back = await databaseRun(world, 'waiting', runs)
    runs = Number(back.id.slice(2))
    await confirmRun(luis, back.id)
    expect((await over(back.id)).outcome).toMatchObject({ kind: 'verified', reason: 'swapped_back' })
    expect(await contents(world), 'not a row of the replaced table was lost').toBe(damaged)
    expect(await around()).toBe(surroundings)
    expect(before).not.toBe(damaged)
  })

  it('while rows of others refer to what is not in the backup: they are counted, and kept', async () => {
    await ask(world, 'porttrack', `insert into fees (booking_id, cents) select id, 5 from bookings where id > 900`)
    const run = await decided('/recover db porttrack table bookings from nightly.dump')
    expect(run.plan).toMatchObject({
      prepared: { tables: { keys: expect.arrayContaining([expect.objectContaining({ way: 'in', broken: 3 })]) } },
    })
    const card = textOf((await cardOf(ana, run.id, 'run:confirm')).blocks)
    expect(card).toMatch(/3 filas de `public\.fees` apuntan a filas que el backup no tiene/)
    await confirmRun(luis, run.id)
    expect((await over(run.id)).outcome).toMatchObject({ detail: { broken: ['public.fees fees_booking_id_fkey'] } })
    expect(await one('select count(*) as n from fees')).toEqual({ n: '23' })
  })

  it('with a view that reads it: the view reads the restored rows', async () => {
    await ask(world, 'porttrack', 'delete from positions where vessel_id > 1')
    const run = await decided('/recover db porttrack table public.positions from nightly.dump')
    await confirmRun(luis, run.id)
    expect((await over(run.id)).outcome).toMatchObject({ kind: 'verified', reason: 'restored' })
    expect(await one('select count(*) as n from vessels_at_sea')).toEqual({ n: '120' })
  })

  it('when it was dropped: it comes back whole, and nothing is replaced', async () => {
    await ask(world, 'porttrack', 'drop table bookings cascade')
    const run = await decided('/recover db porttrack table public.bookings from nightly.dump')
    await confirmRun(luis, run.id)
    const { outcome } = await over(run.id)
    expect(outcome).toMatchObject({ kind: 'verified', reason: 'restored', detail: { swapped: true } })
    expect(await one('select count(*) as n from bookings')).toEqual({ n: '900' })
    expect(await one(`select has_table_privilege('porttrack_reader', 'bookings', 'select') as may`)).toEqual({
      may: true,
    })
    expect(await one(`select nextval(pg_get_serial_sequence('bookings', 'id')) as n`)).toEqual({ n: '901' })
  })
})

describe.skipIf(missing !== undefined)('nothing is touched', () => {
  it.each([
    [
      'something depends on it that cannot follow',
      'create materialized view seen as select count(*) from vessels',
      'not_alone',
      'vessels',
    ],
    ['its form is another by now', 'alter table positions add column heading int', 'form_differs', 'positions'],
    ['the backup does not have it', 'create table later (id int)', 'no_such_table', 'later'],
  ])('when %s', async (_, sql, reason, table) => {
    await ask(world, 'porttrack', 'set role porttrack', sql)
    const before = await contents(world)
    const run = await decided(`/recover db porttrack table public.${table} from nightly.dump`, 'ended')
    expect(run.outcome).toMatchObject({ kind: 'refused', reason })
    expect(await contents(world)).toBe(before)
    await until('no copy is left', async () => Object.keys(await databases(world)).length === 1)
  })
})
