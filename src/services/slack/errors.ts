import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api'

/** What an unsuccessful call means for whoever made it. */
export type SlackFailure =
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds: number }
  /** Nobody answered, or not in time; whether the call was done is not known. */
  | { readonly kind: 'away'; readonly error: string }
  /** The channel, message or person is no longer there, is closed, or the bot is not in it. */
  | { readonly kind: 'gone'; readonly error: string }
  /** Slack will not do it, now or later: a limit, a right, a form. */
  | { readonly kind: 'refused'; readonly error: string; readonly details: readonly string[] }

export type SlackResult<T> = { readonly kind: 'ok'; readonly value: T } | SlackFailure

const gone = new Set([
  'channel_not_found',
  'is_archived',
  'is_inactive',
  'not_in_channel',
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'thread_not_found',
  'user_not_found',
  'user_not_in_channel',
  'users_not_found',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_locked',
])
/** Slack's own trouble: the same call may work later. */
const away = new Set(['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'])

/** @throws whatever is not an error of Slack's client */
export function failureOf(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'rate_limited', retryAfterSeconds: error.retryAfter }
  if (error instanceof WebAPIPlatformError) return platformFailure(error)
  if (error instanceof WebAPIHTTPError) return { kind: 'away', error: `http ${error.statusCode}` }
  // The text may hold the address, never the token: that travels in a header.
  if (error instanceof WebAPIRequestError) return { kind: 'away', error: codeOf(error.original) }
  throw error
}

function platformFailure(error: WebAPIPlatformError): SlackFailure {
  const word = error.data.error
  if (word === 'ratelimited' || word === 'rate_limited') return { kind: 'rate_limited', retryAfterSeconds: 30 }
  if (gone.has(word)) return { kind: 'gone', error: word }
  if (away.has(word)) return { kind: 'away', error: word }
  return { kind: 'refused', error: word, details: error.data.response_metadata?.messages ?? [] }
}

function codeOf(error: Error): string {
  const { cause } = error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name
}

/** Makes a call and turns its end into a value. */
export async function attempt<T>(call: () => Promise<T>): Promise<SlackResult<T>> {
  try {
    return { kind: 'ok', value: await call() }
  } catch (error) {
    return failureOf(error)
  }
}
