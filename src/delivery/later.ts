import type { SlackFailure } from '../services/slack/errors.ts'
import type { Claimed } from '../store/outbox.ts'
import type { Delivered } from './types.ts'

const longestSeconds = 15

/** How long an entry waits after a failed attempt: doubling, with a ceiling, and not all in step. */
export function backOff(attempts: number, longest = longestSeconds): number {
  const seconds = Math.min(longest, 0.5 * 2 ** Math.min(attempts, 10))
  return seconds * (0.75 + Math.random() / 2)
}

/** A failure of Slack that is worth waiting for; undefined where waiting changes nothing. */
export function later(failure: SlackFailure, entry: Pick<Claimed, 'attempts'>): Delivered | undefined {
  if (failure.kind === 'rate_limited')
    return { kind: 'later', seconds: failure.retryAfterSeconds + 0.1, error: 'rate limited', away: false }
  if (failure.kind === 'away')
    return { kind: 'later', seconds: backOff(entry.attempts), error: failure.error, away: true }
  return undefined
}
