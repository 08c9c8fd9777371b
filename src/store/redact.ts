/** Shapes of secrets that must not be kept for ever, wherever they hide in a text. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\b(xox[a-z]|xapp)-[A-Za-z0-9-]{6,}/g, '[token]'],
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+@/gi, '$1[password]@'],
  [/\b(bearer|basic|token token=)\s*[A-Za-z0-9._~+/=-]{8,}/gi, '$1 [token]'],
  [/\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, '[token]'],
  [/\bhttps:\/\/hooks\.slack\.com\/[^\s"']+/g, '[webhook]'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]'],
]

/** Fields whose value is a secret whatever it looks like: a PagerDuty routing key is 32 plain hex digits. */
const secretNames =
  /^(password|passwd|secret|token|authorization|api[-_]?key|api[-_]?token|routing[-_]?key|client[-_]?secret)$/i

/** A copy of a JSON value without what looks like a secret. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value)) return value.map(redact)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      redactText(name),
      secretNames.test(name) && typeof inner === 'string' ? '[secret]' : redact(inner),
    ]),
  )
}

export function redactText(text: string): string {
  return shapes.reduce((clean, [shape, replacement]) => clean.replace(shape, replacement), text)
}
