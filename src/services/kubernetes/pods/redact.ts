/** What stands for a value that must not be shown. */
export const hidden = '***'

/** Words that mean a secret wherever they stand in a name, and short ones that do so only as a word of their own. */
const secretNames = [
  /password|passwd|passphrase|secret|token|credential/i,
  /(api|private|access|encryption|signing|session|master|routing|license)[-_.]?key/i,
  /(^|[^a-z])(pass|pwd|dsn|auth|authorization|cookie|salt|hmac)([^a-z]|$)/i,
]

const secretValues: readonly (readonly [RegExp, string])[] = [
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]+@/gi, `$1${hidden}@`],
  [/\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}/gi, `$1 ${hidden}`],
  [/\bxox[abeprs]-[a-z0-9-]+/gi, hidden],
  [/\bxapp-[a-z0-9-]+/gi, hidden],
  [/\beyJ[a-z0-9_-]{5,}\.[a-z0-9_-]{5,}\.[a-z0-9_-]*/gi, hidden],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, hidden],
  [/\bgh[opusr]_[A-Za-z0-9]{20,}/g, hidden],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, hidden],
  [
    /\b([a-z0-9_.-]*(?:password|passwd|passphrase|secret|token|api[-_]?key|private[-_]?key|access[-_]?key))(["']?\s*[=:]\s*)(["']?)[^\s"',;&]+/gi,
    `$1$2$3${hidden}`,
  ],
]

/** Does a name (of an environment variable, a key) promise a secret? */
export function looksSecret(name: string): boolean {
  return secretNames.some((shape) => shape.test(name))
}

/** Known shapes of secrets in free text (logs, messages), hidden. */
export function redactText(text: string): string {
  return secretValues.reduce((left, [shape, instead]) => left.replace(shape, instead), text)
}

/** The value of an environment variable as it may be shown. */
export function redactValue(name: string, value: string): string {
  return looksSecret(name) ? hidden : redactText(value)
}
