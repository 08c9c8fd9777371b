/** Shapes of secrets that must not be kept for ever, wherever they hide in a text. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\b(xox[a-z]|xapp)-[A-Za-z0-9-]{6,}/g, '[token]'],
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+@/gi, '$1[password]@'],
  [/\b(bearer|basic|token token=)\s*[A-Za-z0-9._~+/=-]{8,}/gi, '$1 [token]'],
  [/\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, '[token]'],
  [/\bhttps:\/\/hooks\.slack\.com\/[^\s"']+/g, '[webhook]'],
  [/\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{30,})/g, '[token]'],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, '[key]'],
  [/\b(sk|rk)_(live|test)_[A-Za-z0-9]{16,}|\bAIza[\w-]{30,}/g, '[key]'],
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

const secretWord = String.raw`[\w-]*(?:passwords?|passwd|pwd|passphrase|secret|token|api[-_ ]?key|credential|contraseña|clave|secreto)`
const given = String.raw`\s*[=:]\s*(?:"[^"]+"|'[^']+'|“[^”]+”|[^\s,;)]{3,})`
/** "The token is expired" gives nothing away: without a sign between them only what no word looks like counts. */
const told = String.raw`\s+(?:is|was|es|era)\s+(?=\S*[\d!@#$%^&*_])[^\s,;)]{4,}`

/** How people write a secret into a sentence: `password=hunter2`, `la clave es hunter2`. */
const spoken = new RegExp(String.raw`(?<![\p{L}\w])(${secretWord})(?:${given}|${told})`, 'giu')

/** As `redactText`, for what people write themselves: also a secret that only the word before it gives away. */
export function redactSentence(text: string): string {
  return redactText(text).replace(spoken, '$1 [secret]')
}
