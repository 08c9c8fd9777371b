import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listApprovals, recordApproval } from '../../src/store/approvals.ts'
import { type Db, transaction } from '../../src/store/db.ts'
import {
  activeRun,
  confirmRun,
  createRun,
  endRun,
  findRunByKey,
  getRun,
  listRuns,
  markRunning,
  markUndone,
  rejectRun,
  requestStop,
  savePlan,
  stopRequested,
} from '../../src/store/runs.ts'
import { ana, fromSlack, luis, someRun, startTestServer, type TestServer } from './helpers/store.ts'

let server: TestServer
let db: Db
beforeAll(async () => {
  server = await startTestServer()
  db = await server.freshStore()
})
afterAll(() => server.stop())

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)
const plan = (hash: string, expiresAt = inMinutes(15)) => ({ plan: { to: 41 }, facts: { now: 42 }, hash, expiresAt })
const verified = { kind: 'verified', reason: 'rolled_back', detail: { to: 41 } } as const

describe('a request becomes a run', () => {
  it('with an id that people can say, the next number after the last', async () => {
    const store = await server.freshStore()
    expect([await someRun(store), await someRun(store), await someRun(store)]).toEqual(['R-0001', 'R-0002', 'R-0003'])
    await store.query(`update counters set value = 9999 where name = 'runs'`)
    expect(await someRun(store)).toBe('R-10000')
  })

  it('once for twenty deliveries of the same Slack request, without using up numbers afterwards', async () => {
    const store = await server.freshStore()
    const ids = await Promise.all(Array.from({ length: 20 }, () => someRun(store, { key: 'Cmd-1' })))
    expect(new Set(ids).size).toBe(1)
    expect(await listRuns(store)).toHaveLength(1)
    const last = await someRun(store, { key: 'Cmd-2' })
    await someRun(store, { key: 'Cmd-1' })
    const next = await someRun(store, { key: 'Cmd-3' })
    expect(Number(next.slice(2)) - Number(last.slice(2))).toBe(1)
  })

  it('and says that a repeated one was not created', async () => {
    const ask = {
      operation: 'rollback',
      params: { app: 'a', note: '<!channel> \u202e "quoted" 👩‍🚒' },
      risk: 'reversible',
      target: 'main/x/deployment/a',
      subject: { kind: 'app', name: 'a' },
      actor: ana,
      origin: fromSlack,
      idempotencyKey: 'again-1',
    }
    const first = await createRun(db, ask)
    const second = await createRun(db, { ...ask, actor: luis })
    expect([first.created, second.created]).toEqual([true, false])
    expect(second.run).toEqual(first.run)
    expect(await findRunByKey(db, 'again-1')).toMatchObject({
      params: ask.params,
      actor: ana,
      origin: fromSlack,
      state: 'planning',
    })
    expect(await findRunByKey(db, 'never')).toBeUndefined()
  })

  it('and is not there when its transaction was given up, nor is its number', async () => {
    const before = await someRun(db)
    await transaction(db, async (tx) => {
      await createRun(tx, {
        operation: 'rollback',
        params: {},
        risk: 'reversible',
        target: 't',
        subject: { kind: 'app', name: 'a' },
        actor: ana,
        origin: fromSlack,
        idempotencyKey: 'given-up',
      })
      throw new Error('given up')
    }).catch(() => undefined)
    expect(await findRunByKey(db, 'given-up')).toBeUndefined()
    expect(Number((await someRun(db)).slice(2))).toBe(Number(before.slice(2)) + 1)
  })
})

