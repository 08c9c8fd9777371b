import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Db, transaction } from '../../src/store/db.ts'
import { holdOf, listHolds, releaseHold, takeHold } from '../../src/store/holds.ts'
import { actsOfRun, beginAct, endAct, openActs, settle } from '../../src/store/ledger.ts'
import { endRun } from '../../src/store/runs.ts'
import { ana, luis, someRun, startTestServer, type TestServer } from './helpers/store.ts'

let server: TestServer
let db: Db
beforeAll(async () => {
  server = await startTestServer()
  db = await server.freshStore()
})
afterAll(() => server.stop())

describe('one run per target', () => {
  it('twenty clicks at once: one holds, the others learn who', async () => {
    const target = 'main/x/deployment/twenty'
    const runs = await Promise.all(Array.from({ length: 20 }, () => someRun(db, { target })))
    const results = await Promise.all(runs.map((runId) => takeHold(db, { target, runId, actor: ana })))
    expect(results.filter((result) => result.kind === 'taken')).toHaveLength(1)
    const holder = await holdOf(db, target)
    for (const result of results) if (result.kind === 'held') expect(result.by).toEqual(holder)
  })

  it('is free for the same run again, and freed only by its holder', async () => {
    const hold = { target: 'main/x/deployment/again', runId: await someRun(db), actor: luis }
    const other = await someRun(db)
    expect(await takeHold(db, hold)).toEqual({ kind: 'taken' })
    expect(await takeHold(db, hold)).toEqual({ kind: 'taken' })
    await releaseHold(db, { target: hold.target, runId: other })
    expect(await takeHold(db, { ...hold, runId: other })).toMatchObject({
      kind: 'held',
      by: { runId: hold.runId, actor: luis },
    })
    expect((await listHolds(db)).map((row) => row.runId)).toContain(hold.runId)
    await releaseHold(db, hold)
    expect(await holdOf(db, hold.target)).toBeUndefined()
    expect(await takeHold(db, { ...hold, runId: other })).toEqual({ kind: 'taken' })
  })

  it('goes with the transaction that took it', async () => {
    const hold = { target: 'main/x/deployment/rolled-back', runId: await someRun(db), actor: ana }
    await transaction(db, async (tx) => {
      await takeHold(tx, hold)
      throw new Error('the plan was stale')
    }).catch(() => undefined)
    expect(await holdOf(db, hold.target)).toBeUndefined()
  })
})

describe('the ledger', () => {
  const act = async (name: string, target: string) => {
    const runId = await someRun(db, { target })
    return { key: `${runId}/${name}`, runId, target, intent: { patch: name } }
  }

  it('lets an act begin once; a replay gets its result', async () => {
    const one = await act('restore', 'l1')
    expect(await beginAct(db, one)).toEqual({ kind: 'begun' })
    await endAct(db, one.key, { revision: 43 })
    expect(await beginAct(db, one)).toEqual({ kind: 'done', result: { revision: 43 } })
  })

  it('of ten processes that begin the same act at once, one begins', async () => {
    const one = await act('race', 'l2')
    const begun = await Promise.all(Array.from({ length: 10 }, () => beginAct(db, one)))
    expect(begun.filter((beginning) => beginning.kind === 'begun')).toHaveLength(1)
    expect(begun.filter((beginning) => beginning.kind === 'unfinished')).toHaveLength(9)
  })

  it('found begun and not ended, it says so with what was intended, until the world was asked', async () => {
    const one = await act('restore', 'l3')
    await beginAct(db, one)
    expect(await beginAct(db, one)).toEqual({ kind: 'unfinished', intent: one.intent })
    await settle(db, one.key, 'not_done')
    expect(await beginAct(db, one)).toEqual({ kind: 'begun' })
  })

  it('refuses a second act on the target while the first is open', async () => {
    const first = await act('restore', 'l4')
    const second = await act('scale', 'l4')
    await beginAct(db, first)
    expect(await beginAct(db, second)).toMatchObject({ kind: 'blocked', by: { runId: first.runId, key: first.key } })
    expect((await openActs(db)).map((row) => row.key)).toContain(first.key)
    await endAct(db, first.key, null)
    expect(await beginAct(db, second)).toEqual({ kind: 'begun' })
  })

  it('does not block the target for ever with an act whose run has ended: the next plan was read after it', async () => {
    const first = await act('restore', 'l5')
    const second = await act('restore', 'l5')
    await beginAct(db, first)
    await endRun(db, first.runId, { kind: 'failed', reason: 'act_unknown', detail: {} })
    expect(await beginAct(db, second)).toEqual({ kind: 'begun' })
    expect(await actsOfRun(db, first.runId)).toMatchObject([{ state: 'superseded' }])
    expect(await beginAct(db, first), 'a late replay never acts again').toMatchObject({ kind: 'unfinished' })
  })
})
