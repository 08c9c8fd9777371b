/** kubelet's: 10 s, doubling up to 300 s, forgotten after 600 s without trouble. */
const first = 10
const longest = 300

export type BackOff = {
  /** How long to wait, in seconds, before the next attempt after a failure at this moment (ms); the first failure waits 0. */
  next(at: number): number
}

/** @param immediately the first retry does not wait (a crashed container); a failed pull always waits */
export function createBackOff(immediately: boolean): BackOff {
  let wait = immediately ? 0 : first
  let before: number | undefined
  return {
    next: (at) => {
      if (before !== undefined && at - before > 2 * longest * 1000) wait = immediately ? 0 : first
      before = at
      const now = wait
      wait = Math.min(longest, wait === 0 ? first : wait * 2)
      return now
    },
  }
}
