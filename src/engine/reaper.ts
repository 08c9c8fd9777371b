import { DBOS } from '@dbos-inc/dbos-sdk'
// Unversioned by its makers; test/engine/internals.test.ts holds what is used of it.
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor'
import type { Logger } from 'pino'
import type { ExecutorLock } from './executor-lock.ts'

const everyMs = 400
/** After a lost store all replicas come back at once: each gets this long before it counts as dead. */
const graceMs = 3_000

export type Reaper = { stop(): Promise<void> }

/**
 * Finds executors whose process is gone and has their workflows run again, here or wherever there is room. The engine
 * alone would leave them pending for ever.
 */
export function startReaper(lock: ExecutorLock, log: Logger): Reaper {
  const launched = lock.heldSince()
  let stopped = false
  let pass: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout
  const loop = () => {
    const calm = lock.heldSince() === launched || Date.now() - lock.heldSince() > graceMs
    pass = (calm ? reap(lock, log) : Promise.resolve())
      .catch((error: unknown) => log.warn({ err: error }, 'could not look for executors that died'))
      .finally(() => {
        if (!stopped) timer = setTimeout(loop, everyMs)
      })
  }
  timer = setTimeout(loop, 0)
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await pass
    },
  }
}

/** One pass. @returns the executors that were taken over */
async function reap(lock: ExecutorLock, log: Logger): Promise<string[]> {
  const pending = await DBOS.listWorkflows({ status: 'PENDING', loadInput: false, loadOutput: false })
  const others = new Set(pending.flatMap((workflow) => workflow.executorId ?? []))
  others.delete(lock.executorId)
  const dead: string[] = []
  for (const other of others) {
    const taken = await lock.ifDead(other, async () => {
      const workflows = await DBOSExecutor.globalInstance?.recoverPendingWorkflows([other])
      log.warn(
        { executor: other, workflows: workflows?.map((workflow) => workflow.workflowID) },
        'took over from a process that died',
      )
    })
    if (taken) dead.push(other)
  }
  return dead
}
