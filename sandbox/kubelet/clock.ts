import { pause } from '../../src/services/kubernetes/api/pause.ts'

/** Time as the containers live it: `speed` times faster than the clock on the wall. */
export type Clock = {
  /** Waits so many seconds of theirs, or less when the signal says so. */
  sleep(seconds: number, signal: AbortSignal): Promise<void>
  /** Their seconds since a moment of the wall's clock, in ms. */
  since(ms: number): number
}

export function createClock(speed: number): Clock {
  return {
    sleep: (seconds, signal) => pause(Math.max(0, (seconds * 1000) / speed), signal),
    since: (ms) => ((Date.now() - ms) * speed) / 1000,
  }
}

/** The API's own form of a time: whole seconds. */
export function timestamp(ms: number = Date.now()): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
