import { DBOS } from '@dbos-inc/dbos-sdk'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Engine, launchEngine } from '../../src/engine/launch.ts'
import { targetQueue } from '../../src/engine/queue.ts'
import { retain } from '../../src/engine/retention.ts'
import { awaitMessage, defineWorkflow, durable, sendMessage, startWorkflow } from '../../src/engine/workflow.ts'
import { StoreAwayError } from '../../src/store/away.ts'
import { type Db, openDb } from '../../src/store/db.ts'
import { migrate } from '../../src/store/migrations.ts'
import { endRun, getRun } from '../../src/store/runs.ts'
import { silent, someRun, startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'

let server: TestServer
let engine: Engine | undefined
beforeAll(async () => {
  server = await startTestServer()
})
afterEach(async () => {
  await engine?.stop(0)
  engine = undefined
})
afterAll(() => server.stop())

async function launch(db: Db): Promise<void> {
  engine = await launchEngine({ databaseUrl: server.url, db, log: silent })
}

const ended = (id: string) =>
  until(`${id} ends`, async () => {
    const status = await DBOS.getWorkflowStatus(id)
    return status?.status === 'SUCCESS' || status?.status === 'ERROR' ? status : undefined
  })

describe('starting and waking', () => {
  it('a second start under the same id is a no-op, also when the first has ended', async () => {
    const db = await server.freshStore()
    let bodies = 0
    const once = defineWorkflow('once', async (id: string) => durable('count', async () => `${id} ${++bodies}`))
    await launch(db)
    const starts = await Promise.all(Array.from({ length: 10 }, () => startWorkflow(once, { id: 'R-0001' }, 'a')))
    expect(new Set(starts.map((start) => start.kind))).toEqual(new Set(['started']))
    await ended('R-0001')
    expect(await startWorkflow(once, { id: 'R-0001' }, 'b')).toEqual({ kind: 'started' })
    expect((await ended('R-0001')).output).toBe('a 1')
    expect(bodies).toBe(1)
  })

  it('the same key on another topic is another message; on the same topic it is the same', async () => {
    const db = await server.freshStore()
    const hear = defineWorkflow('hear', async (): Promise<unknown[]> => {
      const heard = [await awaitMessage('plan', 20), await awaitMessage('decided', 20)]
      return [...heard, (await awaitMessage('decided', 0.05)) ?? 'nothing more']
    })
    await launch(db)
    await startWorkflow(hear, { id: 'R-0001' })
    for (const [topic, text] of [
      ['decided', 'yes'],
      ['decided', 'no'],
      ['plan', 'see'],
    ] as const)
      await sendMessage('R-0001', topic, text, 'click-1')
    expect((await ended('R-0001')).output).toEqual(['see', 'yes', 'nothing more'])
  })

  it('a message before the workflow listens is kept; one that nobody can hear breaks nothing; nobody answering is undefined', async () => {
    const db = await server.freshStore()
    const hear = defineWorkflow('hear', async (): Promise<unknown> => {
      await durable('first', async () => undefined)
      return [await awaitMessage('decided', 20), (await awaitMessage('never', 0.05)) ?? 'silence']
    })
    await launch(db)
    await sendMessage('R-9999', 'decided', 'too early', 'k')
    await startWorkflow(hear, { id: 'R-0001' })
    await sendMessage('R-0001', 'decided', 'yes', 'k')
    expect((await ended('R-0001')).output).toEqual(['yes', 'silence'])
    await sendMessage('R-0001', 'decided', 'late', 'k2')
  })

  it('a store that is away is said, and a process can leave nevertheless', async () => {
    const own = await startTestServer()
    const db = openDb(own.url, { log: silent })
    await migrate(db)
    const quick = defineWorkflow('quick', async () => durable('one', async () => 'done'))
    let lost = ''
    const away = await launchEngine({ databaseUrl: own.url, db, log: silent, onLost: (why) => (lost = why) })
    await own.stop()
    expect(await startWorkflow(quick, { id: 'R-0001' })).toEqual({ kind: 'store_away' })
    await expect(getRun(db, 'R-0001')).rejects.toBeInstanceOf(StoreAwayError)
    expect(lost, 'an absent store is no reason to end').toBe('')
    await away.stop(0)
    await db.close()
  })
})

describe('steps', () => {
  it('are tried again while the store is away, and not for any other reason', async () => {
    const db = await server.freshStore()
    let away = 2
    let wrong = 0
    const work = defineWorkflow('work', async (): Promise<string> => {
      const first = await durable('patient', async () => {
        if (away-- > 0) throw new StoreAwayError('restarting')
        return 'patient'
      })
      return durable('wrong', async () => {
        wrong++
        throw Object.assign(new Error('409 conflict'), { name: 'KubernetesError', status: 409 })
      }).catch((error: unknown) => `${first}, then ${error instanceof Error ? error.message : ''}`)
    })
    await launch(db)
    await startWorkflow(work, { id: 'R-0001' })
    expect((await ended('R-0001')).output).toBe('patient, then 409 conflict')
    expect(wrong).toBe(1)
  })
})

describe('a new release of the program', () => {
  it('whose workflow is written otherwise still runs what waited', async () => {
    const db = await server.freshStore()
    const waits = defineWorkflow('run', async (): Promise<string> => {
      await awaitMessage('decided', 60)
      return durable('act', async () => 'old')
    })
    await launch(db)
    await startWorkflow(waits, { id: 'R-0001' })
    await engine?.stop(0)
    defineWorkflow('run', async (): Promise<string> => {
      const heard = await awaitMessage<string>('decided', 60)
      const words = `new, because ${heard}`
      return durable('act', async () => words)
    })
    await launch(db)
    await sendMessage('R-0001', 'decided', 'yes', 'k')
    expect((await ended('R-0001')).output).toBe('new, because yes')
  })
})

describe('the queue and what is kept', () => {
  it('is asked at least five times a second for what others left on it', async () => {
    const db = await server.freshStore()
    await launch(db)
    const queue = await DBOS.retrieveQueue(targetQueue)
    expect(await queue?.getPartitionConcurrency()).toBe(1)
    expect(await queue?.getMinPollingIntervalMs()).toBeLessThanOrEqual(200)
  })

  it('removes ended workflows and runs when they are too old, and nothing that is under way', async () => {
    const db = await server.freshStore()
    const quick = defineWorkflow('quick', async () => durable('one', async () => 'done'))
    const waits = defineWorkflow('waits', async () => awaitMessage('decided', 60))
    await launch(db)
    const [old, active] = [await someRun(db), await someRun(db)]
    await startWorkflow(quick, { id: old })
    await startWorkflow(waits, { id: active })
    await ended(old)
    await endRun(db, old, { kind: 'verified', reason: 'rolled_back', detail: {} })
    await db.query(
      `update runs set created_at = now() - interval '400 days', ended_at = case when ended_at is null then null else now() - interval '400 days' end`,
    )
    await db.query(`update "${db.schema}_dbos".workflow_status set created_at = created_at - 400 * 86400000::bigint`)
    expect(await retain(db, { runsDays: 365, evidenceDays: 90 })).toMatchObject({ runs: 1, workflows: 1 })
    expect(await DBOS.getWorkflowStatus(old)).toBe(null)
    expect(await getRun(db, old)).toBeUndefined()
    expect((await DBOS.getWorkflowStatus(active))?.status).toBe('PENDING')
    expect((await getRun(db, active))?.id).toBe(active)
    expect(await retain(db, { runsDays: 365, evidenceDays: 90 })).toMatchObject({ runs: 0, workflows: 0 })
  })
})

describe('the executor id', () => {
  it('belongs to one process: a second one with the same is refused', async () => {
    const db = await server.freshStore()
    engine = await launchEngine({ databaseUrl: server.url, db, log: silent, executorId: 'one' })
    await expect(launchEngine({ databaseUrl: server.url, db, log: silent, executorId: 'one' })).rejects.toThrow(
      'the executor id "one" is in use by another process',
    )
  })
})
