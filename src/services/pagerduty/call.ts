import { api } from '@pagerduty/pdjs'
import type { z } from 'zod'

/** What an unsuccessful call means. */
export type PagerDutyFailure =
  /** No answer, or 5xx: worth another try. */
  | { readonly kind: 'away'; readonly error: string }
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds: number }
  /** It will not be accepted however often it is sent. */
  | { readonly kind: 'refused'; readonly status: number; readonly error: string }

export type PagerDutyResult<T> = { readonly kind: 'ok'; readonly value: T } | PagerDutyFailure

type Answer = { readonly status: number; readonly data: unknown; readonly retryAfter: string | null }

export type Call = {
  readonly url: string
  readonly method: 'get' | 'post' | 'put'
  readonly data?: object
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly queryParameters?: Readonly<Record<string, string | string[]>>
}

const timeoutMs = 8_000
const repeatMs = 250
const usualWaitSeconds = 20

/**
 * One call through pdjs, held to what it does (seen by running it): errors with JSON resolve, errors with HTML reject with
 * a Response, `requestTimeout` only leaves a timer behind that keeps the process up, and a 429 is repeated blindly three
 * times, 20 s apart unless told otherwise.
 */
export async function call<T>(given: Call, schema: z.ZodType<T>): Promise<PagerDutyResult<T>> {
  const answer = await ask(given)
  if ('kind' in answer) return answer
  const { status, data } = answer
  if (status === 429) return { kind: 'rate_limited', retryAfterSeconds: waitOf(answer.retryAfter) }
  if (status >= 500) return { kind: 'away', error: `http ${status}` }
  if (status >= 400) return { kind: 'refused', status, error: errorsIn(data) }
  const parsed = schema.safeParse(data)
  return parsed.success ? { kind: 'ok', value: parsed.data } : { kind: 'away', error: 'an answer of an unknown form' }
}

async function ask(given: Call): Promise<Answer | PagerDutyFailure> {
  try {
    const answer = await api({
      url: given.url,
      method: given.method,
      ...(given.data === undefined ? {} : { data: given.data }),
      ...(given.token === undefined ? {} : { token: given.token }),
      ...(given.headers === undefined ? {} : { headers: { ...given.headers } }),
      ...(given.queryParameters === undefined ? {} : { queryParameters: { ...given.queryParameters } }),
      requestTimeout: 0,
      // Its three repeats cannot be turned off; waiting as long as PagerDuty asks for is our own durable retry's matter.
      retryTimeout: repeatMs,
      signal: AbortSignal.timeout(timeoutMs),
    })
    const data: unknown = answer.data
    return { status: answer.response.status, data, retryAfter: answer.response.headers.get('ratelimit-reset') }
  } catch (error) {
    if (isResponse(error))
      return error.status >= 500 || error.status < 400
        ? { kind: 'away', error: `http ${error.status}` }
        : { kind: 'refused', status: error.status, error: `http ${error.status}` }
    if (error instanceof Error) return { kind: 'away', error: codeOf(error) }
    throw error
  }
}

function isResponse(value: unknown): value is { readonly status: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Error) &&
    'status' in value &&
    typeof value.status === 'number'
  )
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

function waitOf(header: string | null): number {
  const seconds = Number(header)
  return header !== null && Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 120) : usualWaitSeconds
}

/** PagerDuty's own words: `errors` of the Events API, `error.message` and `error.errors` of REST. */
function errorsIn(data: unknown): string {
  if (typeof data !== 'object' || data === null) return 'no reason given'
  const inner = 'error' in data && typeof data.error === 'object' && data.error !== null ? data.error : data
  const list = 'errors' in inner && Array.isArray(inner.errors) ? inner.errors.map(String) : []
  const message = 'message' in inner && typeof inner.message === 'string' ? [inner.message] : []
  return [...message, ...list].join('; ').slice(0, 300) || 'no reason given'
}
