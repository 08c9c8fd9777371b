import type { Logger } from 'pino'
import { hasStatus } from '../api/errors.ts'
import { pause } from '../api/pause.ts'

export type KeepWatching = {
  readonly signal: AbortSignal
  readonly log: Logger
  readonly path: string
  /** Ceiling of the back-off, ms. */
  readonly longestPauseMs?: number
  /** A complete list; gives its version. */
  readonly relist: () => Promise<string>
  /** Watches from a version until the server ends it; gives the last version seen. */
  readonly follow: (version: string) => Promise<string>
}

/** Lists and watches until the signal says stop, with growing pauses after failures. */
export async function keepWatching({
  signal,
  log,
  path,
  relist,
  follow,
  longestPauseMs = 30_000,
}: KeepWatching): Promise<void> {
  let version: string | undefined
  let failures = 0
  while (!signal.aborted) {
    const [began, from] = [Date.now(), version]
    try {
      version = from === undefined ? await relist() : await follow(from)
      failures = 0
      // A server that ends every watch at once must not be asked in a tight loop.
      const tooQuick = from !== undefined && Date.now() - began < 1_000
      if (tooQuick) await pause(Math.min(1_000, longestPauseMs) * Math.random(), signal)
    } catch (error) {
      if (signal.aborted) return
      failures += 1
      // 410: the past is gone. 504: the server has not seen that version yet. Several failures: trust nothing.
      if (hasStatus(error, 410, 504) || failures > 3) version = undefined
      log.warn({ path, failures, err: error }, 'watching was interrupted')
      await pause(Math.min(longestPauseMs, 500 * 2 ** Math.min(failures - 1, 10)) * (0.5 + Math.random() / 2), signal)
    }
  }
}
