import { createHash } from 'node:crypto'
import { canonicalJson } from '../../store/canonical.ts'
import type { AnyOperation } from '../types.ts'

/** What a button carries: 16 hex digits of SHA-256 over the part of the plan that people decide on. */
export function fingerprintHash(operation: AnyOperation, plan: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(operation.fingerprint(plan)))
    .digest('hex')
    .slice(0, 16)
}
