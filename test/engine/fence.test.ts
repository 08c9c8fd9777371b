import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ActBlockedError, ActUnknownError } from '../../src/engine/fence.ts'
import { fenced } from '../../src/engine/workflow.ts'
import { StoreAwayError } from '../../src/store/away.ts'
import type { Db } from '../../src/store/db.ts'
import { actsOfRun, beginAct, openActs } from '../../src/store/ledger.ts'
import { endRun } from '../../src/store/runs.ts'
import type { RunId } from '../../src/store/types.ts'
import { someRun, startTestServer, type TestServer } from '../store/helpers/store.ts'

let server: TestServer
let db: Db
beforeAll(async () => {
  server = await startTestServer()
  db = await server.freshStore()
})
afterAll(() => server.stop())

type Seen = { kind: 'done'; result: string } | { kind: 'not_done' } | { kind: 'unknown'; why: string }

/** A step on a target of its own, with what happens to it counted. */
async function scene(outside: { act?: () => Promise<string>; look?: () => Promise<Seen> }, target?: string) {
  const runId = await someRun(db)
  const step = { runId, name: 'restore', target: target ?? `target of ${runId}` }
  const calls = { act: 0, look: 0 }
  const fence = {
    intent: { to: 41 },
    act: async () => {
      calls.act++
      return outside.act === undefined ? 'patched' : outside.act()
    },
    look: async (): Promise<Seen> => {
      calls.look++
      return outside.look === undefined ? { kind: 'unknown', why: 'not to be asked' } : outside.look()
    },
  }
  const crash = () => beginAct(db, { key: `${runId}/restore`, runId, target: step.target, intent: fence.intent })
  return { runId, step, calls, run: () => fenced(db, step, fence), crash }
}

const states = async (runId: RunId) => (await actsOfRun(db, runId)).map((act) => act.state)

describe('an act behind the fence', () => {
  it('is done once, and a replay gets its result without looking', async () => {
    const { run, calls, runId } = await scene({})
    expect([await run(), await run()]).toEqual(['patched', 'patched'])
    expect(calls).toEqual({ act: 1, look: 0 })
    expect(await states(runId)).toEqual(['done'])
  })

  it('after a crash, and seen to be done, is not done again', async () => {
    const { run, calls, crash } = await scene({ look: async () => ({ kind: 'done', result: 'seen' }) })
    await crash()
    expect([await run(), await run()]).toEqual(['seen', 'seen'])
    expect(calls).toEqual({ act: 0, look: 1 })
  })

  it('after a crash, and seen not to be done, is done', async () => {
    const { run, calls, crash } = await scene({ look: async () => ({ kind: 'not_done' }) })
    await crash()
    expect(await run()).toBe('patched')
    expect(calls).toEqual({ act: 1, look: 1 })
  })

  it('after a crash, when nobody can tell, is left to people, however often it is tried', async () => {
    const { run, calls, crash, runId } = await scene({
      look: async () => ({ kind: 'unknown', why: 'two revisions match' }),
    })
    await crash()
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(run()).rejects.toMatchObject({ name: 'ActUnknownError', act: 'restore', why: 'two revisions match' })
    expect(calls.act).toBe(0)
    expect(await states(runId)).toEqual(['started'])
    expect((await openActs(db)).map((act) => act.runId)).toContain(runId)
  })

  it('whose answer was lost, and seen to be done, gives its result', async () => {
    const { run, calls } = await scene({
      act: async () => Promise.reject(new Error('socket hang up')),
      look: async () => ({ kind: 'done', result: 'seen' }),
    })
    expect([await run(), await run()]).toEqual(['seen', 'seen'])
    expect(calls).toEqual({ act: 1, look: 1 })
  })

  it('that was refused and did nothing says why, and may be tried again', async () => {
    let refusals = 1
    const { run, calls, runId } = await scene({
      act: async () => (refusals-- > 0 ? Promise.reject(new Error('409 conflict')) : 'patched'),
      look: async () => ({ kind: 'not_done' }),
    })
    await expect(run()).rejects.toThrow('409 conflict')
    expect(await states(runId)).toEqual(['not_done'])
    expect(await run()).toBe('patched')
    expect(calls.act).toBe(2)
  })

  it('whose answer was lost, in a world that cannot be read, is left to people', async () => {
    const { run, calls, runId } = await scene({
      act: async () => Promise.reject(new Error('socket hang up')),
      look: async () => Promise.reject(new Error('the API server is away')),
    })
    const error = await run().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ActUnknownError)
    expect(error).toMatchObject({ why: 'the API server is away', cause: { message: 'socket hang up' } })
    await expect(run()).rejects.toThrow('the API server is away')
    expect(calls.act).toBe(1)
    expect(await states(runId)).toEqual(['started'])
  })

  it('during which the store went away is looked at before anything else', async () => {
    const { run, calls } = await scene({
      act: async () => Promise.reject(new StoreAwayError('gone')),
      look: async () => ({ kind: 'done', result: 'seen' }),
    })
    await expect(run()).rejects.toBeInstanceOf(StoreAwayError)
    expect(calls).toEqual({ act: 1, look: 0 })
    expect(await run()).toBe('seen')
    expect(calls).toEqual({ act: 1, look: 1 })
  })

  it('waits for no other act on its target: it is refused, until the other run has ended', async () => {
    const other = await scene({}, 'shared')
    const { run, calls } = await scene({}, 'shared')
    await other.crash()
    const error = await run().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ActBlockedError)
    expect(error).toMatchObject({ run: other.runId })
    expect(calls.act).toBe(0)
    await endRun(db, other.runId, { kind: 'failed', reason: 'act_unknown', detail: {} })
    expect(await run()).toBe('patched')
  })
})
