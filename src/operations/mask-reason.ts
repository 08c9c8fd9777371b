import { redactSentence } from '../store/redact.ts'

/**
 * A reason is read by many and kept for years in an audit that cannot be changed: what looks like a secret in it is masked
 * before anything is written.
 */
export function maskReason(params: unknown): { readonly params: unknown; readonly masked: boolean } {
  if (typeof params !== 'object' || params === null || !('reason' in params) || typeof params.reason !== 'string')
    return { params, masked: false }
  const reason = redactSentence(params.reason)
  return reason === params.reason ? { params, masked: false } : { params: { ...params, reason }, masked: true }
}
