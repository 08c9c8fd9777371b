/** Makes answers of two servers comparable: what must differ (ids, versions, times, hashes, addresses) is masked, what no server orders is sorted. */
export function normal(text: string): unknown {
  const masked = text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
    .replace(/"resourceVersion": ?"[0-9]+"/g, '"resourceVersion":"<version>"')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    .replace(/\b(10\.0\.0|10\.96\.\d+)\.\d+\b/g, '<address>')
    .replace(/\.[0-9a-f]{16}"/g, '.<event>"')
    .replace(/([a-z])-[bcdfghjklmnpqrstvwxz2456789]{6,10}(-[bcdfghjklmnpqrstvwxz2456789]{5})?\b/g, '$1-<hash>')
    .replace(/"[bcdfghjklmnpqrstvwxz2456789]{6,10}"/g, '"<hash>"')
    .replace(/(?<="(?:name|generateName)": ?"[a-z-]+-)[bcdfghjklmnpqrstvwxz2456789]{5}"/g, '<random>"')
    .replace(/"([a-z]+)-[bcdfghjklmnpqrstvwxz2456789]{5}"/g, '"$1-<random>"')
    .replace(/"nodePort": ?\d+/g, '"nodePort":"<port>"')
    .replace(/\b80:\d{5}\b/g, '80:<port>')
    .replace(/current: \d+/g, 'current: <version>')
    // Ages, read a moment apart.
    .replace(/"\d+[smhd](\d+[smhd])?"/g, '"<age>"')
  try {
    return sorted(JSON.parse(masked))
  } catch {
    return masked
  }
}

const unordered = new Set(['managedFields', 'conditions', 'items', 'causes', 'rows', 'taints'])

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, unordered.has(key) ? byText(inner) : sorted(inner)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries)
}

/** Sorted, each once: the real server gives some causes twice. */
function byText(value: unknown): unknown {
  if (!Array.isArray(value)) return sorted(value)
  const texts = [...new Set(value.map((one) => JSON.stringify(sorted(one))))].sort()
  return texts.map((text): unknown => JSON.parse(text))
}
