import type { KubernetesError } from '../services/kubernetes/api/errors.ts'
import type { Outcome } from './types.ts'

/** The cluster said no, in its own words. */
export type RefusedByCluster = {
  readonly kind: 'refused'
  readonly reason: string
  readonly status: number
  readonly message: string
  readonly verb: string
  readonly resource: string
}

/** Why the one write of an operation was not made, or is not known to be made. */
export type Unchanged<Moved> =
  | { readonly kind: 'already_there' }
  | { readonly kind: 'moved'; readonly moved: readonly Moved[] }
  | RefusedByCluster
  /** Nobody answered; `sent`: whether the write was done is not known. */
  | { readonly kind: 'away'; readonly message: string; readonly sent: boolean }

export function refusedBy(error: KubernetesError): RefusedByCluster {
  const words: Record<number, string> = { 401: 'unauthorized', 403: 'forbidden', 404: 'not_found' }
  return {
    kind: 'refused',
    reason: words[error.status] ?? 'cluster_refused',
    status: error.status,
    message: [error.message, ...error.causes].join('; ').slice(0, 1000),
    verb: error.verb,
    resource: error.resource,
  }
}

/**
 * The outcome of a run whose write was not made.
 * @param about what every outcome of the operation tells; asked with `unknown` where the write may have been done
 */
export function unchanged<Moved>(
  about: (changed: false | 'unknown') => Record<string, unknown>,
  result: Unchanged<Moved>,
): Outcome {
  switch (result.kind) {
    case 'already_there':
      return { kind: 'nothing_to_do', reason: 'already_there', detail: about(false) }
    case 'moved':
      return { kind: 'refused', reason: 'world_moved', detail: { ...about(false), moved: result.moved } }
    case 'away': {
      const detail = { ...about(result.sent ? 'unknown' : false), message: result.message }
      return { kind: 'failed', reason: 'cluster_away', detail }
    }
    case 'refused': {
      const { status, message, verb, resource } = result
      const kind = result.reason === 'cluster_refused' ? 'failed' : 'refused'
      return { kind, reason: result.reason, detail: { ...about(false), status, message, verb, resource } }
    }
  }
}
