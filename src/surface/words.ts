/**
 * Turns what a person typed into plain words. Slack's clients on macOS and iOS make dashes and quotes curly, and text
 * pasted from documents brings no-break spaces and invisible direction marks; none of that may change the meaning.
 */
export function words(text: string): string[] {
  const plain = text
    .normalize('NFC')
    .replace(/[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, '')
    .replace(/[\u201C\u201D\u201E\u00AB\u00BB]/g, '"')
    .replace(/[\u2018\u2019\u201A]/g, "'")
    .replace(/\u2014/g, '--')
    .replace(/[\u2010\u2011\u2013\u2212]/g, '-')
    .replace(/[\u00A0\u2000-\u200A\u202F\u3000]/g, ' ')
  return [...plain.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
}

/** A word without case and accents, for comparing with the words that a command knows. */
export function fold(word: string): string {
  return word
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
}

const helpWords = new Set(['help', 'ayuda', '?', '-h', '--help'])

/** True for `help` in either language, as the only word. */
export function asksForHelp(text: string): boolean {
  const all = words(text)
  return all.length === 1 && helpWords.has(fold(all[0] ?? ''))
}

/** What a person wrote that cannot be understood: the field, the value and what is allowed. */
export type BadInput = {
  readonly kind: 'bad_input'
  readonly field: string
  readonly value: string
  /** Values, or the key of a sentence that tells them. */
  readonly allowed: readonly string[]
  readonly hint: 'number' | 'names' | 'words' | 'length'
  /** How long it was, in characters. */
  readonly length?: number
}

/** The nearest of `names` within two edits, for "did you mean". */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: edits(fold(word), fold(name)) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best !== undefined && best.distance <= 2 ? best.name : undefined
}

/** Levenshtein distance; inputs are short (names). */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      )
    row = next
  }
  return row[b.length] ?? Math.max(a.length, b.length)
}
