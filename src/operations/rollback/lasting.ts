import { isAway, type KubernetesError } from '../../services/kubernetes/api/errors.ts'

/** Why a cluster cannot be worked with, as outcomes call it. */
export type LastingReason = 'cluster_away' | 'forbidden' | 'unauthorized' | 'not_found'

/** The reason of an error that trying again does not cure; undefined for the others. */
export function lastingReason(error: KubernetesError): LastingReason | undefined {
  if (isAway(error)) return undefined
  const words: Record<number, LastingReason> = { 401: 'unauthorized', 403: 'forbidden', 404: 'not_found' }
  return words[error.status]
}
