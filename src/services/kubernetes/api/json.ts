/**
 * Reads raw JSON of an API server. Objects that are written back are kept as they came (a typed client drops fields that
 * it does not know), so everything is narrowed at the place where it is read.
 */
export type RawObject = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path, or undefined where the path ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value
  for (const key of path) {
    if (Array.isArray(here) && typeof key === 'number') here = here[key]
    else if (isRecord(here) && Object.hasOwn(here, key)) here = here[key]
    else return undefined
  }
  return here
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : undefined
}

export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path)
  return typeof found === 'number' ? found : undefined
}

export function isTrueAt(value: unknown, ...path: readonly (string | number)[]): boolean {
  return at(value, ...path) === true
}

/** Empty where there is no list. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

/** Empty where there is no object. */
export function recordAt(value: unknown, ...path: readonly (string | number)[]): RawObject {
  const found = at(value, ...path)
  return isRecord(found) ? found : {}
}

/** A map of strings (labels, annotations); values of another type are left out. */
export function textsAt(value: unknown, ...path: readonly (string | number)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(recordAt(value, ...path)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/** A number or a percentage, as Kubernetes writes `maxSurge`. */
export function intOrPercentAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined
}
