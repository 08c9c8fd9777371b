/** Words that servers put in or leave out by themselves: they change nothing that an index does. */
const unsaid = new Set(['v', 'ns', 'background', 'autoIndexId', 'flags', 'uuid'])

/** Of options: their order says nothing. */
export const canonicalOptions = (text: string): string => {
  const value: Record<string, unknown> = JSON.parse(text)
  return JSON.stringify(
    Object.entries(value)
      .filter(([key]) => !unsaid.has(key))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** In keys the order says much, and 1, 1.0 and 1 as a long are one. */
export function canonicalIndex(text: string): string {
  const { key, ...rest }: Record<string, unknown> = JSON.parse(text)
  return `${JSON.stringify(numbersAsOne(key))} ${canonicalOptions(JSON.stringify(numbersAsOne(rest)))}`
}

function numbersAsOne(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(numbersAsOne)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && only !== undefined && /^\$number(Int|Long|Double)$/.test(only[0])) return Number(only[1])
  return Object.fromEntries(entries.map(([key, each]) => [key, numbersAsOne(each)]))
}
