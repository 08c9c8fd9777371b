import type { RunId } from '../store/types.ts'

/** Timers of this process, one for each run: a run is looked at again soon. Lost with the process, and begun anew by the next one. */
export type Reminders = {
  /** The earlier one stands. */
  set(run: RunId, ms: number): void
  stop(): void
}

export function createReminders(remind: (run: RunId) => Promise<void>): Reminders {
  const waiting = new Map<RunId, { readonly timer: NodeJS.Timeout; readonly due: number }>()
  return {
    set: (run, ms) => {
      const due = performance.now() + ms
      const before = waiting.get(run)
      if (before !== undefined && before.due <= due) return
      clearTimeout(before?.timer)
      const timer = setTimeout(() => {
        waiting.delete(run)
        void remind(run)
      }, ms)
      waiting.set(run, { timer, due })
    },
    stop: () => {
      for (const { timer } of waiting.values()) clearTimeout(timer)
      waiting.clear()
    },
  }
}
