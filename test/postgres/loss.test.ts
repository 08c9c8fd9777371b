import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withClient } from '../../src/services/postgres/client.ts'
import { fixOutput, hashTable } from '../../src/services/postgres/content.ts'
import { previewLoss } from '../../src/services/postgres/loss.ts'
import { type Server, startServer } from './support/server.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

const schema = [
  'create table orders (id int primary key, what text, paid boolean)',
  'create table seen (at timestamptz, who text)',
  'create table pairs (a int, b text, v int, primary key (b, a))',
  `insert into orders select n, 'thing ' || n, n % 2 = 0 from generate_series(1, 3000) n`,
  `insert into seen select timestamptz '2026-01-01' + n * interval '1 hour', 'ana' from generate_series(1, 50) n`,
  `insert into pairs select n, 'x' || n % 7, n from generate_series(1, 200) n`,
]

/** What COPY says of each table, as a backup's own bytes would. */
async function bytesOf(database: string) {
  const tables = { orders: ['id', 'what', 'paid'], seen: ['at', 'who'], pairs: ['a', 'b', 'v'] }
  return withClient(server.url(), { database }, async (client) => {
    await fixOutput(client, 'UTC')
    const found = []
    for (const [name, columns] of Object.entries(tables)) {
      const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from ${name}`)
      found.push({
        schema: 'public',
        name,
        columns,
        rows: rows[0]?.n ?? 0,
        ...(await hashTable(client, { schema: 'public', name, columns })),
      })
    }
    return found
  })
}

let made = 0
async function twoSides(onlyLive: readonly string[], onlyBackup: readonly string[] = []) {
  const [live, next] = [`live_${++made}`, `next_${made}`]
  await server.admin(`create database ${live} owner keeper`, `create database ${next} owner keeper`)
  await server.in(live, ...schema, ...onlyLive)
  await server.in(next, ...schema, ...onlyBackup)
  return previewLoss({ url: server.url(), live, next })
}

describe('what the live database has and the backup has not', () => {
  it('is nothing when both hold the same, in whatever order it was written', async () => {
    const loss = await twoSides(['delete from orders where id = 7', `insert into orders values (7, 'thing 7', false)`])
    expect(loss).toMatchObject({ tables: [], onlyLiveTables: [], unknown: [], lostRows: 0, compared: 3 })
  })

  it('is counted by table with the keys of rows that were written, changed or removed since', async () => {
    const loss = await twoSides([
      `insert into orders select n, 'new', true from generate_series(3001, 3007) n`,
      `update orders set paid = not paid where id in (11, 12)`,
      'delete from orders where id between 100 and 119',
      `update pairs set v = 0 where a = 5`,
    ])
    expect(
      loss.tables.map(({ table, onlyLive, changed, onlyBackup }) => ({ table, onlyLive, changed, onlyBackup })),
    ).toEqual([
      { table: 'public.orders', onlyLive: 7, changed: 2, onlyBackup: 20 },
      { table: 'public.pairs', onlyLive: 0, changed: 1, onlyBackup: 0 },
    ])
    expect(loss.lostRows).toBe(10)
    const [orders, pairs] = loss.tables
    expect(orders?.examples).toHaveLength(5)
    for (const key of orders?.examples ?? [])
      expect(['11', '12', '3001', '3002', '3003', '3004', '3005', '3006', '3007']).toContain(key)
    expect(pairs?.examples).toEqual(['x5, 5'])
  })

  it('finds each row, whether changes lie together, far apart, below nothing, or everywhere', async () => {
    const many = `insert into orders select n, 'many', false from generate_series(10001, 260000) n`
    const far = 'insert into orders values (-2147483648, null, null), (2147483647, null, null)'
    const loss = await twoSides(
      [
        many,
        far,
        `update orders set what = 'other' where id % 1000 = 0 and id > 10000`,
        'delete from orders where id = 70000',
      ],
      [many],
    )
    expect(loss.tables).toMatchObject([{ table: 'public.orders', onlyLive: 2, changed: 249, onlyBackup: 1 }])
    expect(loss.lostRows).toBe(251)
  })

  it('counts equal rows of a table without a key as often as they are there', async () => {
    const again = `insert into seen values ('2026-05-05', 'luis')`
    const loss = await twoSides([again, again, again], [again])
    expect(loss.tables).toMatchObject([{ table: 'public.seen', onlyLive: 2, changed: 0, onlyBackup: 0, examples: [] }])
  })

  it('names tables and columns that the backup does not know', async () => {
    const loss = await twoSides(
      ['create table coupons as select 1 as id', 'alter table orders add column tax int default 3'],
      ['create table legacy as select 1 as id'],
    )
    expect(loss).toMatchObject({
      tables: [],
      onlyLiveTables: [{ table: 'public.coupons', rows: 1 }],
      onlyBackupTables: ['public.legacy'],
      columns: [{ table: 'public.orders', columns: ['tax'] }],
      lostRows: 1,
    })
  })

  it('knows a table that only grew since its backup from the bytes of that alone', async () => {
    const [live, next] = [`live_${++made}`, `next_${made}`]
    await server.admin(`create database ${live} owner keeper`, `create database ${next} owner keeper`)
    await server.in(live, ...schema)
    const backup = { tables: await bytesOf(live), timeZone: 'UTC' }
    await server.in(
      live,
      `insert into pairs select n, 'new', 1 from generate_series(3001, 3007) n`,
      'update orders set paid = null where id = 5',
    )
    // The other side is empty: whoever compared rows would find hundreds.
    await server.in(next, ...schema, 'truncate pairs, seen')
    const loss = await previewLoss({ url: server.url(), live, next, backup })
    expect(loss.tables).toEqual([
      {
        table: 'public.pairs',
        onlyLive: 7,
        changed: 0,
        onlyBackup: 0,
        examples: ['new, 3001', 'new, 3002', 'new, 3003', 'new, 3004', 'new, 3005'],
      },
      { table: 'public.orders', onlyLive: 0, changed: 1, onlyBackup: 0, examples: ['5'] },
    ])
  })

  it.each([
    ['a row was written', `insert into seen values (now(), 'marta')`],
    ['a row was changed', `update seen set who = 'luis' where at = (select min(at) from seen)`],
    [
      'a row was removed and another written',
      `with gone as (delete from seen where at = (select min(at) from seen)) insert into seen values (now(), 'marta')`,
    ],
    ['a transaction that was open before is over', undefined],
  ])('the second time looks again only where %s', async (_, statement) => {
    const [live, next] = [`live_${++made}`, `next_${made}`]
    await server.admin(`create database ${live} owner keeper`, `create database ${next} owner keeper`)
    for (const side of [live, next]) await server.in(side, ...schema)
    const open = await server.stay(live)
    await open.query('begin')
    await open.query(`insert into seen values (now(), 'open before')`)
    const before = await previewLoss({ url: server.url(), live, next })
    expect(before.lostRows).toBe(0)
    await open.query(statement === undefined ? 'commit' : 'rollback')
    await open.end()
    if (statement !== undefined) await server.in(live, statement)
    // As if it had been other than it is: what nobody touched since is not read again.
    await server.in(next, 'truncate orders')
    const again = await previewLoss({ url: server.url(), live, next, before })
    expect(again.tables).toMatchObject([{ table: 'public.seen', onlyLive: 1 }])
  })

  it('says which table it could not compare, instead of counting it as equal', async () => {
    const [live, next] = [`live_${++made}`, `next_${made}`]
    await server.admin(`create database ${live} owner keeper`, `create database ${next} owner keeper`)
    for (const side of [live, next]) await server.in(side, ...schema)
    const stranger = await server.stay(live)
    await stranger.query('create table private (id int primary key)')
    await stranger.end()
    await server.in(next, 'create table private (id int primary key)')
    const loss = await previewLoss({ url: server.url(), live, next })
    expect(loss.unknown).toMatchObject([{ table: 'public.private' }])
    expect(loss.compared).toBe(3)
  })
})
