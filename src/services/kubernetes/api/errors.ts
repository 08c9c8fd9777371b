import { at, isRecord, listAt, numberAt, textAt } from './json.ts'

export type KubernetesFailure = {
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  /** The server's own word (Forbidden, Conflict, Invalid, Expired, ...), or `cluster_away`, `answer_too_large`, `not_kubernetes`. */
  readonly reason: string
  readonly message: string
  readonly verb: string
  /** `deployments`, `pods/log`, ... */
  readonly resource: string
  readonly path: string
  /** Field causes of an Invalid answer, one sentence each. */
  readonly causes?: readonly string[]
  readonly retryAfterSeconds?: number
  /** The request certainly never reached a server: no connection was made. */
  readonly neverSent?: boolean
}

/** What the API server refused, or that it could not be reached (`reason` is then `cluster_away`). Holds no credentials. */
export class KubernetesError extends Error {
  readonly status: number
  readonly reason: string
  readonly verb: string
  readonly resource: string
  readonly path: string
  readonly causes: readonly string[]
  readonly retryAfterSeconds: number | undefined
  readonly neverSent: boolean

  constructor(failure: KubernetesFailure, options?: ErrorOptions) {
    super(failure.message, options)
    this.name = 'KubernetesError'
    this.status = failure.status
    this.reason = failure.reason
    this.verb = failure.verb
    this.resource = failure.resource
    this.path = failure.path
    this.causes = failure.causes ?? []
    this.retryAfterSeconds = failure.retryAfterSeconds
    this.neverSent = failure.neverSent === true
  }
}

export type Asked = { readonly verb: string; readonly resource: string; readonly path: string }

/** Turns a `Status` body into an error; a body that is none (a proxy's page) is named by its HTTP status. */
export function errorFromStatus(
  asked: Asked,
  httpStatus: number,
  body: unknown,
  retryAfter: string | undefined,
): KubernetesError {
  const isStatus = isRecord(body) && body['kind'] === 'Status'
  const status = (isStatus ? numberAt(body, 'code') : undefined) ?? httpStatus
  const seconds = numberAt(body, 'details', 'retryAfterSeconds') ?? Number(retryAfter)
  const message = isStatus ? textAt(body, 'message') : undefined
  return new KubernetesError({
    ...asked,
    ...(status === 403 ? deniedRight(message) : {}),
    status,
    reason: (isStatus ? textAt(body, 'reason') : undefined) ?? reasonOf(status),
    message: message ?? `the server answered HTTP ${httpStatus}`,
    causes: listAt(body, 'details', 'causes').flatMap((cause) => {
      const message = textAt(cause, 'message')
      const field = textAt(cause, 'field')
      return message === undefined ? [] : [field === undefined ? message : `${field}: ${message}`]
    }),
    ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterSeconds: seconds } : {}),
  })
}

/**
 * The right that the server says is missing: it may be another than the one asked for. Kubernetes 1.36 tells of a missing
 * `impersonate users` as `impersonate-on:user-info:get`, with the resource that was asked for (seen).
 */
function deniedRight(message = ''): Partial<Pick<Asked, 'verb' | 'resource'>> {
  if (/ cannot impersonate-on:/.test(message)) return { verb: 'impersonate', resource: 'users' }
  const [, verb, resource] = / cannot (\w+)[\w:-]* resource "([\w./-]+)"/.exec(message) ?? []
  return verb === undefined || resource === undefined ? {} : { verb, resource }
}

/** True where nobody answered: refused, reset, timed out, or a gateway in front of a server that is down. */
export function isAway(error: unknown): boolean {
  return error instanceof KubernetesError && (error.reason === 'cluster_away' || [502, 503, 504].includes(error.status))
}

export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof KubernetesError && statuses.includes(error.status)
}

const beforeConnection = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]

/** What undici or the system threw, as `cluster_away`; the message names the cause without the address's credentials. */
export function errorFromTransport(asked: Asked, thrown: unknown, timeoutMs: number): KubernetesError {
  const code = textAt(thrown, 'code') ?? textAt(at(thrown, 'cause'), 'code')
  const name = thrown instanceof Error ? thrown.name : 'Error'
  const message =
    name === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : `the connection failed (${code ?? name})`
  const neverSent = beforeConnection.includes(code ?? '')
  return new KubernetesError({ ...asked, status: 0, reason: 'cluster_away', message, neverSent }, { cause: thrown })
}

function reasonOf(status: number): string {
  const known: Record<number, string> = {
    400: 'BadRequest',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'NotFound',
    409: 'Conflict',
    410: 'Expired',
    422: 'Invalid',
    429: 'TooManyRequests',
    503: 'ServiceUnavailable',
    504: 'Timeout',
  }
  return known[status] ?? (status >= 500 ? 'InternalError' : 'Unknown')
}
