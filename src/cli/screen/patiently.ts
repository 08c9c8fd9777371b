import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

const tries = 5
const betweenMs = 1_000

/**
 * Starts a run, and asks again while the store does not answer in time: nobody waits for three seconds here as in Slack. The
 * key stays the same, so whatever came of an earlier try is found and not begun twice.
 */
export async function patiently<Answer extends { readonly kind: string }>(
  start: (idempotencyKey: string) => Promise<Answer>,
): Promise<Answer> {
  const key = `cli:${randomUUID()}`
  for (let left = tries; ; left--) {
    const answer = await start(key)
    if (answer.kind !== 'store_away' || left === 1) return answer
    await sleep(betweenMs)
  }
}
