import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendAudit, appendAuditOnce, auditHead, listAudit, verifyAudit } from '../../src/store/audit.ts'
import { type Db, transaction } from '../../src/store/db.ts'
import { ana, luis, startTestServer, type TestServer } from './helpers/store.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

async function chain(entries: number): Promise<Db> {
  const db = await server.freshStore()
  for (let n = 1; n <= entries; n++)
    await appendAudit(db, {
      kind: 'step',
      runId: 'R-0001',
      actor: n % 2 === 0 ? luis : ana,
      data: { n, nested: { b: 1, a: [1.5, 'é', null] } },
    })
  return db
}

/** As somebody with all rights on the database would: past the triggers. */
async function tamper(db: Db, sql: string): Promise<void> {
  await transaction(db, async (tx) => {
    await tx.query('set local session_replication_role = replica')
    const { rowCount } = await tx.query(sql)
    if (rowCount !== 1) throw new Error('nothing was tampered with')
  })
}

describe('the audit', () => {
  it('is a chain that fits, also when many write at once', async () => {
    const db = await chain(3)
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => appendAudit(db, { kind: 'request', actor: ana, data: { n } })),
    )
    expect(await verifyAudit(db)).toMatchObject({ kind: 'intact', entries: 33 })
    expect(await verifyAudit(await server.freshStore())).toMatchObject({ kind: 'intact', entries: 0 })
  })

  it('has an entry once that is written again after a crash, for each run and each step', async () => {
    const db = await server.freshStore()
    const step = (runId: 'R-0001' | 'R-0002', name: string) =>
      appendAuditOnce(db, { kind: 'step', runId, actor: ana, data: { state: 'done', step: name } })
    await step('R-0001', 'one')
    await step('R-0001', 'one')
    await step('R-0001', 'two')
    await step('R-0002', 'one')
    const written = (await listAudit(db)).toReversed().map(({ runId, data }) => [runId, data['step']])
    expect(written).toEqual([
      ['R-0001', 'one'],
      ['R-0001', 'two'],
      ['R-0002', 'one'],
    ])
    expect(await verifyAudit(db)).toMatchObject({ kind: 'intact', entries: 3 })
  })

  it('has an entry exactly when the transaction of its event was written', async () => {
    const db = await chain(1)
    await transaction(db, async (tx) => {
      await appendAudit(tx, { kind: 'decision', actor: ana, data: {} })
      throw new Error('given up')
    }).catch(() => undefined)
    expect(await verifyAudit(db)).toMatchObject({ kind: 'intact', entries: 1 })
  })

  it.each([["update audit set data = '{}' where seq = 1"], ['delete from audit where seq = 1'], ['truncate audit']])(
    'refuses the application: %s',
    async (sql) => {
      const db = await chain(2)
      await expect(db.query(sql)).rejects.toThrow('the audit is only added to')
      expect(await verifyAudit(db)).toMatchObject({ kind: 'intact', entries: 2 })
    },
  )

  it.each([
    [
      'a changed actor',
      `update audit set actor = '{"kind":"person","name":"marta"}' where seq = 3`,
      { seq: 3, what: 'changed' },
    ],
    [
      'a changed time',
      `update audit set at = '2020-01-01T00:00:00.000000Z' where seq = 2`,
      { seq: 2, what: 'changed' },
    ],
    [
      'changed data, with its hashed text',
      `update audit set data = '{"n":9}', body = replace(body, '"n":4', '"n":9') where seq = 4`,
      { seq: 4, what: 'changed' },
    ],
    ['a removed entry', 'delete from audit where seq = 3', { seq: 3, what: 'removed' }],
    ['a removed first entry', 'delete from audit where seq = 1', { seq: 1, what: 'removed' }],
    ['a cut tail', 'delete from audit where seq = 5', { seq: 5, what: 'cut' }],
    [
      'an inserted entry',
      `insert into audit select 6, at, kind, run_id, actor, data, body, hash,
         encode(sha256(convert_to(hash || E'\\n6\\n' || at || E'\\n' || body, 'UTF8')), 'hex') from audit where seq = 5`,
      { seq: 6, what: 'inserted' },
    ],
    [
      'an entry replaced by one that is whole in itself',
      `update audit a set previous = repeat('1', 64), hash = encode(sha256(convert_to(repeat('1', 64) || E'\\n4\\n' || at || E'\\n' || body, 'UTF8')), 'hex') where seq = 4`,
      { seq: 4, what: 'inserted' },
    ],
    ['a changed head', `update audit_head set hash = repeat('2', 64)`, { seq: 5, what: 'head_changed' }],
  ])('shows %s', async (_name, sql, verdict) => {
    const db = await chain(5)
    await tamper(db, sql)
    expect(await verifyAudit(db)).toEqual({ kind: 'broken', ...verdict })
  })

  it('shows a cut tail even when the head was set back, to whoever kept an earlier head', async () => {
    const db = await chain(5)
    const witness = await auditHead(db)
    await tamper(db, 'delete from audit where seq = 5')
    await tamper(db, 'update audit_head set seq = 4, hash = (select hash from audit where seq = 4)')
    expect(await verifyAudit(db), 'the chain itself cannot tell').toMatchObject({ kind: 'intact' })
    expect(await verifyAudit(db, witness)).toEqual({ kind: 'broken', seq: 5, what: 'cut' })
    await appendAudit(db, { kind: 'forged', actor: ana, data: {} })
    expect(await verifyAudit(db, witness)).toEqual({ kind: 'broken', seq: 5, what: 'changed' })
  })

  it('keeps no secret, wherever it hides', async () => {
    const db = await chain(0)
    const token = ['xoxb', '1234567890', 'abcdefABCDEF'].join('-')
    await appendAudit(db, {
      kind: 'request',
      actor: ana,
      data: {
        reason: `token ${token} and postgres://app:hunter2@db/x`,
        headers: [{ Authorization: 'Bearer abc.def.ghi' }],
        routing_key: '0123456789abcdef0123456789abcdef',
        reasons: { 'Bearer zzzzzzzzzzzz': 1 },
        kept: 'revision 41 of 0123456789abcdef0123456789abcdef',
      },
    })
    const { rows } = await db.query<{ text: string }>('select body || data::text as text from audit')
    for (const secret of [token, 'hunter2', 'abc.def.ghi', 'zzzzzzzzzzzz']) expect(rows[0]?.text).not.toContain(secret)
    const [entry] = await listAudit(db)
    expect(entry?.data).toMatchObject({
      routing_key: '[secret]',
      kept: 'revision 41 of 0123456789abcdef0123456789abcdef',
    })
    expect(await verifyAudit(db)).toMatchObject({ kind: 'intact' })
  })

  it('takes whatever people write', async () => {
    const db = await chain(0)
    const odd = [
      '\u0000 nul',
      '\u202e right to left',
      '👩‍🚒',
      '\ud800 lone',
      '“smart”',
      '\\u0000',
      'a\nb\u2028c',
      '9007199254740993',
      'x'.repeat(4000),
    ]
    for (const text of odd)
      await appendAudit(db, {
        kind: 'request',
        actor: { kind: 'person', name: text },
        data: { text, n: 1e21, z: -0, f: 0.1 },
      })
    expect(await verifyAudit(db)).toMatchObject({ kind: 'intact', entries: odd.length })
  })

  it('is listed by run, actor and time, newest first, page by page', async () => {
    const db = await chain(4)
    await appendAudit(db, { kind: 'request', runId: 'R-0002', actor: ana, data: {} })
    const seqs = async (query: Parameters<typeof listAudit>[1]) =>
      (await listAudit(db, query)).map((entry) => entry.seq)
    expect(await seqs({})).toEqual([5, 4, 3, 2, 1])
    expect(await seqs({ runId: 'R-0001', limit: 2 })).toEqual([4, 3])
    expect(await seqs({ runId: 'R-0001', limit: 2, before: 3 })).toEqual([2, 1])
    expect(await seqs({ actor: 'luis' })).toEqual([4, 2])
    expect(await seqs({ since: new Date(Date.now() + 60_000) })).toEqual([])
    expect(await seqs({ since: new Date(Date.now() - 60_000), actor: 'ana' })).toEqual([5, 3, 1])
  })
})
