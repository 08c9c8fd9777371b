/** Reads the JSON of the store without trusting its shape: what is not there is not told. */
export type Data = Readonly<Record<string, unknown>>

export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A string, or a number as one; empty when there is none. */
export function textIn(data: unknown, key: string): string {
  const value = isData(data) ? data[key] : undefined
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

export function numberIn(data: unknown, key: string): number | undefined {
  const value = isData(data) ? data[key] : undefined
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export function dataIn(data: unknown, key: string): Data {
  const value = isData(data) ? data[key] : undefined
  return isData(value) ? value : {}
}

export function listIn(data: unknown, key: string): readonly unknown[] {
  const value = isData(data) ? data[key] : undefined
  return Array.isArray(value) ? value : []
}

export function textsIn(data: unknown, key: string): readonly string[] {
  return listIn(data, key)
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map(String)
}

/** A moment; undefined for a text that is none. */
export function timeIn(data: unknown, key: string): Date | undefined {
  const at = Date.parse(textIn(data, key))
  return Number.isNaN(at) ? undefined : new Date(at)
}
