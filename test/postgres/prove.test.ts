import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { prove } from '../../src/services/postgres/prove.ts'
import type { Expected } from '../../src/services/postgres/prove-checks.ts'
import { type Server, startServer } from './support/server.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

beforeEach(async () => {
  await server.admin('drop database if exists copy with (force)', 'create database copy owner keeper')
  await server.in(
    'copy',
    'create table goods (id serial primary key, what text, at timestamptz)',
    `insert into goods values (1, 'rope', '2026-03-01 10:00+00'), (2, null, '2026-03-02 10:00+00')`,
    `select setval('goods_id_seq', 2)`,
  )
})

/** What the gate reads out of a backup of that database, dumped by a session in this zone. */
function backupOf(rows: string, offset = '+00'): Expected {
  const bytes = Buffer.from(rows)
  const goods = {
    schema: 'public',
    name: 'goods',
    columns: ['id', 'what', 'at'],
    rows: 2,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
  const sequence = { schema: 'public', name: 'goods_id_seq', value: '2', called: true }
  return { tables: [goods], sequences: [sequence], largeObjects: { count: 0 }, utcOffsets: [offset] }
}

const whole = '1\trope\t2026-03-01 10:00:00+00\n2\t\\N\t2026-03-02 10:00:00+00\n'

async function verdicts(expected: Expected): Promise<Record<string, string>> {
  const signal = new AbortController().signal
  const asked = { url: server.url(), shadow: 'copy', expected, timeZone: 'UTC', signal, onProgress: () => undefined }
  const { checks } = await prove(asked)
  return Object.fromEntries(
    checks.map(({ name, verdict, detail }) => [name, verdict === 'pass' ? 'pass' : `${verdict} ${detail}`]),
  )
}
const good = { contents: 'pass', tables: 'pass', indexes: 'pass', sequences: 'pass' }

describe('a copy is proved against its backup', () => {
  it('byte by byte', async () => {
    expect(await verdicts(backupOf(whole))).toEqual(good)
  })

  it('also when it was dumped in another time zone', async () => {
    const dumped = '1\trope\t2026-03-01 05:00:00-05\n2\t\\N\t2026-03-02 05:00:00-05\n'
    expect(await verdicts(backupOf(dumped, '-05'))).toEqual(good)
  })

  it.each([
    ['one changed value', `update goods set what = 'rape' where id = 1`, { contents: 'fail public.goods' }],
    ['an empty text for nothing', `update goods set what = '' where id = 2`, { contents: 'fail public.goods' }],
    ['a row less', 'delete from goods where id = 2', { contents: 'fail public.goods' }],
    ['a table less', 'drop table goods', { contents: 'fail public.goods', sequences: 'fail public.goods_id_seq' }],
    ['a sequence that stands elsewhere', `select setval('goods_id_seq', 1)`, { sequences: 'fail public.goods_id_seq' }],
    [
      'rows in a table that the backup does not know',
      'create table planted as select 1',
      { tables: 'fail public.planted' },
    ],
    ['a large object that it does not know', 'select lo_create(0)', { large_objects: 'fail 1 of 0' }],
  ])('and is refused for %s', async (_what, statement, wrong) => {
    await server.in('copy', statement)
    expect(await verdicts(backupOf(whole))).toMatchObject(wrong)
  })

  it('and for an index that is not valid', async () => {
    await server.in('copy', `insert into goods values (3, 'rope', now())`)
    await server.in('copy', 'create unique index concurrently once on goods (what)').catch(() => undefined)
    expect(await verdicts(backupOf(whole))).toMatchObject({ indexes: 'fail once' })
  })
})
