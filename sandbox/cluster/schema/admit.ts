import { isObject, type JsonObject } from '../json.ts'
import { type Definition, fieldOf, resolve, shortName } from './definitions.ts'
import { canonicalQuantity } from './quantity.ts'

/** What the server reads from JSON: empty fields normalised, quantities in their canonical form, what it does not know listed. */
export type Admitted = {
  readonly value: unknown
  /** Paths of fields that the schema does not have: `spec.template.spec.containers[0].foo`. */
  readonly unknown: readonly string[]
  /** The first value of a wrong type, in the words of Go's decoder, or undefined. */
  readonly mistyped: string | undefined
}

type Walk = { unknown: string[]; mistyped: string | undefined; readonly keepUnknown: boolean }

/**
 * Decodes a value as Go's decoder of the given type would. Fields that the schema does not have are listed and, with
 * `keepUnknown`, stay in the value, so that a client that drops what it does not know is found out.
 */
export function admit(value: unknown, definition: Definition, keepUnknown: boolean): Admitted {
  const walk: Walk = { unknown: [], mistyped: undefined, keepUnknown }
  const read = readValue(value, definition, { struct: '', field: '', path: '' }, walk)
  return { value: read, unknown: walk.unknown, mistyped: walk.mistyped }
}

/** Where the walk is: the struct that holds the field, its path without indices (as Go names it) and with them. */
type Place = { struct: string; field: string; path: string }

function readValue(value: unknown, definition: Definition | undefined, place: Place, walk: Walk): unknown {
  const own = resolve(definition)
  if (own === undefined || value === null || value === undefined) return value
  const format = formatOf(definition, own)
  if (format === 'quantity')
    return typeof value === 'string' || typeof value === 'number'
      ? canonicalQuantity(String(value))
      : wrong(value, 'resource.Quantity', place, walk)
  if (format === 'int-or-string')
    return typeof value === 'string' || Number.isInteger(value)
      ? value
      : wrong(value, 'intstr.IntOrString', place, walk)
  if (format === 'any') return value
  if (own.type === 'object' || own.properties !== undefined) return readObject(value, definition, own, place, walk)
  if (own.type === 'array') return readArray(value, own, place, walk)
  if (own.type === 'integer') return Number.isInteger(value) ? value : wrong(value, own.format ?? 'int64', place, walk)
  if (own.type === 'number') return typeof value === 'number' ? value : wrong(value, 'float64', place, walk)
  if (own.type === 'boolean') return typeof value === 'boolean' ? value : wrong(value, 'bool', place, walk)
  if (own.type === 'string') {
    if (typeof value !== 'string') return wrong(value, 'string', place, walk)
    if (own.format === 'byte' && !isBase64(value))
      walk.mistyped ??= `illegal base64 data at input byte ${value.search(/[^A-Za-z0-9+/=]/) < 0 ? value.length : value.search(/[^A-Za-z0-9+/=]/)}`
    return value
  }
  return value
}

function formatOf(
  definition: Definition | undefined,
  own: Definition,
): 'quantity' | 'int-or-string' | 'any' | undefined {
  const name = shortName(definition)
  if (name === 'Quantity') return 'quantity'
  if (own.format === 'int-or-string' || name === 'IntOrString') return 'int-or-string'
  if (
    name === 'RawExtension' ||
    name === 'FieldsV1' ||
    (own.type === 'object' && own.properties === undefined && own.additionalProperties === undefined)
  )
    return 'any'
  return undefined
}

function readObject(
  value: unknown,
  definition: Definition | undefined,
  own: Definition,
  place: Place,
  walk: Walk,
): unknown {
  const name = shortName(definition)
  if (!isObject(value)) return wrong(value, name === undefined ? 'map[string]string' : `v1.${name}`, place, walk)
  const out: JsonObject = {}
  const omit = own['x-zero']?.omit
  for (const key of Object.keys(value)) {
    const inner = value[key]
    if (inner === null || inner === undefined) {
      if (own.additionalProperties === undefined && own.properties?.[key] !== undefined) continue
    }
    const field = fieldOf(own, key)
    const path = place.path === '' ? key : `${place.path}.${key}`
    if (field === undefined) {
      walk.unknown.push(path)
      if (walk.keepUnknown) out[key] = inner
      continue
    }
    const struct = own.properties === undefined ? place.struct : (name ?? place.struct)
    const read = readValue(
      inner,
      field,
      {
        struct,
        field: own.properties === undefined ? place.field : place.field === '' ? key : `${place.field}.${key}`,
        path,
      },
      walk,
    )
    if (omit?.includes(key) && isZero(read)) continue
    out[key] = read
  }
  const keep = own['x-zero']?.keep
  if (keep !== undefined)
    for (const key in keep)
      if (out[key] === undefined)
        out[key] = isObject(keep[key]) ? readValue({}, own.properties?.[key], place, walk) : keep[key]
  return out
}

function readArray(value: unknown, own: Definition, place: Place, walk: Walk): unknown {
  if (!Array.isArray(value))
    return wrong(
      value,
      `[]${shortName(own.items) === undefined ? (own.items?.type ?? 'string') : `v1.${shortName(own.items)}`}`,
      place,
      walk,
    )
  return value.map((item, index) => readValue(item, own.items, { ...place, path: `${place.path}[${index}]` }, walk))
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}

function isZero(value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) && Object.keys(value).length === 0
}

function wrong(value: unknown, goType: string, place: Place, walk: Walk): unknown {
  const found = Array.isArray(value)
    ? 'array'
    : isObject(value)
      ? 'object'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value
  walk.mistyped ??= `json: cannot unmarshal ${found} into Go struct field ${place.struct}.${place.field} of type ${goType}`
  return value
}
