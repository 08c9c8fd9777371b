import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Db, transaction } from '../../src/store/db.ts'
import {
  claim,
  enqueue,
  listen,
  type OutboxEntry,
  pending,
  postpone,
  renew,
  runCard,
  settle,
} from '../../src/store/outbox.ts'
import { beginStep, closeSteps, endStep, listSteps, planSteps, reportStep } from '../../src/store/steps.ts'
import { someRun, startTestServer, type TestServer } from './helpers/store.ts'
import { until } from './helpers/until.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const message = (key: string, lane = 'a', more: Partial<OutboxEntry> = {}): OutboxEntry => ({
  to: 'slack',
  lane,
  key,
  kind: 'post',
  payload: { text: key },
  ...more,
})

/** Claims and settles until nothing is due; the keys in the order of delivery. */
async function deliverAll(db: Db): Promise<string[]> {
  const keys: string[] = []
  for (;;) {
    const claimed = await claim(db, 'slack', { limit: 10 })
    if (claimed.length === 0) return keys
    for (const entry of claimed) {
      keys.push(entry.key)
      await settle(db, entry)
    }
  }
}

describe('what Slack must learn', () => {
  it('is delivered in the order of its lane, and once, whatever was enqueued twice', async () => {
    const db = await server.freshStore()
    for (const key of ['a1', 'a2', 'a1', 'a3']) await enqueue(db, message(key))
    expect(await deliverAll(db)).toEqual(['a1', 'a2', 'a3'])
    await enqueue(db, message('a2'))
    expect(await deliverAll(db), 'delivered before').toEqual([])
  })

  it('is there exactly when the state that it tells of is', async () => {
    const db = await server.freshStore()
    await transaction(db, async (tx) => {
      await enqueue(tx, message('never'))
      throw new Error('given up')
    }).catch(() => undefined)
    await transaction(db, (tx) => enqueue(tx, message('told')))
    expect(await deliverAll(db)).toEqual(['told'])
  })

  it('goes to one of many claimers, and one lane to one claimer at a time', async () => {
    const db = await server.freshStore()
    for (const lane of ['a', 'b', 'c']) for (const n of [1, 2, 3]) await enqueue(db, message(`${lane}${n}`, lane))
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(db, 'slack', { limit: 2 })))
    expect(
      claims
        .flat()
        .map((entry) => entry.key)
        .sort(),
    ).toEqual(['a1', 'b1', 'c1'])
    expect(await claim(db, 'slack', { limit: 10 }), 'every lane is being worked').toEqual([])
    expect(await claim(db, 'pagerduty', { limit: 10 })).toEqual([])
  })

  it('of a lane whose head was refused waits behind it; other lanes go on', async () => {
    const db = await server.freshStore()
    for (const [key, lane] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
    ] as const)
      await enqueue(db, message(key, lane))
    const [head] = await claim(db, 'slack', { limit: 1 })
    if (head === undefined) throw new Error('nothing was claimed')
    expect(await postpone(db, head, { seconds: 60, error: 'ratelimited' })).toEqual({ kind: 'postponed' })
    expect(await deliverAll(db)).toEqual(['b1'])
    expect(await pending(db, 'slack')).toMatchObject({ count: 2 })
    await db.query(`update outbox set not_before = now() where key = 'a1'`)
    const [again] = await claim(db, 'slack', { limit: 1 })
    expect(again).toMatchObject({ key: 'a1', attempts: 2 })
  })

  it('stays with a claimer that is slow and says so', async () => {
    const db = await server.freshStore()
    await enqueue(db, message('a1'))
    const [slow] = await claim(db, 'slack', { limit: 1, leaseSeconds: 0 })
    if (slow === undefined) throw new Error('nothing was claimed')
    await renew(db, slow)
    expect(await claim(db, 'slack', { limit: 1 })).toEqual([])
    expect(await settle(db, slow)).toEqual({ kind: 'settled' })
  })

  it('is taken up by another claimer when the first one died, whose late word no longer counts', async () => {
    const db = await server.freshStore()
    await enqueue(db, message('a1'))
    const [dead] = await claim(db, 'slack', { limit: 1, leaseSeconds: 0 })
    const [alive] = await claim(db, 'slack', { limit: 1 })
    if (dead === undefined || alive === undefined) throw new Error('nothing was claimed')
    expect(alive.id).toBe(dead.id)
    expect(await settle(db, dead)).toEqual({ kind: 'lost' })
    expect(await postpone(db, dead, { seconds: 1, error: 'x' })).toEqual({ kind: 'lost' })
    expect(await settle(db, alive, { ts: '1.2' })).toEqual({ kind: 'settled' })
    expect((await pending(db, 'slack')).count).toBe(0)
  })
})

