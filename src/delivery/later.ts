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
  if (failure.kind === 'refused' && tokenWords.has(failure.error))
    return { kind: 'later', seconds: tokenSeconds, error: failure.error, away: false }
  return undefined
}

/** The token is no longer good: whatever waits can be delivered once somebody has put that right. */
const tokenWords = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'org_login_required',
  'access_denied',
])
const tokenSeconds = 30

const dayMs = 86_400_000

/**
 * For what must not be lost: also waits where there is no place to say it now (the operations channel is archived), for a
 * day at most.
 */
export function laterOrNever(
  failure: SlackFailure,
  entry: Pick<Claimed, 'attempts' | 'waitingSince'>,
): Delivered | undefined {
  const wait = later(failure, entry)
  if (wait !== undefined || Date.now() - entry.waitingSince.getTime() > dayMs) return wait
  const error = 'error' in failure ? failure.error : failure.kind
  return { kind: 'later', seconds: Math.min(300, 5 * entry.attempts), error, away: false }
}