describe('the decision', () => {
  it('confirms the plan that was seen, once, and tells the second person who was quicker', async () => {
    const id = await someRun(db)
    await savePlan(db, id, plan('h1'))
    const [first, second] = await Promise.all([
      confirmRun(db, id, { planHash: 'h1', by: ana }),
      confirmRun(db, id, { planHash: 'h1', by: luis }),
    ])
    const kinds = [first.kind, second.kind].sort()
    expect(kinds).toEqual(['already', 'confirmed'])
    const winner = first.kind === 'confirmed' ? ana : luis
    expect([first, second].find((result) => result.kind === 'already')).toEqual({
      kind: 'already',
      state: 'confirmed',
      by: winner,
    })
    expect(await getRun(db, id)).toMatchObject({ state: 'confirmed', confirmedBy: winner })
  })

  it('is refused for a plan that was replaced, and for one that is too old', async () => {
    const id = await someRun(db)
    await savePlan(db, id, plan('h1'))
    await savePlan(db, id, plan('h2'))
    expect(await confirmRun(db, id, { planHash: 'h1', by: ana })).toEqual({ kind: 'stale_plan' })
    await savePlan(db, id, plan('h2', inMinutes(-1)))
    expect(await confirmRun(db, id, { planHash: 'h2', by: ana })).toEqual({ kind: 'expired' })
    expect(await getRun(db, id)).toMatchObject({ state: 'waiting', confirmedBy: undefined })
  })

  it('is refused before there is a plan, for an unknown run, and after the end', async () => {
    const id = await someRun(db)
    expect(await confirmRun(db, id, { planHash: 'h1', by: ana })).toMatchObject({ kind: 'already', state: 'planning' })
    expect(await confirmRun(db, 'R-9998', { planHash: 'h1', by: ana })).toMatchObject({
      kind: 'already',
      state: undefined,
    })
    await savePlan(db, id, plan('h1'))
    expect(await rejectRun(db, id, { by: luis, reason: 'cancelled' })).toMatchObject({
      kind: 'rejected',
      run: { state: 'ended', outcome: { kind: 'not_approved', reason: 'cancelled', detail: { by: 'luis' } } },
    })
    expect(await confirmRun(db, id, { planHash: 'h1', by: ana })).toMatchObject({ kind: 'already', state: 'ended' })
    expect(await rejectRun(db, id, { by: ana, reason: 'cancelled' })).toMatchObject({ kind: 'already', state: 'ended' })
  })

  it('cannot be cancelled once confirmed, and a late plan does not replace a confirmed one', async () => {
    const id = await someRun(db)
    await savePlan(db, id, plan('h1'))
    await confirmRun(db, id, { planHash: 'h1', by: ana })
    expect(await rejectRun(db, id, { by: luis, reason: 'cancelled' })).toEqual({
      kind: 'already',
      state: 'confirmed',
      by: ana,
    })
    await savePlan(db, id, plan('h2'))
    expect(await getRun(db, id)).toMatchObject({ state: 'confirmed', planHash: 'h1' })
  })

  it('counts the words of different people on the same plan, one each', async () => {
    const id = await someRun(db)
    const word = { runId: id, planHash: 'h1', decision: 'approve' } as const
    expect(await recordApproval(db, { ...word, actor: ana })).toEqual({ approvals: 1, rejections: 0, repeated: false })
    expect(await recordApproval(db, { ...word, actor: ana })).toEqual({ approvals: 1, rejections: 0, repeated: true })
    expect(await recordApproval(db, { ...word, actor: ana, decision: 'reject' })).toMatchObject({
      approvals: 1,
      rejections: 0,
    })
    expect(await recordApproval(db, { ...word, planHash: 'h2', actor: luis })).toMatchObject({ approvals: 1 })
    expect(await recordApproval(db, { ...word, actor: luis })).toEqual({ approvals: 2, rejections: 0, repeated: false })
    expect((await listApprovals(db, id, 'h1')).map((row) => row.actor.name)).toEqual(['ana', 'luis'])
  })
})

describe('a run under way', () => {
  it('runs, is asked to stop once, and ends once: the first outcome stands', async () => {
    const id = await someRun(db)
    await savePlan(db, id, plan('h1'))
    await markRunning(db, id)
    expect((await getRun(db, id))?.state, 'not confirmed, so it may not run').toBe('waiting')
    await confirmRun(db, id, { planHash: 'h1', by: ana })
    await markRunning(db, id)
    const startedAt = (await getRun(db, id))?.startedAt
    await markRunning(db, id)
    expect((await getRun(db, id))?.startedAt).toEqual(startedAt)
    expect(await stopRequested(db, id)).toBe(false)
    expect(await requestStop(db, id, luis)).toEqual({ kind: 'asked' })
    expect(await requestStop(db, id, ana)).toEqual({ kind: 'asked_before' })
    expect(await stopRequested(db, id)).toBe(true)
    expect(await endRun(db, id, verified)).toBe(true)
    expect(await endRun(db, id, { ...verified, kind: 'failed' })).toBe(false)
    expect(await requestStop(db, id, ana)).toEqual({ kind: 'too_late' })
    expect(await getRun(db, id)).toMatchObject({
      state: 'ended',
      outcome: verified,
      stopRequestedBy: luis,
      endedAt: expect.any(Date),
    })
  })

  it('is found by target, subject and state, newest first, page by page', async () => {
    const store = await server.freshStore()
    const [a, b, c, d, e] = [
      await someRun(store, { target: 'even' }),
      await someRun(store, { target: 'odd' }),
      await someRun(store, { target: 'even' }),
      await someRun(store, { target: 'odd' }),
      await someRun(store, { target: 'even' }),
    ]
    await savePlan(store, e, plan('h'))
    await confirmRun(store, e, { planHash: 'h', by: ana })
    const idsOf = async (query: Parameters<typeof listRuns>[1]) => (await listRuns(store, query)).map((run) => run.id)
    expect(await idsOf({})).toEqual([e, d, c, b, a])
    expect(await idsOf({ target: 'odd' })).toEqual([d, b])
    expect(await idsOf({ limit: 2, before: d })).toEqual([c, b])
    expect(await idsOf({ states: ['planning'], target: 'even' })).toEqual([c, a])
    expect(await idsOf({ subject: { kind: 'app', name: 'other' } })).toEqual([])
    expect((await activeRun(store, 'even'))?.id).toBe(e)
    expect(await activeRun(store, 'odd')).toBeUndefined()
    await markUndone(store, a, 'R-0099')
    expect((await getRun(store, a))?.undoneBy).toBe('R-0099')
  })
})

it('a reason with characters that PostgreSQL refuses does not stop a rescue', async () => {
  const { run } = await createRun(db, {
    operation: 'rollback',
    params: { reason: 'nul \0 and half \ud83d pairs' },
    risk: 'reversible',
    target: 't',
    subject: { kind: 'app', name: 'a' },
    actor: ana,
    origin: fromSlack,
    idempotencyKey: 'odd-characters',
  })
  expect(run.params).toEqual({ reason: 'nul \ufffd and half \ufffd pairs' })
})