describe('a card that shows present state', () => {
  const card = (text: string) => message('card', 'a', { coalesce: true, payload: { text } })

  it('is one message however often the state changes before it is delivered, with the last payload', async () => {
    const db = await server.freshStore()
    for (const text of ['1', '2', '3']) await enqueue(db, card(text))
    const claimed = await claim(db, 'slack', { limit: 10 })
    expect(claimed.map((entry) => entry.payload)).toEqual([{ text: '3' }])
  })

  it('is due again when the state changes while it is being delivered, and after it was', async () => {
    const db = await server.freshStore()
    await enqueue(db, card('1'))
    const [first] = await claim(db, 'slack', { limit: 1 })
    if (first === undefined) throw new Error('nothing was claimed')
    await enqueue(db, card('2'))
    expect(await claim(db, 'slack', { limit: 1 }), 'not to two at once').toEqual([])
    expect(await settle(db, first)).toEqual({ kind: 'again' })
    const [second] = await claim(db, 'slack', { limit: 1 })
    if (second === undefined) throw new Error('nothing was claimed')
    expect(second.payload).toEqual({ text: '2' })
    expect(await settle(db, second)).toEqual({ kind: 'settled' })
    await enqueue(db, card('3'))
    expect(await deliverAll(db)).toEqual(['card'])
  })

  it('does not overtake what was enqueued after it was last delivered', async () => {
    const db = await server.freshStore()
    await enqueue(db, card('1'))
    await deliverAll(db)
    await enqueue(db, message('thread'))
    await enqueue(db, card('2'))
    expect(await deliverAll(db)).toEqual(['thread', 'card'])
  })
})

describe('delivery', () => {
  it('is woken by what is enqueued for its recipient, also after its connection was cut', async () => {
    const db = await server.freshStore()
    let calls = 0
    const listener = listen(db, 'slack', () => calls++)
    await until('the first call, on connection', () => calls === 1)
    await enqueue(db, message('p', 'a', { to: 'pagerduty' }))
    await enqueue(db, message('s1'))
    await until('a call for the message', () => calls === 2)
    await db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and query like 'listen outbox_' || $1`,
      [db.schema],
    )
    await until('a call after the connection came back', () => calls === 3)
    await enqueue(db, message('s2'))
    await until('a call on the new connection', () => calls === 4)
    await listener.stop()
    const { rows } = await db.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where query like 'listen outbox_' || $1 and pid <> pg_backend_pid()`,
      [db.schema],
    )
    expect(rows[0]?.count, 'a stopped listener holds no connection').toBe(0)
  })
})

describe('the steps of a run', () => {
  it('are planned once, announced before and after, and put the card on its way each time', async () => {
    const db = await server.freshStore()
    const run = await someRun(db)
    await planSteps(db, run, ['compare', 'restore', 'await'])
    await planSteps(db, run, ['compare', 'restore', 'await'])
    await enqueue(db, runCard(run))
    await deliverAll(db)
    const changes = [
      () => beginStep(db, run, 'compare'),
      () => endStep(db, run, 'compare', 'done'),
      () => beginStep(db, run, 'restore'),
      () => reportStep(db, run, 'restore', { ready: 2, wanted: 3 }),
      () => endStep(db, run, 'restore', 'failed'),
    ]
    for (const change of changes) {
      await change()
      const [entry] = await claim(db, 'slack', { limit: 1 })
      const { coalesce: _coalesce, ...card } = runCard(run)
      expect(entry).toMatchObject(card)
      if (entry !== undefined) await settle(db, entry)
    }
    await closeSteps(db, run, 'failed')
    expect((await listSteps(db, run)).map((step) => [step.position, step.name, step.state, step.progress])).toEqual([
      [1, 'compare', 'done', {}],
      [2, 'restore', 'failed', { ready: 2, wanted: 3 }],
      [3, 'await', 'skipped', {}],
    ])
  })

  it('keep when they first began through a repetition, and take up one that nobody planned', async () => {
    const db = await server.freshStore()
    const run = await someRun(db)
    await planSteps(db, run, ['one'])
    await beginStep(db, run, 'one')
    const first = (await listSteps(db, run))[0]?.startedAt
    expect(first).toBeInstanceOf(Date)
    await beginStep(db, run, 'one')
    await beginStep(db, run, 'extra')
    const steps = await listSteps(db, run)
    expect(steps.map((step) => step.name)).toEqual(['one', 'extra'])
    expect(steps[0]?.startedAt).toEqual(first)
    await endStep(db, run, 'one', 'done')
    await reportStep(db, run, 'one', { late: true })
    expect((await listSteps(db, run))[0]?.progress, 'a report that comes late changes nothing').toEqual({})
    await closeSteps(db, run, 'failed')
    expect((await listSteps(db, run)).map((step) => step.state)).toEqual(['done', 'failed'])
  })
})
