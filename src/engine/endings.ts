import { setTimeout as sleep } from 'node:timers/promises'
import { DBOS } from '@dbos-inc/dbos-sdk'
// Unversioned by its makers; test/engine/internals.test.ts holds what is used of it.
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor'

/** How soon the end of a child in another process is seen. */
const elsewhereMs = 500
const over = new Set(['SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'])

/** Parents that wait in this process, by the id of the child. */
const waiting = new Map<string, () => void>()

/** Wraps a workflow body so that a parent in this process learns of its end at once. */
export function announcingEnd<Args extends unknown[], Result>(
  body: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const id = DBOS.workflowID
    try {
      return await body(...args)
    } finally {
      if (id !== undefined) waiting.get(id)?.()
    }
  }
}

/**
 * Waits until a child has ended or is about to, without asking the store many times a second as twenty waiting parents
 * would. Only waits, and writes nothing down: a replay just waits again.
 */
export async function untilEnding(id: string): Promise<void> {
  let ended = false
  const here = new Promise<void>((resolve) => {
    waiting.set(id, () => {
      ended = true
      resolve()
    })
  })
  try {
    while (!ended && !(await isOver(id))) await Promise.race([here, sleep(elsewhereMs)])
  } finally {
    waiting.delete(id)
  }
}

async function isOver(id: string): Promise<boolean> {
  const executor = DBOSExecutor.globalInstance
  // Shut down: what follows says so.
  if (executor === undefined) return true
  const found = await executor.getWorkflowStatus(id)
  return found === null || over.has(found.status)
}
