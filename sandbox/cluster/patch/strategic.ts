import { clone, deepEqual, isObject, type JsonObject } from '../json.ts'
import { type Definition, fieldOf, resolve } from '../schema/definitions.ts'
import { badRequest, failure } from '../status.ts'

const directives = {
  patch: '$patch',
  order: '$setElementOrder/',
  remove: '$deleteFromPrimitiveList/',
  retain: '$retainKeys',
} as const

/**
 * Applies a strategic merge patch: lists with a merge key are merged by it, the others replaced; `$patch: delete|replace|merge`,
 * `$setElementOrder/x`, `$deleteFromPrimitiveList/x` and `$retainKeys` are obeyed. After apimachinery's strategicpatch.
 * @throws ApiError 500 for a list item without its merge key (as the real server does), 400 for an unknown directive
 */
export function applyStrategicPatch(original: unknown, patch: unknown, definition: Definition): unknown {
  if (!isObject(patch))
    throw badRequest('error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}')
  return mergeObject(isObject(original) ? clone(original) : {}, patch, definition)
}

function mergeObject(original: JsonObject, patch: JsonObject, definition: Definition | undefined): JsonObject {
  const directive = patch[directives.patch]
  if (directive === 'replace') return withoutDirectives(patch)
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge')
    throw badRequest(`Unknown patch type found: ${String(directive)}`)
  const out = retained(original, patch)
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue
    if (value === null) {
      delete out[key]
      continue
    }
    const field = fieldOf(definition, key)
    if (Array.isArray(value)) out[key] = mergeList(out[key], value, field, patch[`${directives.order}${key}`])
    else if (isObject(value)) out[key] = mergeObject(isObject(out[key]) ? out[key] : {}, value, field)
    else out[key] = value
  }
  return orderAlone(removePrimitives(out, patch), patch, definition)
}

/** `$retainKeys`: what is not named goes. */
function retained(original: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch[directives.retain]
  if (!Array.isArray(keys)) return original
  return Object.fromEntries(Object.entries(original).filter(([key]) => keys.includes(key)))
}

function removePrimitives(out: JsonObject, patch: JsonObject): JsonObject {
  for (const [key, values] of Object.entries(patch)) {
    if (!key.startsWith(directives.remove) || !Array.isArray(values)) continue
    const name = key.slice(directives.remove.length)
    const list = out[name]
    if (Array.isArray(list)) out[name] = list.filter((item) => !values.some((value) => deepEqual(value, item)))
  }
  return out
}

/** An order given for a list that the patch does not change otherwise. */
function orderAlone(out: JsonObject, patch: JsonObject, definition: Definition | undefined): JsonObject {
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(directives.order) || !Array.isArray(order)) continue
    const name = key.slice(directives.order.length)
    const list = out[name]
    if (Array.isArray(list) && !(name in patch))
      out[name] = inOrder(list, order, list, mergeKeyOf(fieldOf(definition, name)))
  }
  return out
}

function mergeList(
  original: unknown,
  patch: readonly unknown[],
  field: Definition | undefined,
  order: unknown,
): unknown[] {
  const strategy = field?.['x-kubernetes-patch-strategy'] ?? ''
  const existing = Array.isArray(original) ? original : []
  if (!strategy.split(',').includes('merge')) return patch.filter((item) => !isDirective(item)).map(withoutNested)
  const key = mergeKeyOf(field)
  const merged =
    key === undefined ? mergePrimitives(existing, patch) : mergeByKey(existing, patch, key, resolve(field)?.items)
  const ordered = inOrder(merged, patch, existing, key)
  return Array.isArray(order) ? inOrder(ordered, order, existing, key) : ordered
}

function mergeKeyOf(field: Definition | undefined): string | undefined {
  return field?.['x-kubernetes-patch-merge-key']
}

function mergePrimitives(existing: readonly unknown[], patch: readonly unknown[]): unknown[] {
  return [...existing, ...patch.filter((value) => !existing.some((item) => deepEqual(item, value)))]
}

function mergeByKey(
  existing: readonly unknown[],
  patch: readonly unknown[],
  key: string,
  item: Definition | undefined,
): unknown[] {
  if (patch.some((one) => isObject(one) && one[directives.patch] === 'replace' && one[key] === undefined))
    return patch.filter((one) => !isDirective(one)).map(withoutNested)
  let out = [...existing]
  for (const one of patch) {
    if (!isObject(one)) continue
    const id = one[key]
    if (id === undefined) throw failure(500, '', `map: map[${goMap(one)}] does not contain declared merge key: ${key}`)
    if (one[directives.patch] === 'delete') {
      out = out.filter((other) => !(isObject(other) && deepEqual(other[key], id)))
      continue
    }
    const index = out.findIndex((other) => isObject(other) && deepEqual(other[key], id))
    const before = out[index]
    if (isObject(before)) out[index] = mergeObject(clone(before), one, item)
    else out.push(mergeObject({}, one, item))
  }
  return out
}

/**
 * Items of the order come as it says, the others as the server had them; where the two meet, what the server had first goes first and
 * new items go before what only the server has. After normalizeElementOrder of apimachinery's strategicpatch.
 */
function inOrder(
  list: readonly unknown[],
  order: readonly unknown[],
  server: readonly unknown[],
  key: string | undefined,
): unknown[] {
  const idOf = (item: unknown) => JSON.stringify(key !== undefined && isObject(item) ? item[key] : item)
  const ranks = (items: readonly unknown[]) => new Map(items.map((item, index) => [idOf(item), index]))
  const wanted = ranks(order)
  const known = ranks(server)
  const listed = list
    .filter((item) => wanted.has(idOf(item)))
    .sort((a, b) => (wanted.get(idOf(a)) ?? 0) - (wanted.get(idOf(b)) ?? 0))
  const others = list
    .filter((item) => !wanted.has(idOf(item)))
    .sort((a, b) => (known.get(idOf(a)) ?? 0) - (known.get(idOf(b)) ?? 0))
  const out: unknown[] = []
  while (listed.length > 0 || others.length > 0) {
    const left = known.get(idOf(others[0]))
    const right = known.get(idOf(listed[0]))
    const serverFirst =
      listed.length === 0 || (others.length > 0 && left !== undefined && right !== undefined && left < right)
    out.push(serverFirst ? others.shift() : listed.shift())
  }
  return out
}

function isDirective(item: unknown): boolean {
  return isObject(item) && directives.patch in item
}

function withoutNested(value: unknown): unknown {
  return isObject(value) ? withoutDirectives(value) : clone(value)
}

function withoutDirectives(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([key, inner]) => !key.startsWith('$') && inner !== null)
  return Object.fromEntries(
    kept.map(([key, inner]) => [
      key,
      Array.isArray(inner) ? inner.filter((item) => !isDirective(item)).map(withoutNested) : withoutNested(inner),
    ]),
  )
}

/** A map as Go prints it in that message: `image:x`. */
function goMap(value: JsonObject): string {
  return Object.keys(value)
    .sort()
    .map((key) => `${key}:${isObject(value[key]) ? `map[${goMap(value[key])}]` : String(value[key])}`)
    .join(' ')
}

/** The whole patch as Go prints it. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (!isObject(value)) return value === null ? '<nil>' : String(value)
  return `map[${Object.keys(value)
    .sort()
    .map((key) => `${key}:${goText(value[key])}`)
    .join(' ')}]`
}
