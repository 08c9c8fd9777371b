/**
 * A reason word and the data that a person needs, from something thrown. Read by shape: an error that comes back from a
 * replay has kept its fields but not its class. What is unknown keeps its text for the logs only.
 */
export function failureOf(error: unknown): { reason: string; detail: Record<string, unknown> } {
  if (!(error instanceof Error)) return { reason: 'unexpected', detail: { error: 'unknown' } }
  if (error.name === 'KubernetesError') return clusterFailure(error)
  if (error.name === 'DatabaseError')
    return { reason: textField(error, 'reason')['reason'] ?? 'database_refused', detail: { message: error.message } }
  if ('reason' in error && (error.reason === 'act_unknown' || error.reason === 'act_blocked'))
    return {
      reason: error.reason,
      detail: { ...textField(error, 'act'), ...textField(error, 'why'), ...textField(error, 'run') },
    }
  return { reason: 'unexpected', detail: { error: error.name } }
}

const reasonOfStatus: Record<number, string> = { 401: 'unauthorized', 403: 'forbidden', 404: 'not_found' }

function clusterFailure(error: Error): { reason: string; detail: Record<string, unknown> } {
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 0
  const away = 'reason' in error && error.reason === 'cluster_away'
  const detail = { status, message: error.message, ...textField(error, 'verb'), ...textField(error, 'resource') }
  return { reason: reasonOfStatus[status] ?? (away ? 'cluster_away' : 'cluster_refused'), detail }
}

function textField(error: Error, name: string): Record<string, string> {
  const value: unknown = Object.getOwnPropertyDescriptor(error, name)?.value
  return typeof value === 'string' ? { [name]: value } : {}
}
