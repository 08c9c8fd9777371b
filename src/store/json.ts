/** JSON text that PostgreSQL takes: without NUL characters and halves of surrogate pairs, which people can send and it refuses. */
export function toJson(value: unknown): string {
  return JSON.stringify(storable(value ?? null))
}

/** A copy of what JSON would keep of a value, with texts that PostgreSQL takes. */
export function storable(value: unknown): unknown {
  return clean(JSON.parse(JSON.stringify(value ?? null)))
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\ufffd')
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [String(clean(name)), clean(inner)]))
}
