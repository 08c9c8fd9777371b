const factors: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** The number that a resource quantity means: `0.5` and `500m` are the same. undefined when it is none. */
function quantityValue(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const match = /^([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(value)
  if (match === null) return undefined
  const factor = factors[match[3] ?? '']
  if (factor === undefined) return undefined
  // Twelve digits: the API server keeps no more, and 0.1 * 3 must equal 0.3.
  return Number((Number(`${match[1]}${match[2] ?? ''}`) * factor).toPrecision(12))
}

/** One way of writing for each value, as people would: 1Gi, 128M, 500m. Not a quantity: as it is. */
export function normalQuantity(value: unknown): unknown {
  const number = quantityValue(value)
  if (number === undefined) return value
  const whole = (unit: string): boolean => number !== 0 && Number.isInteger(number / (factors[unit] ?? 1))
  const unit = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki', 'E', 'P', 'T', 'G', 'M', 'k'].find(whole)
  if (unit !== undefined) return `${number / (factors[unit] ?? 1)}${unit}`
  const milli = Number((number * 1000).toPrecision(12))
  return Number.isInteger(number) || !Number.isInteger(milli) ? String(number) : `${milli}m`
}
