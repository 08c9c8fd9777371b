import type { Logger } from 'pino'
import type { Desk } from '../operations/desk.ts'
import { listRuns } from '../store/runs.ts'

const everyMs = 5_000
const olderThanMs = 3_000

/**
 * Wakes what a crash left between two writes: a run that was created and whose workflow did not start, or that was
 * confirmed and whose wake-up was lost: its work may have begun, and even ended, before the part of it that waits was woken.
 * Both calls are safe to repeat, by any replica.
 */
export function startSweep(desk: Desk, log: Logger): { stop(): void } {
  const timer = setInterval(
    () =>
      void sweep(desk).catch((error: unknown) =>
        log.warn({ err: error }, 'the sweep failed; the next one tries again'),
      ),
    everyMs,
  )
  return { stop: () => clearInterval(timer) }
}

/** One pass; runs younger than a few seconds are left to the process that is working on them. */
export async function sweep(desk: Desk): Promise<number> {
  const open = await listRuns(desk.services.db, { states: ['planning', 'confirmed', 'running'], limit: 100 })
  const stale = open.filter((run) => Date.now() - (run.confirmedAt ?? run.createdAt).getTime() > olderThanMs)
  for (const run of stale) {
    await desk.workflows.start(run.id)
    if (run.state !== 'planning') await desk.workflows.wake(run.id)
  }
  return stale.length
}
