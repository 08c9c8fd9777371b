import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { WorkflowQueue } from '@dbos-inc/dbos-sdk'
import { DBOS } from '@dbos-inc/dbos-sdk'
// Unversioned by its makers; test/engine/internals.test.ts holds what is used of it.
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor'

/** The queue with one place per target: the partition key is the target. */
export const targetQueue = 'targets'

/** For what other processes left on a queue; one's own is claimed at once, and so is the next in line (`dispatchNow`). */
export const queuePollMs = 200

let dispatcher: (() => void) | undefined

/** Registers the queue and lets `dispatchNow` work; after the engine has launched. */
export async function openTargetQueue(): Promise<void> {
  const queue = await DBOS.registerQueue(targetQueue, {
    partitionConcurrency: 1,
    minPollingIntervalMs: queuePollMs,
    onConflict: 'always_update',
  })
  // Outside any workflow: what is claimed must not look like a part of the one that enqueued it.
  const outside = AsyncLocalStorage.snapshot()
  let busy = false
  let again = false
  const run = async (): Promise<void> => {
    busy = true
    do {
      again = false
      await claim(queue)
    } while (again)
    busy = false
  }
  dispatcher = () => {
    again = true
    if (!busy)
      outside(
        () =>
          void run()
            .catch(() => undefined)
            .finally(() => (busy = false)),
      )
  }
}

export function closeTargetQueue(): void {
  dispatcher = undefined
}

/** Claims what waits on the queue at once instead of at the next poll. Does nothing when the engine is down: polling will. */
export function dispatchNow(): void {
  dispatcher?.()
}

/** What the engine's own poll does; a claim is one transaction, so any number of claimers share a queue. */
async function claim(queue: WorkflowQueue): Promise<void> {
  const executor = DBOSExecutor.globalInstance
  if (executor === undefined) return
  const ownerXid = randomUUID()
  const ids = await executor.systemDatabase.findAndMarkStartablePartitionedWorkflows(
    queue,
    executor.executorID,
    DBOS.applicationVersion,
    Number.POSITIVE_INFINITY,
    ownerXid,
  )
  await executor.dispatchDequeuedWorkflows(ids, ownerXid)
}

/** Workflows of the queue that run in this process now. */
export function runningHere(): number {
  return DBOSExecutor.globalInstance?.systemDatabase.countRunningWorkflowsForQueue(targetQueue) ?? 0
}
