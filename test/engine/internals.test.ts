import * as receiver from '@dbos-inc/dbos-sdk/eventreceiver'
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor'
import * as internals from '@dbos-inc/dbos-sdk/internal/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../../node_modules/@dbos-inc/dbos-sdk/package.json' with { type: 'json' }
import { type Engine, launchEngine } from '../../src/engine/launch.ts'
import { silent, startTestServer, type TestServer } from '../store/helpers/store.ts'

let server: TestServer
let engine: Engine
beforeAll(async () => {
  server = await startTestServer()
  engine = await launchEngine({ databaseUrl: server.url, db: await server.freshStore(), log: silent })
})
afterAll(async () => {
  await engine.stop(0)
  await server.stop()
})

/** What the engine's makers do not promise to keep, and src/engine uses: look here first after an upgrade. */
describe('the internals of DBOS that are used', () => {
  it('are those of the version that was read', () => {
    expect(packageJson.version).toBe('5.3.0')
  })

  it('hand back the workflows of a dead executor', async () => {
    const executor = DBOSExecutor.globalInstance
    expect(executor?.executorID).toBe(engine.executorId)
    expect(await executor?.recoverPendingWorkflows(['nobody'])).toEqual([])
  })

  it('claim and count what is on a queue', () => {
    const system = DBOSExecutor.globalInstance?.systemDatabase
    expect(system?.findAndMarkStartablePartitionedWorkflows).toBeTypeOf('function')
    expect(system?.countRunningWorkflowsForQueue('targets')).toBe(0)
    expect(DBOSExecutor.globalInstance?.dispatchDequeuedWorkflows).toBeTypeOf('function')
    expect(DBOSExecutor.globalInstance?.deactivateEventReceivers).toBeTypeOf('function')
  })

  it('tell the state of a workflow without writing a step', async () => {
    expect(await DBOSExecutor.globalInstance?.getWorkflowStatus('nobody')).toBe(null)
  })

  it('recover by a queue of this name, at our own pace', () => {
    expect(internals.INTERNAL_QUEUE_NAME).toBe('_dbos_internal_queue')
    expect(receiver.registerInternalQueue('_dbos_internal_queue').minPollingIntervalMs).toBe(200)
  })
})
