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
export function quantityValue(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const match = /^([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(value)
  if (match === null) return undefined
  const factor = factors[match[3] ?? '']
  if (factor === undefined) return undefined
  // Twelve digits: the API server keeps no more, and 0.1 * 3 must equal 0.3.
  return Number((Number(`${match[1]}${match[2] ?? ''}`) * factor).toPrecision(12))
}
