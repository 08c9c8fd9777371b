import type { JsonObject } from './json.ts'

export type Cause = { reason: string; message: string; field?: string }

/** The object that the API answers with instead of a result. */
export type Status = {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: JsonObject
  status: 'Failure' | 'Success'
  message?: string
  reason?: string
  details?: { name?: string; group?: string; kind?: string; uid?: string; causes?: Cause[]; retryAfterSeconds?: number }
  code: number
}

/** A refusal of the API server; its `status` is what the client reads. */
export class ApiError extends Error {
  readonly status: Status
  constructor(status: Status) {
    super(status.message ?? status.reason ?? 'failed')
    this.name = 'ApiError'
    this.status = status
  }
}

export type Target = { group: string; resource: string; name?: string }

/** `deployments.apps "web"`, as every message of the API names a thing. */
export function describe(target: Target): string {
  return `${qualified(target)}${target.name === undefined ? '' : ` "${target.name}"`}`
}

function qualified(target: Target): string {
  return target.group === '' ? target.resource : `${target.resource}.${target.group}`
}

export function failure(
  code: number,
  reason: string,
  message: string,
  details?: Status['details'],
  metadata: JsonObject = {},
): ApiError {
  const base = { kind: 'Status', apiVersion: 'v1', metadata, status: 'Failure', message } as const
  return new ApiError({
    ...base,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  })
}

function detailsOf(target: Target): NonNullable<Status['details']> {
  return {
    ...(target.name === undefined ? {} : { name: target.name }),
    ...(target.group === '' ? {} : { group: target.group }),
    kind: target.resource,
  }
}

export function notFound(target: Target): ApiError {
  return failure(404, 'NotFound', `${describe(target)} not found`, detailsOf(target))
}

/** An address that the server does not know; also what an unknown resource answers. */
export function unknownRoute(): ApiError {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {})
}

export function alreadyExists(target: Target): ApiError {
  return failure(409, 'AlreadyExists', `${describe(target)} already exists`, detailsOf(target))
}

export const modifiedMessage =
  'the object has been modified; please apply your changes to the latest version and try again'

export function conflict(target: Target, message: string): ApiError {
  return failure(409, 'Conflict', `Operation cannot be fulfilled on ${describe(target)}: ${message}`, detailsOf(target))
}

export function badRequest(message: string): ApiError {
  return failure(400, 'BadRequest', message)
}

export function forbidden(target: Target, message: string): ApiError {
  return failure(403, 'Forbidden', `${describe(target)} is forbidden: ${message}`, detailsOf(target))
}

export function methodNotAllowed(): ApiError {
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

/** A JSON patch whose `test` failed: neither path nor value, as seen on 1.36. */
export function failedTest(): ApiError {
  return failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
}

export type FieldFault = { field: string; reason: string; message: string }

/** 422 with one cause a field: `Deployment.apps "web" is invalid: ...`. */
export function invalid(kind: string, group: string, name: string, faults: readonly FieldFault[]): ApiError {
  const texts = [...new Set(faults.map((fault) => `${fault.field}: ${fault.message}`))]
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  return failure(422, 'Invalid', `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${text}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind,
    causes: faults.map((fault) => ({ reason: fault.reason, message: fault.message, field: fault.field })),
  })
}

export function expired(message: string, continueToken?: string): ApiError {
  return failure(410, 'Expired', message, undefined, continueToken === undefined ? {} : { continue: continueToken })
}

/** A version that the server has not reached. */
export function tooLargeVersion(wanted: number, current: number): ApiError {
  return failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })
}

export function success(code = 200, details?: Status['details']): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    ...(details === undefined ? {} : { details }),
    code,
  }
}
