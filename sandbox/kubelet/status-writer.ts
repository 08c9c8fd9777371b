import { hasStatus } from '../../src/services/kubernetes/api/errors.ts'
import { pause } from '../../src/services/kubernetes/api/pause.ts'

export type StatusWriter = {
  /** Something has changed. */
  write(): void
  /** Resolves when all is written. */
  settled(): Promise<void>
}

/** Writes one after another, always the newest; changes that come while one is on its way are written together. */
export function createStatusWriter(
  signal: AbortSignal,
  send: () => Promise<void>,
  onRefused: (message: string) => void,
): StatusWriter {
  let wanted = false
  let last: Promise<void> = Promise.resolve()
  const once = async (): Promise<void> => {
    wanted = false
    if (signal.aborted) return
    try {
      await send()
    } catch (error) {
      // Gone, or another pod of the same name: nothing is left to tell.
      if (hasStatus(error, 404, 409)) return
      if (hasStatus(error, 422)) return onRefused(String(error))
      await pause(500, signal)
      write()
    }
  }
  const write = (): void => {
    if (wanted || signal.aborted) return
    wanted = true
    last = last.then(once)
  }
  const settled = async (): Promise<void> => {
    for (let seen: Promise<void> | undefined; seen !== last; ) {
      seen = last
      await seen
    }
  }
  return { write, settled }
}
