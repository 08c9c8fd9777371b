import { KubernetesError } from '../../services/kubernetes/errors.ts'

/** A reason word and the data that a person needs, from something thrown. Unknown things keep their text for the logs only. */
export function failureOf(error: unknown): { reason: string; detail: Record<string, unknown> } {
  if (error instanceof KubernetesError) {
    const detail = { status: error.status, verb: error.verb, resource: error.resource, message: error.message }
    if (error.status === 401) return { reason: 'unauthorized', detail }
    if (error.status === 403) return { reason: 'forbidden', detail }
    if (error.status === 404) return { reason: 'not_found', detail }
    if (error.reason === 'cluster_away') return { reason: 'cluster_away', detail }
    return { reason: 'cluster_refused', detail }
  }
  return { reason: 'unexpected', detail: { error: error instanceof Error ? error.name : 'unknown' } }
}
