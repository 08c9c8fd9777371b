/** How Go writes the empty fields of one struct: left out, or always there with this value. */
export type ZeroRule = { omit: string[]; keep: Record<string, unknown> }

const field = /^\t(?:\w+\s+)?([*[\]\w.]+)\s+`[^`]*json:"([\w$]*)((?:,\w+)*)"/

const scalars: Record<string, unknown> = { string: '', bool: false, int32: 0, int64: 0 }
/** Types of other packages that are strings, or times (written as null). */
const foreign: Record<string, unknown> = { 'types.UID': '', 'metav1.Time': null, 'metav1.MicroTime': null }

/**
 * Reads Go type declarations of the API: which fields are left out of JSON when empty (`omitempty` on a value) and which are
 * written though empty (a struct by value, a scalar without `omitempty`). Keys are `core.v1.PodSpec`.
 * @param sources the text of types.go by `core.v1`
 */
export function zeroRules(sources: ReadonlyMap<string, string>): Map<string, ZeroRule> {
  const rules = new Map<string, ZeroRule>()
  for (const [place, text] of sources) {
    const aliases = new Map(
      [...text.matchAll(/^type (\w+) (string|bool|int32|int64)\b/gm)].map((match) => [match[1] ?? '', match[2] ?? '']),
    )
    for (const [, name, body] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
      const rule: ZeroRule = { omit: [], keep: {} }
      for (const line of (body ?? '').split('\n')) readField(line, aliases, rule)
      if (rule.omit.length > 0 || Object.keys(rule.keep).length > 0) rules.set(`${place}.${name}`, rule)
    }
  }
  return rules
}

function readField(line: string, aliases: ReadonlyMap<string, string>, rule: ZeroRule): void {
  const [, type = '', name = '', flags = ''] = field.exec(line) ?? []
  if (name === '' || type.startsWith('*') || flags.includes('inline')) return
  const omitted = flags.includes('omitempty')
  if (type.startsWith('[]') || type.startsWith('map[') || type.endsWith('ResourceList')) {
    if (omitted) rule.omit.push(name)
    else rule.keep[name] = null
    return
  }
  const scalar = scalars[aliases.get(type) ?? type] ?? foreign[type]
  if (scalar === null) {
    if (!flags.includes('omitzero')) rule.keep[name] = null
  } else if (scalar !== undefined) {
    if (omitted) rule.omit.push(name)
    else rule.keep[name] = scalar
  } else if (!flags.includes('omitzero') && /^[A-Z]\w+$|^v1\.|^metav1\.ObjectMeta$/.test(type)) rule.keep[name] = {}
}
