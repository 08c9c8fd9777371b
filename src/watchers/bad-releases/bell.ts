/** Wakes one who waits. */
export type Bell = {
  ring(): void
  /** Until it rings, or the time is over, or the signal. It rings for the next one when nobody waits. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export function createBell(): Bell {
  let rung = false
  let wake = (): void => {}
  return {
    ring: () => {
      rung = true
      wake()
    },
    wait: async (ms, signal) => {
      if (!rung && !signal.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
          signal.addEventListener('abort', wake, { once: true })
        })
      signal.removeEventListener('abort', wake)
      wake = () => {}
      rung = false
    },
  }
}
