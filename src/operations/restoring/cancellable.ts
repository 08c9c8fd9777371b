import { setTimeout as sleep } from 'node:timers/promises'
import type { Run } from '../types.ts'

export type Cancelled = {
  readonly kind: 'refused'
  readonly reason: 'cancelled'
  readonly detail: Record<string, unknown>
}

/** Ends what takes long when a person cancels: at most a second later. */
export async function cancellable<T>(
  run: Pick<Run<unknown, unknown>, 'stopRequested'>,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T | Cancelled> {
  const cancelled = new AbortController()
  const over = new AbortController()
  const watching = (async () => {
    while (!over.signal.aborted) {
      if (await run.stopRequested().catch(() => false)) return cancelled.abort()
      await sleep(1_000, undefined, { signal: over.signal }).catch(() => undefined)
    }
  })()
  try {
    return await body(cancelled.signal)
  } catch (error) {
    if (cancelled.signal.aborted) return { kind: 'refused', reason: 'cancelled', detail: {} }
    throw error
  } finally {
    over.abort()
    await watching
  }
}
