import { clone, isObject, type JsonObject } from '../json.ts'

/** Applies an RFC 7386 merge patch: null deletes, arrays are replaced whole. */
export function applyMergePatch(original: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return clone(patch)
  const out: JsonObject = isObject(original) ? clone(original) : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key]
    else out[key] = applyMergePatch(out[key], value)
  }
  return out
}
