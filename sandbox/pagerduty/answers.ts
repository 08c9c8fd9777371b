/** What a handler answers; the server writes it. */
export type Answer = {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Call = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export const ok = (body: unknown, status = 200): Answer => ({ status, body })

const rest = (status: number, code: number, message: string, errors: readonly string[] = []): Answer => ({
  status,
  body: { error: { message, code, ...(errors.length > 0 && { errors }) } },
})

/** REST v2's error bodies, by the codes that it documents. */
export const restErrors = {
  unauthenticated: () => rest(401, 2006, 'Authentication failed'),
  notFound: () => rest(404, 2100, 'Not Found'),
  invalid: (...errors: string[]) => rest(400, 2001, 'Invalid Input Provided', errors),
  noFrom: () =>
    rest(400, 2001, 'Invalid Input Provided', ["You must specify a user's email address in the From header"]),
  malformedFrom: () => rest(400, 1028, 'The From header is not a valid email address'),
  unknownFrom: () => rest(400, 1008, 'Requester User Not Found'),
  alreadyResolved: () => rest(400, 1001, 'Incident Already Resolved'),
  notAcceptable: () => rest(406, 2003, 'Accept must be application/vnd.pagerduty+json;version=2'),
  tooMany: () => rest(429, 2020, 'Rate Limit Exceeded'),
} as const

/** @returns undefined when the text is not a JSON object. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
