import { clone, deepEqual, isObject } from '../json.ts'
import { badRequest, failedTest } from '../status.ts'

type Operation = { op: string; path: string; from?: string; value?: unknown }

/**
 * Applies an RFC 6902 patch as the API server does: an absent path equals null in a `test`, `remove` of an absent path fails.
 * @throws ApiError 400 when the patch cannot be read, 422 (bare: neither path nor value) when an operation fails
 */
export function applyJsonPatch(original: unknown, patch: unknown): unknown {
  const root = { value: clone(original) }
  for (const operation of operationsOf(patch)) apply(root, operation)
  return root.value
}

function operationsOf(patch: unknown): Operation[] {
  if (!Array.isArray(patch))
    throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp')
  if (patch.length > 10_000)
    throw badRequest(`the allowed maximum operations in a JSON patch is 10000, got ${patch.length}`)
  return patch.map((item) => {
    if (!isObject(item) || typeof item['op'] !== 'string' || typeof item['path'] !== 'string') throw failedTest()
    return {
      op: item['op'],
      path: item['path'],
      ...(typeof item['from'] === 'string' ? { from: item['from'] } : {}),
      value: item['value'],
    }
  })
}

function apply(root: { value: unknown }, { op, path, from, value }: Operation): void {
  if (op === 'test') {
    if (!deepEqual(read(root.value, path) ?? null, value ?? null)) throw failedTest()
  } else if (op === 'add') write(root, path, clone(value), true)
  else if (op === 'replace') {
    if (read(root.value, path) === undefined) throw failedTest()
    write(root, path, clone(value), false)
  } else if (op === 'remove') drop(root, path)
  else if (op === 'copy' || op === 'move') {
    const source = read(root.value, from ?? '')
    if (source === undefined) throw failedTest()
    if (op === 'move') drop(root, from ?? '')
    write(root, path, clone(source), true)
  } else throw failedTest()
}

function partsOf(pointer: string): string[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw failedTest()
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function read(value: unknown, pointer: string): unknown {
  let here = value
  for (const part of partsOf(pointer)) {
    if (Array.isArray(here)) here = here[indexIn(here, part, false)]
    else here = isObject(here) ? here[part] : undefined
  }
  return here
}

function parentOf(root: { value: unknown }, parts: readonly string[]): unknown {
  let here: unknown = root.value
  for (const part of parts.slice(0, -1))
    here = Array.isArray(here) ? here[indexIn(here, part, false)] : isObject(here) ? here[part] : undefined
  return here
}

function write(root: { value: unknown }, pointer: string, value: unknown, insert: boolean): void {
  const parts = partsOf(pointer)
  const last = parts.at(-1)
  if (last === undefined) {
    root.value = value
    return
  }
  const parent = parentOf(root, parts)
  if (Array.isArray(parent)) parent.splice(indexIn(parent, last, insert), insert ? 0 : 1, value)
  else if (isObject(parent)) parent[last] = value
  else throw failedTest()
}

function drop(root: { value: unknown }, pointer: string): void {
  const parts = partsOf(pointer)
  const last = parts.at(-1) ?? ''
  const parent = parentOf(root, parts)
  if (Array.isArray(parent)) parent.splice(indexIn(parent, last, false), 1)
  else if (isObject(parent) && last in parent) delete parent[last]
  else throw failedTest()
}

function indexIn(list: readonly unknown[], part: string, insert: boolean): number {
  if (part === '-' && insert) return list.length
  const index = /^-?[0-9]+$/.test(part) ? Number(part) : Number.NaN
  const actual = index < 0 ? list.length + index : index
  if (!Number.isInteger(actual) || actual < 0 || actual > list.length || (!insert && actual === list.length))
    throw failedTest()
  return actual
}
