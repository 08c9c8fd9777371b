import { createHash } from 'node:crypto'
import type { AnyOperation } from '../types.ts'

/** What a button carries: 16 hex digits of SHA-256 over the part of the plan that people decide on. */
export function fingerprintHash(operation: AnyOperation, plan: unknown): string {
  return createHash('sha256')
    .update(canonical(operation.fingerprint(plan)))
    .digest('hex')
    .slice(0, 16)
}

/** JSON with sorted keys, so that the order in which an API lists fields never changes a hash. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
      .join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
