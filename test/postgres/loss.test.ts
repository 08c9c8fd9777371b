import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
