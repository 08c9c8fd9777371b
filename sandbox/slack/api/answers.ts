import type { Json } from '../model/types.ts'

/** A business error of the Web API: HTTP 200 with `ok: false`, as Slack does. */
export type Failure = Json & { readonly ok: false; readonly error: string }
export type Success = Json & { readonly ok: true }
export type Answer = Success | Failure

export const ok = (fields: Json = {}): Success => ({ ok: true, ...fields })

export const fail = (error: string, fields: Json = {}): Failure => ({ ok: false, error, ...fields })

/** A refusal with Slack's lines about what is wrong where. */
export const failWith = (error: string, problems: readonly string[], fields: Json = {}): Failure =>
  fail(error, { ...fields, response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) } })

/** An answer that is fine but tells of something. */
export const warn = (warning: string, fields: Json = {}): Success =>
  ok({ ...fields, warning, response_metadata: { warnings: [warning] } })

export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === false
}
