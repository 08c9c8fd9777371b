import { isDeepStrictEqual } from 'node:util'
import type { PatchOperation } from '../../../src/services/kubernetes/workload/undo-patch.ts'

/** RFC 6902 as an API server applies it: all or nothing; `test` against null holds where the path is absent. */
export function applyPatch(
  document: unknown,
  patch: readonly PatchOperation[],
): { ok: true; value: unknown } | { ok: false; at: string } {
  const copy: unknown = structuredClone(document)
  for (const operation of patch) {
    const keys = operation.path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = keys.pop() ?? ''
    const parent = keys.reduce<unknown>(
      (here, key) => (isRecord(here) && Object.hasOwn(here, key) ? here[key] : undefined),
      copy,
    )
    if (!isRecord(parent)) return { ok: false, at: operation.path }
    const there = Object.hasOwn(parent, last)
    switch (operation.op) {
      case 'test':
        if (!isDeepStrictEqual(there ? parent[last] : null, operation.value)) return { ok: false, at: operation.path }
        break
      case 'replace':
      case 'remove':
        if (!there) return { ok: false, at: operation.path }
        if (operation.op === 'remove') delete parent[last]
        else parent[last] = structuredClone(operation.value)
        break
      case 'add':
        parent[last] = structuredClone(operation.value)
    }
  }
  return { ok: true, value: copy }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
